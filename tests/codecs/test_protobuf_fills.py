"""Fills of what a protobuf field cannot say is absent: older readers have to go first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.protos.build import classes
from versioned_serde import Schema, Version, add, remove, within
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.serializer.line import Packed
from versioned_serde.testing.laws import lowered

MESSAGES = classes("""
    message Line
    string sku = 1
    repeated string tags = 2
    int64 amount = 3
    optional int64 weight = 4
    message Order
    repeated Line lines = 1
""")
REST: dict[str, Any] = {"tags": [], "amount": 0, "weight": 0}


@dataclass
class Line:
    sku: str
    tags: list[str]
    amount: int
    weight: int


@dataclass
class Order:
    lines: list[Line] = field(default_factory=list)


def min_reader(name: str, fill: Any, codec: Any) -> int:
    """Of the version that adds an attribute with a fill; the others are added before, empty."""
    first = within("lines", *(add(other, fill=empty) for other, empty in REST.items() if other != name))
    schema = Schema(
        "shop.order",
        Order,
        Version(1, codec=codec, framing="envelope"),
        Version(2, first),
        Version(3, within("lines", add(name, fill=fill))),
        writes=3,
        keys={"lines": "sku"},
    )
    return schema.lines[-1].min_reader


@pytest.mark.parametrize(
    ("name", "fill", "lowest"),
    [
        ("tags", ["new"], 3),
        ("tags", lambda older: [], 3),
        ("tags", [], 1),
        ("amount", 1, 3),
        ("amount", 0, 1),
        ("weight", 1, 1),
    ],
)
def test_only_readers_that_fill_may_edit_what_looks_empty(name: str, fill: Any, lowest: int) -> None:
    assert min_reader(name, fill, Protobuf(MESSAGES["Order"])) == lowest
    assert min_reader(name, fill, "json") == 1


@dataclass
class Tags:
    names: dict[str, str]


@dataclass
class Tagged:
    sku: str
    tags: Tags | None = None


@dataclass
class Untagged:
    sku: str


def test_what_a_message_kept_of_a_removed_object_leaves_out_is_empty() -> None:
    messages = classes("""
        message Tags
        map string names = 1
        message Tagged
        string sku = 1
        optional Tags tags = 2
    """)
    first = Version(1, codec=Protobuf(messages["Tagged"]), framing="envelope")
    older = Schema("shop.tagged", Tagged, first)
    newer = Schema("shop.tagged", Untagged, first, Version(2, remove("tags", was=Tags | None)), writes=2)
    record = Packed(older.dumps(Tagged("a", Tags({}))), {})
    above = lowered(newer, 2, record)
    assert older.loads(lowered(newer, 1, above).payload) == Tagged("a", Tags({}))
