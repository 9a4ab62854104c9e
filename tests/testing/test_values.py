"""Values that are drawn are valid, reach what a model allows, and keep to what it does not."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, NotRequired, TypedDict
from uuid import UUID

import msgspec
import pytest
from annotated_types import Ge, Le, Len
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, EmailStr, Field, FutureDate, NaiveDatetime, PastDatetime, StringConstraints

from tests.protos.orders import ORDER
from versioned_serde import DeclarationError, Schema, Version, remove, rename
from versioned_serde.shape import ABSENT, Attribute, Constant, MapType, Scalar, Shape
from versioned_serde.testing import assert_laws, from_version, values_of
from versioned_serde.testing.bounds import scalars

SEARCH = settings(max_examples=2000, phases=[Phase.generate], deadline=None, database=None)
JSON = Version(1, codec="json", framing="envelope")


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Card(BaseModel):
    kind: Literal["card"] = "card"
    number: str


class Cash(BaseModel):
    kind: Literal["cash"] = "cash"


class Line(BaseModel):
    sku: str
    amount: Annotated[int, Field(ge=1, le=9)] = 1


class Order(BaseModel):
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}-\d{2}$")]
    age: Annotated[int, Field(ge=18, lt=100, multiple_of=2)]
    score: Annotated[float, Field(gt=0, le=1)]
    price: Annotated[Decimal, Field(max_digits=6, decimal_places=2, ge=0)]
    ref: int = Field(alias="reference", ge=10**12)
    tags: Annotated[list[Annotated[str, Field(min_length=2, max_length=3)]], Field(min_length=4)]
    rates: dict[str, Annotated[int, Field(ge=5, le=6)]] = {}
    maybe: Annotated[int | None, Field(ge=1000)] = None
    colors: set[Color] = set()
    color: Color | str = Color.RED
    pay: Card | Cash
    lines: list[Line] = []
    local: NaiveDatetime
    before: PastDatetime
    after: FutureDate
    anything: Any = None


ORDERS = Schema("shop.order", Order, JSON, keys={"lines": "sku"})


@given(order=values_of(ORDERS))
def test_values_are_of_the_model(order: Order) -> None:
    assert ORDERS.loads(ORDERS.dumps(order)) == order
    assert len({line.sku for line in order.lines}) == len(order.lines)


REACHED: dict[str, Callable[[Order], bool]] = {
    "an unknown member": lambda order: order.color not in list(Color),
    "another arm": lambda order: order.pay.kind == "cash",
    "several elements": lambda order: len(order.lines) > 1,
    "null": lambda order: "maybe" in order.model_fields_set and order.maybe is None,
    "absent": lambda order: "maybe" not in order.model_fields_set,
    "what null can also be": lambda order: (order.maybe or 0) > 2000,
    "a map": lambda order: len(order.rates) > 1,
    "a set": lambda order: order.colors == set(Color),
    "anything": lambda order: isinstance(order.anything, list),
}


@pytest.mark.parametrize("what", REACHED)
def test_values_reach(what: str) -> None:
    find(values_of(ORDERS), REACHED[what], settings=SEARCH)


@dataclass
class Everything:
    text: str
    number: int
    ratio: float
    flag: bool
    blob: bytes
    amount: Decimal
    moment: datetime
    day: date
    hour: time
    span: timedelta
    id: UUID
    bounded: Annotated[int, Ge(3), Le(4)] = 3
    some: Annotated[tuple[int, ...], Len(1, 2)] = (1,)
    made: list[int] = field(default_factory=list)


class Struct(msgspec.Struct, rename="camel"):
    first_name: Annotated[str, msgspec.Meta(min_length=1, max_length=2)]
    age: Annotated[int, msgspec.Meta(ge=18, le=19)] | msgspec.UnsetType = msgspec.UNSET


class Row(TypedDict):
    name: str
    age: NotRequired[Annotated[int, Ge(0), Le(5)]]


DECLARED = Shape(
    "Declared",
    (
        Attribute("name", Scalar("str")),
        Attribute("counts", MapType(Scalar("int")), Constant({})),
        Attribute("seen", Scalar("int"), ABSENT),
    ),
)


@pytest.mark.parametrize("codec", ["json", "msgpack", "xml"])
@pytest.mark.parametrize(
    "model", [Everything, Struct, Row, DECLARED, Line], ids=lambda model: getattr(model, "__name__", "Shape")
)
def test_every_kind_in_every_codec(model: Any, codec: str) -> None:
    schema = Schema("a.b", model, Version(1, codec=codec, framing="headers"))
    assert_laws(schema, cases=10)
    for value in _drawn(schema):
        if isinstance(value, Everything):
            assert 3 <= value.bounded <= 4
            assert 1 <= len(value.some) <= 2
        if isinstance(value, Struct):
            assert 1 <= len(value.first_name) <= 2


def _drawn(schema: Schema[Any]) -> list[Any]:
    drawn: list[Any] = []

    @settings(max_examples=100, database=None)
    @given(values_of(schema))
    def note(value: Any) -> None:
        drawn.append(value)

    note()
    return drawn


@dataclass
class Sized:
    some: Annotated[tuple[int, ...], Len(1, 2)]


@given(value=values_of(Schema("a.b", Sized, JSON)))
def test_sizes_that_the_model_itself_does_not_check(value: Sized) -> None:
    assert 1 <= len(value.some) <= 2


@pytest.mark.parametrize("codec", ["json", "protobuf"])
def test_messages(codec: str) -> None:
    schema = Schema("a.b", ORDER["Order"], Version(1, codec=codec, framing="envelope"), keys={"lines": "sku"})
    assert_laws(schema, cases=10)
    assert any(message.total < 0 for message in _drawn(schema))


V2 = Schema(
    "shop.order",
    Line,
    JSON,
    Version(2, rename("id", "sku"), remove("fax", was=Annotated[str, Len(7, 7)], fill="0000000")),
    writes=2,
)


@given(old=values_of(V2, 1))
def test_values_of_an_older_version_are_dicts_of_its_shape(old: dict[str, Any]) -> None:
    assert old.keys() - {"amount"} == {"id", "fax"}
    assert len(old["fax"]) == 7
    assert 1 <= old.get("amount", 1) <= 9
    assert from_version(V2, 1, old) == Line(sku=old["id"], **({"amount": old["amount"]} if "amount" in old else {}))


@given(text=scalars("str", EmailStr, {}, st.characters()))
def test_an_address(text: str) -> None:
    assert "@" in text


def test_a_version_that_is_not_listed() -> None:
    with pytest.raises(DeclarationError, match=r"Version 3 is not listed\. Listed are 1, 2\."):
        values_of(V2, 3)
