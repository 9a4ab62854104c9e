"""A shape and a message class that carries it, with fields of every sort."""

from __future__ import annotations

import json
from typing import Any

from tests.protos.build import classes
from versioned_serde.adapters.protobuf_messages import notes_field, split_notes
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import (
    ABSENT,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
)

ORDER = classes(
    """
    enum Size SMALL=0 LARGE=1
    message Line
    optional string sku = 1
    optional int32 count = 2
    message Order
    string buyer = 1
    optional sint64 total = 2
    double weight = 3
    optional string due = 4
    optional string note = 5
    optional Size size = 6
    optional Line first = 7
    repeated Line lines = 8
    repeated string tags = 9
    map Line by_sku = 10
    map double prices = 11
    string card = 12 in means
    Line voucher = 13 in means
    float ratio = 14
    uint32 tries = 15
    message Tree
    string name = 1
    repeated Tree children = 2
    optional Tree parent = 3
    map:int32 string numbered = 4
    """
)
LINE = Shape("Line", (Attribute("sku", Scalar("str")), Attribute("count", Scalar("int"), ABSENT)))
SHAPE = Shape(
    "Order",
    (
        Attribute("buyer", Scalar("str")),
        Attribute("total", NullableType(Scalar("int")), Constant(None)),
        Attribute("weight", Scalar("float"), Constant(0.0)),
        Attribute("due", Scalar("date"), ABSENT),
        Attribute("size", EnumType((0, 1)), Constant(1)),
        Attribute("first", NullableType(ObjectType(LINE)), ABSENT),
        Attribute("lines", ListType(ObjectType(LINE))),
        Attribute("tags", NullableType(ListType(Scalar("str"))), Constant(None)),
        Attribute("by_sku", MapType(ObjectType(LINE)), Constant({})),
        Attribute("prices", MapType(Scalar("float")), ABSENT),
    ),
)
CODEC = Protobuf(ORDER["Order"])
_COMPILED = CODEC.payload(SHAPE, DEFAULT_LIMITS)
encode, decode = _COMPILED.encode, _COMPILED.decode


def notes_of(payload: bytes) -> Any:
    """The notes of the outermost message, as JSON."""
    content = split_notes(payload)[0]
    return None if content is None else json.loads(content)


def noted(**notes: Any) -> bytes:
    return notes_field(json.dumps(notes).encode())
