"""Small runs in this process."""

from __future__ import annotations

from typing import Any

from tests.backfill.counters import New, as_new, as_old, new
from tests.backfill.faults.deaths import Here
from tests.backfill.memory import MemoryStore
from versioned_serde.backfill import Settings, backfill
from versioned_serde.backfill.record import Progress

KEYS = [f"r{number:03}" for number in range(40)]


def filled() -> MemoryStore:
    """Records of version 1, one that is done already, and one that nobody reads."""
    store = MemoryStore()
    for number, key in enumerate(KEYS):
        store.set(key, as_old(number))
    store.set("r100", as_new(100, 5))
    store.set("r200", b"no record")
    return store


def settings(**changed: Any) -> Settings:
    usual: dict[str, Any] = {"engine": Here(), "workers": 1, "shards": 4, "batch": 5, "lease": 0.2}
    return Settings(**usual | changed)


def run(store: Any, **changed: Any) -> Progress:
    return backfill(new, store, to=3, settings=settings(**changed))


def is_whole(store: MemoryStore) -> bool:
    found = {key: new.loads(stored.payload) for key, stored in store.records.items() if key != "r200"}
    versions = {new.identify(stored.payload).version for key, stored in store.records.items() if key != "r200"}
    wanted = {key: New(number) for number, key in enumerate(KEYS)} | {"r100": New(100, 5)}
    return found == wanted and versions == {3} and store.records["r200"].payload == b"no record"
