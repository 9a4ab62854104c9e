from __future__ import annotations

from typing import Any

import pytest

from examples.rolling_fleet.audit import Audit, audit, decode
from examples.rolling_fleet.cities import largest
from examples.rolling_fleet.journal import Change
from examples.rolling_fleet.releases import load, release_1, release_3, release_4
from examples.rolling_fleet.schedules import RELEASE_1, RELEASE_3, RELEASE_4

CITY = {"geonameid": 7, "name": "Ys", "countrycode": "FR", "latitude": 48.1, "longitude": -4.3, "population": 0}
CITY |= {"timezone": "Europe/Paris"}


def change(number: int, editor: str = "a", **values: Any) -> Change:
    return Change("sqlite", "7", number, editor, values)


def record(**attributes: Any) -> bytes:
    return release_4.cities.dumps(release_4.City.model_validate(CITY | attributes))


def found(stored: dict[str, bytes], *changes: Change) -> Audit:
    return audit({"7": CITY}, {"8": CITY}, changes, stored)


@pytest.mark.parametrize(("release", "version"), [(RELEASE_1, 1), (RELEASE_3, 2), (RELEASE_4, 3)])
def test_its_own_reader_agrees_with_what_the_library_writes(release: str, version: int) -> None:
    schema = load(release).cities
    for attributes in largest(300).values():
        assert decode(schema.dumps(schema.model(**attributes))) == (version, attributes)
    edited = release_1.City.model_validate(CITY | {"edits": 2, "editors": ["<a> & b", ""]})
    assert decode(release_1.cities.dumps(edited))[1]["editors"] == ["<a> & b", ""]


def test_it_reads_what_an_old_host_kept_without_understanding_it() -> None:
    document = release_3.cities.read(record(elevation=12))
    with document.edit() as city:
        city.edits = 1
    assert decode(release_3.cities.write(document)) == (3, CITY | {"elevation": 12, "edits": 1})


def test_all_is_well() -> None:
    result = found(
        {"7": record(population=5, elevation=1, edits=2, editors=["a", "b"])},
        change(2, "b", population=5),
        change(1, "a", population=3, elevation=1),
    )
    assert result == Audit(records=1, updates=2, attributes=10)


def test_an_edit_that_another_host_wrote_over_is_lost() -> None:
    result = found({"7": record(edits=1, editors=["b"])}, change(1, "a"), change(1, "b"))
    assert (result.updates, result.lost_updates, result.lost_attributes) == (2, 1, 0)
    assert result.examples == ["city 7: 2 edits were acknowledged, 1 are in the record"]


@pytest.mark.parametrize("attributes", [{}, {"elevation": 2}])
def test_an_attribute_that_is_gone_or_old_is_lost(attributes: dict[str, int]) -> None:
    result = found({"7": record(edits=1, editors=["a"], **attributes)}, change(1, "a", elevation=1))
    assert (result.lost_updates, result.lost_attributes, result.attributes) == (0, 1, 10)


def test_a_city_that_is_gone_or_damaged_is_lost() -> None:
    assert found({}).lost_records == 1
    assert found({"7": record()[:-1] + b"!"}).examples == ["city 7: cannot be read: damaged"]
    added = Change("sqlite", "8", 0, "a")
    assert found({"7": record()}, added).lost_records == 1
    assert found({"7": record(), "8": record()}, added) == Audit(records=2, attributes=14)


def test_what_nobody_wrote_is_told() -> None:
    assert found({"7": record(edits=1)}).unexplained == 1
    assert found({"7": record(elevation=1)}).unexplained == 1
    assert found({"7": record(), "9": record()}).unexplained == 1
