"""Release 5: retires XML. It reads and writes JSON, and has no reader for anything else."""

from __future__ import annotations

import random
from typing import Any

from examples.rolling_fleet.releases.release_3 import City
from versioned_serde import Records, Schema, Version
from versioned_serde.protocols import ObjectStore

cities = Schema("atlas.city", City, Version(2, codec="json", framing="envelope"))


def records(store: ObjectStore) -> Records[City]:
    return Records(cities, store)


def survey() -> dict[str, Any]:
    return {"population": random.randrange(40_000_000)}
