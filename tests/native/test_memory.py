"""What the core takes, it gives back."""

from __future__ import annotations

import dataclasses
import enum
import gc
import tracemalloc
import weakref
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pydantic
import pytest

from tests.native.pairs import Pair, needs_native
from versioned_serde import Schema, Version, add, rename

pytestmark = needs_native
both_codecs = pytest.mark.parametrize("codec", ["json", "msgpack"])


class Color(enum.Enum):
    RED = "red"


class Inner(pydantic.BaseModel):
    x: int = 0


class Model(pydantic.BaseModel):
    text: str = ""
    real: float = 0.0
    inner: Inner | None = None
    items: list[int] = []
    names: dict[str, int] = {}
    price: Decimal = Decimal(0)
    moment: datetime = datetime(1, 1, 1, tzinfo=UTC)
    id: UUID = UUID(int=0)
    words: set[str] = set()
    any: Any = None
    last: Inner | None = None


GOOD = Model(
    text="a" * 5000,
    inner=Inner(x=1),
    items=[1, 2],
    names={"a": 1},
    price=Decimal("1.5"),
    real=1e300,
    moment=datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    words={"a", "b"},
    id=UUID(int=2**127),
    any={"a": [1, None, "x" * 3000]},
)
BAD = GOOD.model_copy(update={"last": 1})
FAILING = GOOD.model_copy(update={"price": Decimal("1e1000000000")})


def schemas(codec: Any) -> list[Schema[Any]]:
    first = Version(1, codec=codec, framing="envelope", checksum=True)
    steps = rename("old", "text"), add("inner")
    return [
        Schema("a.b", Model, Version(1, codec=codec, framing="envelope", checksum=False)),
        Schema("a.b", Model, first),
        Schema("a.b", Model, first, Version(2, *steps), writes=1),
        Schema("a.b", Model, Version(1, codec="json", framing="inline"), Version(2, *steps), writes=1),
    ]


@both_codecs
@pytest.mark.parametrize("index", range(4))
def test_nothing_leaks(codec: str, index: int) -> None:
    """Each call gives back what it took: for records, for values that are unusual late, and for exceptions."""
    schema = schemas(codec)[index]
    write, dumps = Pair.of(schema).at_once, schema.dumps

    def calls(count: int) -> None:
        for _ in range(count):
            assert write(GOOD) is not None
            assert write(BAD) is None
            assert write(FAILING) is None
            dumps(GOOD)

    calls(100)
    gc.collect()
    tracemalloc.start()
    try:
        calls(200)
        grown = []
        for _ in range(3):  # what else the process does may take memory once; a leak takes it each time
            before = tracemalloc.get_traced_memory()[0]
            calls(300)
            gc.collect()
            grown.append(tracemalloc.get_traced_memory()[0] - before)
        assert min(grown) < 700
    finally:
        tracemalloc.stop()


def test_a_plan_gives_back_what_it_keeps() -> None:
    cls = dataclasses.make_dataclass("Point", [("x", int), ("y", list[Color])])
    pair = Pair(cls, "json")
    assert pair.check(cls(1, [Color.RED]))
    watched = weakref.ref(cls)
    del cls, pair
    gc.collect()
    assert watched() is None
