"""A schema that worker processes find again, and a store full of its records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from versioned_serde import Schema, SqliteStore, Version, rename


@dataclass
class Parcel:
    street: str
    number: int


LINES = (Version(1, codec="json", framing="envelope"), Version(2, rename("road", "street")))
before = Schema("shop.parcel", Parcel, *LINES, writes=1)
parcels = Schema("shop.parcel", Parcel, *LINES, writes=2)


def filled(path: Path, records: int) -> SqliteStore:
    """A store with so many records of version 1."""
    store = SqliteStore(path, fsync=False)
    for number in range(records):
        store.insert(f"{number:06}", before.dumps(Parcel("Main Street", number)), {})
    return store
