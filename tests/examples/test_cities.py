from __future__ import annotations

from collections import Counter

from examples.rolling_fleet.cities import largest
from examples.rolling_fleet.releases import release_1


def test_several_thousand_real_records_with_optional_attributes() -> None:
    cities = largest(5_000)
    assert len(cities) == 5_000
    having = Counter(name for city in cities.values() for name in city)
    assert having["name"] == having["population"] == 5_000
    for optional in ("state", "capital_of"):
        assert 100 < having[optional] < 4_900
    for attributes in cities.values():
        assert release_1.City(**attributes).model_dump(exclude_unset=True) == attributes
