"""Avro with derived schemas: the common conformance, what is Avro's own, and other programs at the same payloads."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import avro.io
import avro.schema
import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.codecs import conformance
from tests.codecs.conformance import check_hostile, check_round_trip, check_value
from versioned_serde.adapters.avro_schema import ABSENT_NAME, UNDECLARED, avro_name
from versioned_serde.adapters.texts import text_form
from versioned_serde.codecs.avro import Avro, avro_schema, plugin
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import (
    ABSENT,
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed

CODEC = plugin()
REACH = conformance.Reach(scalars={**conformance.EVERYTHING.scalars, "int": st.integers(-(2**63), 2**63 - 1)})


def compiled(*attributes: tuple[str, Type], limits: Limits = DEFAULT_LIMITS) -> Any:
    return CODEC.payload(Shape("Case", tuple(Attribute(name, type_) for name, type_ in attributes)), limits)


@st.composite
def drawn_trees(draw: st.DrawFn, *, kept: bool = True) -> tuple[Shape, Tree]:
    shape = draw(conformance.shapes(REACH))
    undeclared = conformance.undeclared_values(CODEC, REACH) if kept else None
    return shape, draw(conformance.trees(shape, REACH, undeclared))


@given(drawn_trees())
def test_round_trip(drawn: tuple[Shape, Tree]) -> None:
    check_round_trip(CODEC, *drawn)


@given(st.data())
def test_value_round_trip(data: st.DataObject) -> None:
    type_ = data.draw(conformance.types())
    check_value(CODEC, type_, data.draw(conformance.values(type_)))


@given(drawn_trees(), st.data())
def test_damaged_bytes(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
    shape, tree = drawn
    payload = CODEC.payload(shape, DEFAULT_LIMITS).encode(tree)
    check_hostile(CODEC, shape, data.draw(conformance.damaged(payload)))


@given(conformance.shapes(REACH), st.binary(max_size=60))
def test_any_bytes(shape: Shape, data: bytes) -> None:
    check_hostile(CODEC, shape, data)


def test_encoding_is_strict() -> None:
    conformance.check_strict_encode(CODEC, REACH)


# --- Other programs


def seen(type_: Type, value: Any, *, in_union: str = "") -> Any:
    """What fastavro makes of a value that stands at a place of that name (empty outside of a union)."""
    match type_:
        case NullableType(inner):
            return None if value is None else seen(inner, value, in_union=in_union)
        case Scalar("decimal" | "datetime" | "time" | "timedelta" as name):
            return text_form(name, DEFAULT_LIMITS).write(value)
        case AnyType():
            return json.dumps(value)
        case _:
            return value


SAMPLE = Shape(
    "Order",
    (
        Attribute("buyer", Scalar("str")),
        Attribute("total", Scalar("decimal")),
        Attribute("count", Scalar("int")),
        Attribute("ratio", Scalar("float")),
        Attribute("paid", Scalar("bool")),
        Attribute("seal", Scalar("bytes")),
        Attribute("at", Scalar("datetime")),
        Attribute("day", Scalar("date")),
        Attribute("id", Scalar("uuid")),
        Attribute("color", EnumType(("red", "blue"))),
        Attribute("mood", EnumType(("red", "blue"), open=True)),
        Attribute("size", EnumType((1, 2))),
        Attribute("note", NullableType(Scalar("str"))),
        Attribute("gift", NullableType(Scalar("str")), ABSENT),
        Attribute("tip", Scalar("int"), ABSENT),
        Attribute("any thing", AnyType()),
        Attribute("lines", ListType(ObjectType(Shape("Line", (Attribute("sku", Scalar("str")),))))),
        Attribute("prices", MapType(Scalar("int"))),
        Attribute(
            "payment",
            UnionType(
                "kind",
                (
                    ("card", ObjectType(Shape("Card", (Attribute("kind", EnumType(("card",))),)))),
                    ("in cash", ObjectType(Shape("Cash", (Attribute("kind", EnumType(("in cash",))),)))),
                ),
            ),
        ),
    ),
)
TREE: Tree = {
    "buyer": "ada",
    "total": Decimal("1.10"),
    "count": -(2**63),
    "ratio": 0.5,
    "paid": True,
    "seal": b"\xff",
    "at": datetime(2024, 2, 29, 12, tzinfo=UTC),
    "day": date(2024, 2, 29),
    "id": UUID(int=5),
    "color": "blue",
    "mood": "green",
    "size": 2,
    "note": None,
    "gift": None,
    "any thing": {"a": [1, 2.5]},
    "lines": [{"sku": "x"}, {"sku": "y"}],
    "prices": {"x": 1},
    "payment": {"kind": "in cash"},
}
PLAIN: Tree = {
    "buyer": "ada",
    "total": "1.10",
    "count": -(2**63),
    "ratio": 0.5,
    "paid": True,
    "seal": b"\xff",
    "at": "2024-02-29T12:00:00Z",
    "day": date(2024, 2, 29),
    "id": UUID(int=5),
    "color": "blue",
    "mood": "green",
    "size": 2,
    "note": None,
    "gift": None,
    "tip": None,
    "any_x20_thing": '{"a":[1,2.5]}',
    "lines": [{"sku": "x", UNDECLARED: None}, {"sku": "y", UNDECLARED: None}],
    "prices": {"x": 1},
    "payment": {"kind": "in cash", UNDECLARED: None},
    UNDECLARED: None,
}


def plainly_read(shape: Shape, payload: bytes) -> Any:
    return fastavro.schemaless_reader(io.BytesIO(payload), avro_schema(shape), None)


def plainly_written(shape: Shape, value: Tree) -> bytes:
    written = io.BytesIO()
    fastavro.schemaless_writer(written, avro_schema(shape), value)
    return written.getvalue()


def test_other_programs_read_it_with_the_derived_schema() -> None:
    payload = CODEC.payload(SAMPLE, DEFAULT_LIMITS).encode(TREE)
    assert plainly_read(SAMPLE, payload) == PLAIN
    schema = avro.schema.parse(json.dumps(avro_schema(SAMPLE)))
    reader = avro.io.DatumReader(schema)
    assert reader.read(avro.io.BinaryDecoder(io.BytesIO(payload))) == PLAIN


def test_what_other_programs_write_is_read() -> None:
    assert CODEC.payload(SAMPLE, DEFAULT_LIMITS).decode(plainly_written(SAMPLE, PLAIN)) == TREE
    absent = {**PLAIN, "gift": (ABSENT_NAME, {}), "tip": 3}
    expected = {name: value for name, value in TREE.items() if name != "gift"} | {"tip": 3}
    assert CODEC.payload(SAMPLE, DEFAULT_LIMITS).decode(plainly_written(SAMPLE, absent)) == expected
