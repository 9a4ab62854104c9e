"""Explicit, default, null and absent are four things, in every kind of model and every codec."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

import msgspec
import pytest
from google.protobuf.message import Message
from pydantic import BaseModel

from tests.protos.build import classes
from versioned_serde import Schema, Shape, Version, add, redefault
from versioned_serde.serializer.instances import Presence
from versioned_serde.shape import ABSENT, REQUIRED, Attribute, Constant, ListType, NullableType, ObjectType, Scalar

CODECS = ["json", "msgpack", "xml", "cbor"]


class PydanticPart(BaseModel):
    sku: str
    amount: int = 1


class PydanticOrder(BaseModel):
    buyer: str
    note: str | None = None
    gift: bool = False
    parts: list[PydanticPart] = []


@dataclass
class DataclassPart:
    sku: str
    amount: int = 1


@dataclass
class DataclassOrder:
    buyer: str
    note: str | None = None
    gift: bool = False
    parts: list[DataclassPart] = field(default_factory=list)


class StructPart(msgspec.Struct):
    sku: str
    amount: int = 1


class StructOrder(msgspec.Struct):
    buyer: str
    note: str | msgspec.UnsetType | None = msgspec.UNSET
    gift: bool = False
    parts: list[StructPart] = []


PART = Shape("Part", (Attribute("sku", Scalar("str"), REQUIRED), Attribute("amount", Scalar("int"), Constant(1))))
ORDER = Shape(
    "Order",
    (
        Attribute("buyer", Scalar("str"), REQUIRED),
        Attribute("note", NullableType(Scalar("str")), Constant(None)),
        Attribute("gift", Scalar("bool"), Constant(False)),
        Attribute("parts", ListType(ObjectType(PART)), Constant([])),
        Attribute("tip", Scalar("int"), ABSENT),
    ),
)


def schema(model: Any, presence: Any = "explicit", codec: str = "json", *versions: Version) -> Schema[Any]:
    first = Version(1, codec=codec, framing="envelope", checksum=False)
    last = len(versions) + 1
    return Schema("shop.order", model, first, *versions, writes=last, keys={"parts": "sku"}, presence=presence)


def held(made: Schema[Any], value: Any) -> Any:
    """What stands in the record, as plain dicts."""
    record = made.dumps(value)
    plain = Schema("shop.order", ORDER, *_as_bare(made), keys={"parts": "sku"})
    return plain.loads(record)


def _as_bare(made: Schema[Any]) -> tuple[Version, ...]:
    return (Version(1, codec=made.lines[0].codec, framing="envelope", checksum=False),)


EVERYTHING = {"buyer": "ada", "note": None, "gift": False, "parts": [{"sku": "a", "amount": 1}]}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("model", "make", "explicit"),
    [
        (PydanticOrder, lambda: PydanticOrder(buyer="ada", parts=[PydanticPart(sku="a")]), {"buyer", "parts"}),
        (DataclassOrder, lambda: DataclassOrder("ada", parts=[DataclassPart("a")]), {"buyer", "note", "gift", "parts"}),
        (ORDER, lambda: {"buyer": "ada", "parts": [{"sku": "a"}]}, {"buyer", "parts"}),
    ],
    ids=["pydantic", "dataclass", "mapping"],
)
def test_explicit_is_what_was_set_and_all_is_every_default_too(
    model: Any, make: Callable[[], Any], explicit: set[str], codec: str
) -> None:
    assert held(schema(model, "explicit", codec), make()).keys() == explicit
    every = schema(model, "all", codec)
    assert held(every, make()) == EVERYTHING
    assert list(held(every, make())) == list(EVERYTHING)  # in the order of the shape
    assert every.loads(every.dumps(make())) is not None


@pytest.mark.parametrize("codec", CODECS)
def test_null_absent_and_default_stay_apart(codec: str) -> None:
    explicit = schema(PydanticOrder, "explicit", codec)
    for order, fields in (
        (PydanticOrder(buyer="ada"), {"buyer"}),
        (PydanticOrder(buyer="ada", note=None), {"buyer", "note"}),
        (PydanticOrder(buyer="ada", gift=False), {"buyer", "gift"}),
    ):
        back = explicit.loads(explicit.dumps(order))
        assert back == order
        assert back.model_fields_set == fields
    struct = schema(StructOrder, "explicit", codec)
    for note in (msgspec.UNSET, None, "x"):
        assert struct.loads(struct.dumps(StructOrder("ada", note))).note is note or note == "x"
    # What has no value at all has none under `all` either.
    every = schema(StructOrder, "all", codec)
    assert every.loads(every.dumps(StructOrder("ada"))).note is msgspec.UNSET


@pytest.mark.parametrize("presence", ["explicit", "all"])
def test_a_typed_dict_has_no_defaults_to_write_out(presence: Presence) -> None:
    class Order(TypedDict):
        buyer: str
        note: NotRequired[str | None]

    made = Schema("shop.order", Order, Version(1, codec="json", framing="bare"), presence=presence)
    orders: list[Order] = [{"buyer": "ada"}, {"buyer": "ada", "note": None}]
    for order in orders:
        assert made.loads(made.dumps(order)) == order


def test_all_writes_what_an_instance_holds_now() -> None:
    order = PydanticOrder(buyer="ada")
    order.parts.append(PydanticPart(sku="a"))  # pydantic does not see this as set
    assert held(schema(PydanticOrder, "explicit"), order) == {"buyer": "ada"}
    assert held(schema(PydanticOrder, "all"), order) == EVERYTHING


def test_protobuf_writes_out_the_defaults_of_optional_fields() -> None:
    order: type[Message] = classes(
        """
        message Order
        required string buyer = 1
        optional int32 amount = 2 default 3
        """,
        syntax="proto2",
    )["Order"]
    ways: tuple[Presence, ...] = ("explicit", "all")
    made = {way: Schema("shop.order", order, Version(1, codec="json", framing="bare"), presence=way) for way in ways}
    assert made["explicit"].dumps(order(buyer="ada")) == b'{"buyer":"ada"}'
    assert made["all"].dumps(order(buyer="ada")) == b'{"buyer":"ada","amount":3}'


def test_an_edit_adds_no_defaults() -> None:
    every = schema(PydanticOrder, "all")
    record = schema(PydanticOrder, "explicit").dumps(PydanticOrder(buyer="ada"))
    document = every.read(record)
    with document.edit() as order:
        order.buyer = "grace"
    assert held_record(every.write(document)) == {"buyer": "grace"}


def held_record(record: bytes) -> Any:
    plain = Schema(
        "shop.order", ORDER, Version(1, codec="json", framing="envelope", checksum=False), keys={"parts": "sku"}
    )
    return plain.loads(record)


def test_all_in_an_older_version_writes_the_defaults_that_it_has() -> None:
    made = Schema(
        "shop.order",
        PydanticOrder,
        Version(1, codec="json", framing="bare"),
        Version(2, add("gift"), redefault("note", was="-"), framing="envelope"),
        writes=1,
        keys={"parts": "sku"},
        presence="all",
    )
    assert made.dumps(PydanticOrder(buyer="ada")) == b'{"buyer":"ada","note":null,"parts":[]}'
