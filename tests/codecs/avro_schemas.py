"""Avro schemas as services have them, and what other programs write with them."""

from __future__ import annotations

import io
from typing import Any

import fastavro

from versioned_serde.shape import REQUIRED, Attribute, Default, EnumType, ObjectType, Scalar, Shape, Type, UnionType


def record(*fields: tuple[str, Any], name: str = "Order") -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": field, "type": type_} for field, type_ in fields]}


def one(type_: Type, default: Default = REQUIRED) -> Shape:
    return Shape("Order", (Attribute("a", type_, default),))


def logical(base: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": base, "logicalType": name, **more}


def written_by_others(schema: Any, value: Any) -> bytes:
    written = io.BytesIO()
    fastavro.schemaless_writer(written, fastavro.parse_schema(schema), value)
    return written.getvalue()


PRICE = logical("bytes", "decimal", precision=6, scale=2)
ENUM = {"type": "enum", "name": "Color", "symbols": ["red", "blue"]}
LINE = ObjectType(Shape("Line", (Attribute("sku", Scalar("str")),)))
CARD = ObjectType(Shape("Card", (Attribute("kind", EnumType(("card",))), Attribute("number", Scalar("str")))))
CASH = ObjectType(Shape("Cash", (Attribute("kind", EnumType(("cash",))),)))
PAYMENT = UnionType("kind", (("card", CARD), ("cash", CASH)))
EMPTY = record(name="Empty")
