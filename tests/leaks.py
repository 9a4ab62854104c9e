"""Calls each way of writing and reading a million times, and looks at the memory that stays.

    python -m tests.leaks [CALLS]

Ends with 1 if what Python allocated, or what the process holds, grew by more than noise.
"""

from __future__ import annotations

import gc
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from pydantic import BaseModel

from versioned_serde import Schema, SerdeError, Version, add, native, rename

CALLS = 1_000_000
PYTHON = 50_000
"""Bytes that the interpreter may hold more after all calls: caches, and what tracemalloc itself keeps."""
PROCESS = 8_000_000
"""Bytes that the process may hold more: a leak of one byte for each call alone would be an eighth of it."""


class Item(BaseModel):
    sku: str
    price: float


class Order(BaseModel):
    id: int
    buyer: str
    paid: bool | None = None
    items: list[Item]
    tags: dict[str, int]
    made: datetime
    key: UUID
    gift: str | None = None


class Point(msgspec.Struct):
    x: float
    name: str


ORDER = Order(
    id=2**40,
    buyer="Ada Lovelace",
    items=[Item(sku="a", price=1.5), Item(sku="b\u00e9", price=1e300)],
    tags={"a": 1},
    made=datetime(2026, 1, 2, tzinfo=UTC),
    key=UUID(int=1),
    gift="ribbon",
)
FIRST = Version(1, codec="json", framing="envelope")


def ways() -> Iterator[tuple[str, Callable[[], object]]]:
    """Name -> a call. Some are made to fail, or to leave the direct way."""
    for codec in ("json", "msgpack"):
        first = Version(1, codec=codec, framing="envelope")
        step = Version(2, add("gift"), rename("customer", "buyer"))
        newest = Schema("shop.order", Order, first, step, writes=2, keys={"items": "sku"})
        previous = Schema("shop.order", Order, first, step, writes=1, keys={"items": "sku"})
        record = newest.dumps(ORDER)
        yield f"{codec}: dumps", _call(newest.dumps, ORDER)
        yield f"{codec}: dumps of the previous version", _call(previous.dumps, ORDER)
        yield f"{codec}: dumps of a wrong value", _refused(newest.dumps, ORDER.model_copy(update={"id": "x"}))
        yield f"{codec}: loads", _call(newest.loads, record)
        yield f"{codec}: loads of a broken record", _refused(newest.loads, record[:-9])
        yield f"{codec}: loads of the previous version", _call(newest.loads, previous.dumps(ORDER))
        points = Schema("a.point", Point, first)
        yield f"{codec}: dumps of a Struct", _call(points.dumps, Point(1.5, "a"))
        yield f"{codec}: loads of a Struct", _call(points.loads, points.dumps(Point(1.5, "a")))


def _call(function: Callable[[Any], object], value: object) -> Callable[[], object]:
    return lambda: function(value)


def _refused(function: Callable[[Any], object], value: object) -> Callable[[], object]:
    def call() -> None:
        try:
            function(value)
        except SerdeError:
            return
        raise AssertionError("it was not refused")

    return call


def resident() -> int:
    """Bytes of memory that the process holds."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def grown(call: Callable[[], object], calls: int) -> tuple[int, int]:
    """Bytes more in Python, and in the process, after so many calls. Python's are watched over a tenth of them."""
    for _ in range(1_000):
        call()
    gc.collect()
    before = resident()
    for _ in range(calls):
        call()
    gc.collect()
    process = resident() - before
    tracemalloc.start()
    for _ in range(1_000):
        call()
    gc.collect()
    first, _ = tracemalloc.get_traced_memory()
    for _ in range(calls // 10):
        call()
    gc.collect()
    last, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return last - first, process


def main(calls: int) -> int:
    print(f"native core: {native.in_use()}; {calls:,} calls each", flush=True)
    leaking = 0
    for name, call in ways():
        in_python, in_process = grown(call, calls)
        leaks = in_python > PYTHON or in_process > PROCESS
        leaking += leaks
        print(f"{'LEAKS ' if leaks else 'holds '} {in_python:>10,} {in_process:>12,}  {name}", flush=True)
    return 1 if leaking else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else CALLS))
