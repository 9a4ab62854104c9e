"""Release 4: adds an attribute. No host has to be prepared for that."""

from __future__ import annotations

import random
from typing import Any

from pydantic import BaseModel

from versioned_serde import Records, Schema, Version, add
from versioned_serde.protocols import ObjectStore


class City(BaseModel):
    geonameid: int
    name: str
    countrycode: str
    latitude: float
    longitude: float
    population: int
    timezone: str
    alternatenames: list[str] = []
    admin1code: str | None = None
    state: str | None = None
    capital_of: str | None = None
    elevation: int | None = None
    edits: int = 0
    editors: list[str] = []


cities = Schema(
    "atlas.city",
    City,
    Version(1, codec="xml", framing="envelope"),
    Version(2, codec="json"),
    Version(3, add("elevation")),
    writes=3,
)


def records(store: ObjectStore) -> Records[City]:
    return Records(cities, store)


def survey() -> dict[str, Any]:
    return {"population": random.randrange(40_000_000), "elevation": random.randrange(-400, 5_000)}
