"""Older versions written straight from values of the newest: what the way through a tree writes, byte for byte."""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
import pydantic
import pytest
from hypothesis import given

from tests.native.cases import CODECS, VALUES
from tests.native.older import KINDS, Older
from tests.native.pairs import Pair, needs_native
from versioned_serde import REQUIRED, Schema, Version, add, redefault, remove, rename, retype, widen_enum, within
from versioned_serde.testing.strategies import sources

pytestmark = needs_native


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("kind", KINDS)
def test_any_history(codec: str, kind: str) -> None:
    found: Counter[str] = Counter()

    @given(random=sources())
    def check(random: Any) -> None:
        older = Older(random, kind, codec)
        found["declared"] += older.schema is not None
        if older.schema is not None:
            pair = Pair.of(older.schema)
            found["written"] += sum(pair.check(older.value()) for _ in range(VALUES))

    check()
    # Most of what is drawn is written by the core: the test would be empty otherwise.
    assert found["written"] > VALUES * found["declared"] / 4 > 0, found


def lowered(model: Any, *steps: Any, codec: str = "json", more: Sequence[Any] = ()) -> Pair:
    """Writes version 1 from the newest, to which the steps lead, and those of `more` before them."""
    first = Version(1, codec=codec, framing="envelope", checksum=False)
    versions = [Version(number, *group) for number, group in enumerate([*more, steps], 2)]
    return Pair.of(Schema("a.b", model, first, *versions, writes=1))


class Part(pydantic.BaseModel):
    x: int = 0
    y: str = ""


class Whole(pydantic.BaseModel):
    a: int = 1
    b: int = 2
    c: str
    part: Part = Part(x=5)


VALUES_OF_WHOLE = [
    Whole(c=""),
    Whole(a=7, b=8, c="", part=Part()),
    Whole(a=7, c="", part=Part(x=1)),
    Whole(b=7, c="", part=Part(y="", x=3)),
]


@pytest.mark.parametrize(
    ("written", "more", "steps"),
    [
        (True, [], [add("a"), add("b")]),
        (True, [], [add("b"), rename("old", "c"), rename("older", "part")]),
        (True, [[add("old_a"), add("b")]], [rename("old_a", "a")]),  # moved before it becomes unknown
        (True, [[add("b")]], [redefault("a", was=5)]),
        (False, [[add("a"), add("b")]], [redefault("a", was=5)]),  # whether `a` stands before `b` depends on the value
        (True, [[add("old_a"), add("b")]], [rename("old_a", "a"), redefault("a", was=5)]),
        (True, [], [remove("z", was=int, fill=3), remove("y", was=str | None)]),
        (False, [], [remove("z", was=int, fill=lambda values: values["a"])]),
        (True, [], [remove("z", was=Part, fill=Part(x=1))]),
        (False, [], [within(Part, rename("w", "x")), remove("z", was=Part, fill=Part(x=1))]),
        (False, [], [within("part", rename("w", "x")), redefault("part", was=REQUIRED)]),  # the default has a part
        (False, [], [within("part", remove("q", was=int, fill=3)), redefault("part", was=REQUIRED)]),
        (True, [], [within("part_", rename("w", "x")), rename("part_", "part")]),
        (True, [], [within("part", add("x"), rename("v", "y")), add("a")]),
        (True, [[add("part_")]], [within("part_", add("x")), rename("part_", "part")]),
        (False, [], [retype("a", was=str, up=int, down=str)]),
    ],
    ids=str,
)
@pytest.mark.parametrize("codec", CODECS)
def test_chains_of_steps(codec: str, written: bool, more: Any, steps: Any) -> None:
    pair = lowered(Whole, *steps, codec=codec, more=more)
    assert (pair.encoder is not None) is written
    for value in VALUES_OF_WHOLE:
        assert pair.check(value) is written


def test_what_the_older_version_requires() -> None:
    class Point(msgspec.Struct):
        x: int
        y: int

    pair = lowered(Point, rename("z", "y"))
    assert pair.check(Point(1, 2)) is True
    assert pair.check(Point(1, msgspec.UNSET)) is False  # type: ignore[arg-type]


class Shade(enum.Enum):
    RED = "red"
    PINK = "pink"


class Toned(pydantic.BaseModel):
    color: Shade = Shade.RED
    name: str = ""
    size: int


@dataclasses.dataclass
class Painted:
    color: Shade
    colors: list[Shade]
    word: Literal["a", "b"] | str


@pytest.mark.parametrize("codec", CODECS)
def test_an_attribute_that_is_moved_by_being_looked_at(codec: str) -> None:
    widened = widen_enum("color", Shade.PINK, down={Shade.PINK: Shade.RED})
    pair = lowered(Toned, widened, codec=codec, more=[[add("color"), add("name")]])
    assert pair.check(Toned(color=Shade.RED, name="a", size=1)) is True
    assert pair.check(Toned(name="a", size=1)) is True


@pytest.mark.parametrize("codec", CODECS)
def test_a_member_that_the_older_version_lacks(codec: str) -> None:
    down = {Shade.PINK: Shade.RED}
    steps = [widen_enum(name, Shade.PINK, down=down) for name in ("color", "colors")]
    pair = lowered(Painted, *steps, widen_enum("word", "b"), codec=codec)
    assert pair.check(Painted(Shade.RED, [Shade.RED], "b")) is True
    assert pair.check(Painted(Shade.RED, [], "c")) is True
    assert pair.check(Painted(Shade.PINK, [], "a")) is False
    assert pair.check(Painted(Shade.RED, [Shade.PINK], "a")) is False


class Card(pydantic.BaseModel):
    kind: Literal["card"]
    number: str = ""


class Cash(pydantic.BaseModel):
    kind: Literal["cash"]
    coins: int = 0


class Paid(pydantic.BaseModel):
    by: Annotated[Card | Cash, pydantic.Field(discriminator="kind")]
    all: list[Annotated[Card | Cash, pydantic.Field(discriminator="kind")]] = []


@pytest.mark.parametrize("codec", CODECS)
def test_arms_of_a_union(codec: str) -> None:
    pair = lowered(Paid, within(Card, rename("digits", "number")), within(Cash, add("coins")), codec=codec)
    for by in (Card(kind="card", number="1"), Card(kind="card"), Cash(kind="cash"), Cash(kind="cash", coins=3)):
        assert pair.check(Paid(by=by)) is True
        assert pair.check(Paid(by=by, all=[by, Cash(kind="cash", coins=1)])) is True
