"""A small store, a schema, and runs of it in this process."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from versioned_serde import Schema, SqliteStore, Version, rename
from versioned_serde.backfill import Settings, backfill, census
from versioned_serde.backfill.record import Progress


@dataclass
class Order:
    buyer: str
    total: int


LINES = Version(1, codec="json", framing="envelope"), Version(2, rename("customer", "buyer"))
orders = Schema("shop.order", Order, *LINES, writes=2)
old = Schema("shop.order", Order, *LINES, writes=1)
BAD = b"\xf6 not an order"


def fill(store: SqliteStore, number: int, *, bad: int = 0) -> None:
    """Old records, and some that nobody can read."""
    for each in range(number):
        store.insert(f"order-{each:03}", old.dumps(Order("ada", each)), {})
    for each in range(bad):
        store.insert(f"bad-{each}", BAD, {})


@contextmanager
def opened(path: Path) -> Iterator[tuple[SqliteStore, SqliteStore]]:
    """The records, and where runs keep what they know."""
    with SqliteStore(path, fsync=False) as store, store.beside("backfill") as state:
        yield store, state


def rewrite(store: SqliteStore, state: SqliteStore, **options: Any) -> Progress:
    """A whole run."""
    with ThreadPoolExecutor(1) as engine:
        settings = Settings(engine=engine, workers=1, shards=2, batch=10)
        return backfill(orders, store, to=2, name="orders", state=state, settings=settings, **options)


def counted(store: SqliteStore, state: SqliteStore) -> Progress:
    """A whole census."""
    with ThreadPoolExecutor(1) as engine:
        settings = Settings(engine=engine, workers=1, shards=2, batch=10)
        return census(orders, store, name="orders.census", state=state, settings=settings)
