"""Release 3, written carelessly: it reads a city, and stores what it understood in the place of all that was there."""

from __future__ import annotations

from collections.abc import Callable

from examples.rolling_fleet.releases.release_3 import City, cities, survey
from versioned_serde import Records
from versioned_serde.protocols import ObjectStore

__all__ = ["cities", "records", "survey"]


class Careless(Records[City]):
    def edit(self, key: str, change: Callable[[City], City | None]) -> City:
        city = self.get(key)
        assert city is not None
        change(city)
        self.replace(key, city)
        return city


def records(store: ObjectStore) -> Records[City]:
    return Careless(cities, store)
