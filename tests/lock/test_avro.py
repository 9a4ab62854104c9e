"""The order and types of a given Avro schema are fixed with the version that is written in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.check.comparing import compared
from tests.codecs.avro_schemas import logical, record
from versioned_serde import Schema, Version, check_lock, write_lock
from versioned_serde.check.old_reader import OldReader
from versioned_serde.check.rules.shapes import number_changed
from versioned_serde.codecs.avro import Avro
from versioned_serde.lock.description import described
from versioned_serde.shape import Attribute, Scalar, Shape


@dataclass
class Order:
    a: int
    b: int


A, B = ("a", "long"), ("b", "long")


def orders(*fields: tuple[str, Any]) -> Schema[Any]:
    codec: Any = Avro(record(*fields)) if fields else "avro"
    return Schema("shop.order", Order, Version(1, codec=codec, framing="envelope"))


def test_another_order_is_found(tmp_path: Path) -> None:
    write_lock([orders(A, B)], tmp_path)
    (difference,) = check_lock([orders(B, A)], tmp_path)
    assert (difference.rule, difference.version) == ("changed", 1)
    assert check_lock([orders(A, B)], tmp_path) == []
    # Two longs: a host of the old release reads each as the other one, and nothing fails.
    assert orders(B, A).loads(orders(A, B).dumps(Order(1, 2))) == Order(2, 1)
    assert [each.attribute for each in number_changed.check(compared(orders(A, B), orders(B, A)))] == ["a", "b"]


def test_a_derived_schema_follows_from_the_shape() -> None:
    assert "fields" not in described(orders())["versions"]["1"]


def test_a_reader_is_rebuilt_with_the_schema() -> None:
    (beside,) = compared(orders(A, B), orders(A, B)).beside
    reader = OldReader(beside.schemas["shop.order"])
    assert reader.read(orders(A, B).pack(Order(1, 2))).values == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("long", "1 long"),
        (["null", "long"], "1 (null | long)"),
        ({"type": "array", "items": "long"}, "1 array of long"),
        ({"type": "map", "values": ["null", "string"]}, "1 map of (null | string)"),
        ({"type": "enum", "name": "E", "symbols": ["y", "x"]}, "1 enum y x"),
        ({"type": "fixed", "name": "F", "size": 4}, "1 fixed 4"),
        (logical("bytes", "decimal", precision=6, scale=2), "1 bytes as decimal 6,2"),
        (logical("int", "date"), "1 int as date"),
        (record(("c", "int"), name="Inner"), "1 record(c int)"),
        (["null", record(("c", "int"), name="Inner")], "1 (null | record Inner(c int))"),
        (record(("c", ["null", "Inner"]), name="Inner"), "1 record(c (null | as 1 above))"),
    ],
)
def test_texts_say_what_decides_the_bytes(type_: Any, text: str) -> None:
    assert Avro(record(("a", type_))).fields(Shape("Order", (Attribute("a", Scalar("int")),))) == {"a": text}


def test_fields_are_called_like_their_attributes() -> None:
    shape = Shape("Order", (Attribute("a b", Scalar("int")),))
    assert Avro(record(("a_x20_b", "long"), ("more", "string"))).fields(shape) == {"a b": "1 long", "more": "2 string"}
