"""`assert_laws` passes what is right, and says of what is wrong which law, step and value it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import Annotated, Any
from uuid import uuid4

import msgspec
import pytest
from annotated_types import Ge
from hypothesis import strategies as st
from pydantic import BaseModel, Field, field_validator, model_validator

from versioned_serde import DeclarationError, Schema, Version, add, remove, rename, retype, within
from versioned_serde.codecs.json import JsonCodec
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.steps.step import BoundStep, Step
from versioned_serde.limits import Limits
from versioned_serde.protocols import PayloadCodec
from versioned_serde.serializer.reader import Reader
from versioned_serde.shape import REQUIRED, Attribute, Scalar, Shape
from versioned_serde.testing import LawBrokenError, assert_laws
from versioned_serde.tree import Tree, Typed

CASES = 40
COUNT: Iterator[int] = count()
FIRST = Version(1, codec="json", framing="envelope")


class Line(BaseModel):
    sku: str
    amount: int = 1


class Order(BaseModel):
    buyer: str
    total: Decimal
    note: str | None = None
    lines: list[Line] = []


@dataclass
class Point:
    x: int
    y: int = 0


def order(*steps: Step, model: Any = Order, first: Version = FIRST, **named: Any) -> Schema[Any]:
    return Schema("shop.order", model, first, Version(2, *steps), writes=2, keys={"lines": "sku"}, **named)


def point(*steps: Step, model: Any = Point, first: Version = FIRST) -> Schema[Any]:
    return Schema("map.point", model, first, Version(2, *steps), writes=2)


def cents(up: Callable[[Any], Any], down: Callable[[Any], Any], was: Any = int) -> retype:
    return retype("total", was=was, up=up, down=down)


def broken(schema: Schema[Any], **named: Any) -> LawBrokenError:
    with pytest.raises(LawBrokenError) as caught:
        assert_laws(schema, cases=CASES, **named)
    return caught.value


RIGHT = cents(lambda number: Decimal(number) / 100, lambda amount: int(amount * 100))


def test_right_steps_hold() -> None:
    lines = within("lines", add("amount"), remove("size", was=int | None))
    assert_laws(order(rename("customer", "buyer"), RIGHT, add("note"), lines), cases=CASES)


@pytest.mark.parametrize(
    ("up", "down", "told"),
    [
        (lambda number: Decimal(1) / number, lambda amount: 1, ["failed on the way up", "DivisionByZero"]),
        (Decimal, lambda amount: int(str(amount)), ["failed on the way down", "ValueError", "invalid literal"]),
        (float, int, ["gives a `float` where a `Decimal` is declared"]),
        (Decimal, float, ["gives a `float` where a `int` is declared"]),
        (lambda number: Decimal(next(COUNT)), int, ["on the way up it makes two different results", "pure"]),
        (Decimal, lambda amount: next(COUNT), ["on the way down it makes two different results", "pure"]),
    ],
    ids=["up not total", "down not total", "up of another type", "down of another type", "up impure", "down impure"],
)
def test_a_wrong_function_is_told_with_its_step(
    up: Callable[[Any], Any], down: Callable[[Any], Any], told: list[str]
) -> None:
    error = broken(order(cents(up, down)))
    assert (error.law, error.schema, error.version, error.step) == ("L3", "shop.order", 2, "retype('total')")
    text = str(error)
    assert text.startswith(
        "shop.order breaks L3 (there and back, for every valid value) at `retype('total')` of version 2"
    )
    assert "what to do: " in text
    for part in told:
        assert part in text


def test_the_value_is_the_simplest() -> None:
    error = broken(order(cents(Decimal, lambda amount: int(amount) if amount < 1000 else 1 // 0)))
    assert "with: {'buyer': '', 'total': Decimal('1000')}" in str(error)


def test_an_impure_fill() -> None:
    class Named(BaseModel):
        name: str
        id: str

    error = broken(point(add("id", fill=lambda _: str(uuid4())), model=Named))
    assert error.step == "add('id')"
    assert "two different results" in str(error)


def test_a_fill_that_does_not_accept_every_object() -> None:
    class Named(BaseModel):
        names: list[str]
        first: str

    error = broken(point(add("first", fill=lambda older: older["names"][0]), model=Named))
    assert "with: {'names': []}" in str(error)


class Positive(Order):
    total: Annotated[Decimal, Field(ge=0)]


def test_a_way_up_to_what_the_model_refuses() -> None:
    error = broken(order(RIGHT, model=Positive))
    assert error.law == "L3"
    assert "greater_than_equal" in str(error)
    assert "was=Annotated[int, Ge(0)]" in str(error)


def test_a_step_says_what_there_was() -> None:
    assert_laws(order(cents(RIGHT.up, RIGHT.down, Annotated[int, Ge(0)]), model=Positive), cases=CASES)
    older = {"buyer": st.text(max_size=3), "total": st.integers(0, 9), "lines": st.just([])}
    assert_laws(order(RIGHT, model=Positive), older={1: st.fixed_dictionaries(older)}, cases=CASES)


def test_a_way_down_to_what_the_older_model_refuses() -> None:
    class PointV1(BaseModel):
        x: Annotated[int, Field(ge=0)]

    class PointV2(BaseModel):
        x: str

    def schema(down: Callable[[str], int]) -> Schema[Any]:
        first = Version(1, codec="json", framing="envelope", model=PointV1)
        return point(retype("x", was=int, up=str, down=down), model=PointV2, first=first)

    assert_laws(schema(len), cases=CASES)
    error = broken(schema(lambda text: -len(text)))
    assert (error.law, error.version) == ("L3", 1)
    assert "`PointV1` rejected the value" in str(error)


def test_a_validator_that_does_not_accept_what_it_returned() -> None:
    class Growing(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def grow(cls, name: str) -> str:
            return name + "!"

    error = broken(Schema("a.b", Growing, FIRST))
    assert error.law == "L1"
    assert "validators" in str(error)


def test_absence_that_means_something_else_than_the_default() -> None:
    class Telling(BaseModel):
        note: str | None = None

        @model_validator(mode="after")
        def tell(self) -> Any:
            if "note" not in self.model_fields_set:
                self.note = "nobody said"
            return self

    error = broken(Schema("a.b", Telling, FIRST))
    assert error.law == "L6"


class Custom(Step):
    """`x` counts from one."""

    def __init__(self, *, additive: bool = False, touches: str = "", back: int = -1) -> None:
        self.additive = additive
        self.touches = touches
        self.back = back

    def __repr__(self) -> str:
        return "Custom()"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        return newer

    def converts(self, shape: Shape) -> frozenset[tuple[str, ...]]:
        return frozenset({("x",)})

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return self.additive

    def bind(self, binding: Binding) -> BoundStep:
        def up(tree: Tree) -> None:
            tree["x"] += 1
            if self.touches:
                tree[self.touches] = 7

        def down(tree: Tree) -> None:
            tree["x"] += self.back

        return BoundStep(up, down)


def test_a_step_that_does_not_lead_back() -> None:
    assert_laws(point(Custom()), cases=CASES)
    error = broken(point(Custom(back=-2)))
    assert (error.law, error.step) == ("L3", "Custom()")
    assert "`up(down(x))` is not `x`" in str(error)


@pytest.mark.parametrize("name", ["y", "no release knows this"])
def test_a_step_that_touches_what_it_does_not_declare(name: str) -> None:
    error = broken(point(Hidden(touches=name)))
    assert (error.law, error.step) == ("L4", "Custom()")
    assert f"it changes `{name}`" in str(error)


class Hidden(Custom):
    """It takes back what it does to `y` where a newest value comes back, so that only an old one shows it."""

    def bind(self, binding: Binding) -> BoundStep:
        bound = super().bind(binding)

        def up(tree: Tree) -> None:
            kept = tree.pop("kept", None)
            bound.up(tree)
            if kept is not None:
                tree["y"] = kept.value

        def down(tree: Tree) -> None:
            bound.down(tree)
            tree["kept"] = Typed(Scalar("int"), tree["y"])

        return replace(bound, up=up, down=down)


def test_an_old_editor_that_does_harm() -> None:
    # It says that readers of the older form can read the newer one, and they cannot: they see another number.
    error = broken(point(Custom(additive=True)))
    assert (error.law, error.version) == ("L2", 1)
    assert "a release that knows versions up to 1 reads the newest version's record as {'x': 0, 'y': 0}" in str(error)
    assert_laws(point(Custom(additive=True)), cases=CASES, edits=False)


class Reconciling(add):
    """Sets the attribute again wherever an older editor was at work."""

    def bind(self, binding: Binding) -> BoundStep:
        def fill(tree: Tree) -> None:
            tree["y"] = tree["x"]

        return replace(super().bind(binding), fill=fill)


def test_a_reader_that_reconciles() -> None:
    class Both(BaseModel):
        x: int
        y: int

    assert_laws(point(add("y", fill=lambda older: older["x"]), model=Both), cases=CASES)
    error = broken(point(Reconciling("y", fill=lambda older: older["x"]), model=Both))
    assert (error.law, error.version) == ("L2", 1)
    assert "a release that knows versions up to 1 writes a record" in str(error)


def test_a_reader_that_does_not_look_at_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "_check_schema", lambda reader, found: None)
    error = broken(Schema("map.point", Point, FIRST))
    assert error.law == "L5"
    assert "a record is read although its tag is another schema's" in str(error)


def test_a_computed_default_that_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(BaseModel):
        made: list[int] = Field(default_factory=list)

    monkeypatch.setattr(Attribute, "always_written", property(lambda attribute: attribute.default is REQUIRED))
    error = broken(Schema("a.b", Made, FIRST))
    assert error.law == "L6"
    assert "`made` has a computed default and is not written" in str(error)


class Leaking(JsonCodec):
    """Lets an error of its own out for some bytes."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        codec = super().payload(shape, limits)

        def decode(data: bytes) -> Tree:
            if len(data) < 3:
                raise KeyError("x")
            return codec.decode(data)

        return PayloadCodec(codec.encode, decode)


def test_a_codec_that_lets_another_error_out() -> None:
    error = broken(Schema("map.point", Point, Version(1, codec=Leaking(), framing="bare")))
    assert error.law == "L5"
    assert "it raises KeyError, which is none of this library's errors" in str(error)


class Blurring(JsonCodec):
    """Takes null for absent."""

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        codec = super().payload(shape, limits)
        return PayloadCodec(
            codec.encode, lambda data: {name: item for name, item in codec.decode(data).items() if item is not None}
        )


def test_a_codec_that_loses_presence() -> None:
    class Noted(BaseModel):
        note: str | None = None

    error = broken(Schema("a.b", Noted, Version(1, codec=Blurring(), framing="envelope")))
    assert error.law == "L1"
    assert "what is read is another value: {}" in str(error)


def test_a_model_that_refuses_everything_drawn() -> None:
    class Picky(BaseModel):
        iban: str

        @field_validator("iban")
        @classmethod
        def check(cls, iban: str) -> str:
            if iban != "DE89370400440532013000":
                raise ValueError("no")
            return iban

    schema = Schema("a.b", Picky, FIRST)
    with pytest.raises(DeclarationError, match=r"assert_laws\(schema, values=...\)"):
        assert_laws(schema, cases=CASES)
    assert_laws(schema, values=st.just(Picky(iban="DE89370400440532013000")), cases=CASES)


def test_a_function_that_fails_only_sometimes() -> None:
    calls = count()
    error = broken(order(cents(lambda number: Decimal(number) if next(calls) not in range(50, 53) else 1 // 0, int)))
    assert "one time and not another" in error.__notes__[0]
    assert error.step == "retype('total')"


def test_the_counters_of_the_service_stay_as_they_are() -> None:
    schema = Schema(
        "map.point", Point, Version(1, codec="json", framing="bare"), Version(2, framing="envelope"), writes=1
    )
    assert_laws(schema, cases=CASES)
    assert not any(each.value for each in schema.counts())


def test_a_struct_with_constraints() -> None:
    class Struct(msgspec.Struct):
        age: Annotated[int, msgspec.Meta(ge=18, le=19)]
        name: Annotated[str, msgspec.Meta(min_length=30, pattern="^[a-z]+$")] = "a" * 30
        seen: int | msgspec.UnsetType = msgspec.UNSET

    assert_laws(
        Schema("a.b", Struct, Version(1, codec="msgpack", framing="headers"), Version(2, add("seen")), writes=1),
        cases=CASES,
    )
