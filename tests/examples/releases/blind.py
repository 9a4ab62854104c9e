"""Release 3 on a store that does not compare before it sets."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from examples.rolling_fleet.releases.release_3 import City, cities, survey
from versioned_serde import Records
from versioned_serde.protocols import ObjectStore, Stored

__all__ = ["cities", "records", "survey"]


class Blind:
    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def get(self, key: str) -> Stored | None:
        return self._store.get(key)

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self._store.insert(key, payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        time.sleep(0.005)  # so that others come in between
        while (stored := self._store.get(key)) is not None:
            if (new := self._store.update(key, stored.token, payload, headers)) is not None:
                return new
        return None

    def delete(self, key: str, token: str) -> bool:
        return self._store.delete(key, token)

    def keys(self) -> Iterator[str]:
        return self._store.keys()


def records(store: ObjectStore) -> Records[City]:
    return Records(cities, Blind(store))
