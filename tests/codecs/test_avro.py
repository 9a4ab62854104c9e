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

from versioned_serde.adapters.avro_schema import ABSENT_NAME, UNDECLARED, avro_name
from versioned_serde.codecs.avro import Avro, avro_schema, plugin
from versioned_serde.errors import DeclarationError
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
from versioned_serde.testing.conformance.checks import check_round_trip
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.reach import EVERYTHING, Reach
from versioned_serde.testing.conformance.trees import equivalent, shaped_trees, shapes
from versioned_serde.tree import Tree

CODEC = plugin()
REACH = Reach(
    scalars={**EVERYTHING.scalars, "int": st.integers(-(2**63), 2**63 - 1)}, long_integers=False, by_name=False
)


def compiled(*attributes: tuple[str, Type], limits: Limits = DEFAULT_LIMITS) -> Any:
    return CODEC.payload(Shape("Case", tuple(Attribute(name, type_) for name, type_ in attributes)), limits)


class TestConformance(CodecConformance):
    codec = CODEC
    reach = REACH


@given(shaped_trees(CODEC, REACH))
def test_a_derived_schema_is_one_that_can_be_given(drawn: tuple[Shape, Tree]) -> None:
    shape, tree = drawn
    payload = CODEC.payload(shape, DEFAULT_LIMITS).encode(tree)
    assert Avro(avro_schema(shape)).payload(shape, DEFAULT_LIMITS).encode(tree) == payload


# --- Other programs


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


DAY = Shape("Day", (Attribute("day", Scalar("date")),))


def plainly_read(shape: Shape, payload: bytes) -> Any:
    return fastavro.schemaless_reader(io.BytesIO(payload), avro_schema(shape), None)


def avro_read(shape: Shape, payload: bytes) -> Any:
    schema = avro.schema.parse(json.dumps(avro_schema(shape)))
    return avro.io.DatumReader(schema).read(avro.io.BinaryDecoder(io.BytesIO(payload)))


def plainly_written(shape: Shape, value: Tree) -> bytes:
    written = io.BytesIO()
    fastavro.schemaless_writer(written, avro_schema(shape), value)
    return written.getvalue()


def test_other_programs_read_it_with_the_derived_schema() -> None:
    payload = CODEC.payload(SAMPLE, DEFAULT_LIMITS).encode(TREE)
    assert plainly_read(SAMPLE, payload) == PLAIN
    found = avro_read(SAMPLE, payload)
    assert found == {**PLAIN, "id": str(PLAIN["id"])}


def test_what_other_programs_write_is_read() -> None:
    assert CODEC.payload(SAMPLE, DEFAULT_LIMITS).decode(plainly_written(SAMPLE, PLAIN)) == TREE
    absent = {**PLAIN, "gift": (ABSENT_NAME, {}), "tip": 3}
    expected = {name: value for name, value in TREE.items() if name != "gift"} | {"tip": 3}
    assert CODEC.payload(SAMPLE, DEFAULT_LIMITS).decode(plainly_written(SAMPLE, absent)) == expected


@given(shaped_trees(CODEC, REACH))
def test_any_payload_passes_through_other_programs(drawn: tuple[Shape, Tree]) -> None:
    shape, tree = drawn
    compiled = CODEC.payload(shape, DEFAULT_LIMITS)
    payload = compiled.encode(tree)
    schema = fastavro.parse_schema(avro_schema(shape))
    found = fastavro.schemaless_reader(io.BytesIO(payload), schema, None, return_named_type=True)
    written = io.BytesIO()
    fastavro.schemaless_writer(written, schema, found)
    assert equivalent(CODEC, tree, compiled.decode(written.getvalue()))
    # This one refuses names that Avro does not have.
    assert avro_read(shape, payload).keys() == {*map(avro_name, shape.names), UNDECLARED}


def test_the_derived_schema_is_frozen() -> None:
    fields = {field["name"]: field["type"] for field in avro_schema(SAMPLE)["fields"]}
    undeclared = {"name": UNDECLARED, "type": ["null", "string"], "default": None}
    assert fields == {
        "buyer": "string",
        "total": "string",
        "count": "long",
        "ratio": "double",
        "paid": "boolean",
        "seal": "bytes",
        "at": "string",
        "day": {"type": "int", "logicalType": "date"},
        "id": {"type": "string", "logicalType": "uuid"},
        "color": {"type": "enum", "name": "Record.color", "symbols": ["blue", "red"]},
        "mood": "string",
        "size": "long",
        "note": ["null", "string"],
        "gift": [{"type": "record", "name": "versioned_serde.Absent", "fields": []}, "null", "string"],
        "tip": ["null", "long"],
        "any_x20_thing": "string",
        "lines": {
            "type": "array",
            "items": {
                "type": "record",
                "name": "Record.lines",
                "fields": [{"name": "sku", "type": "string"}, undeclared],
            },
        },
        "prices": {"type": "map", "values": "long"},
        "payment": [
            {
                "type": "record",
                "name": "Record.payment.card",
                "fields": [
                    {"name": "kind", "type": {"type": "enum", "name": "Record.payment.card.kind", "symbols": ["card"]}},
                    undeclared,
                ],
            },
            {
                "type": "record",
                "name": "Record.payment.in_x20_cash",
                "fields": [{"name": "kind", "type": "string"}, undeclared],
            },
        ],
        UNDECLARED: ["null", "string"],
    }


@given(shapes(REACH))
def test_the_order_in_a_class_does_not_count_in_the_bytes(shape: Shape) -> None:
    turned = Shape(shape.name, tuple(reversed(shape.attributes)))
    assert avro_schema(turned) == avro_schema(shape)


@given(shapes(REACH))
def test_the_schema_is_a_matter_of_the_structure(shape: Shape) -> None:
    renamed = Shape("Other", shape.attributes)
    assert avro_schema(renamed) == avro_schema(shape)
    given_one = Avro(schema=json.dumps(avro_schema(shape)))
    assert given_one.schema == avro_schema(shape)
    assert given_one.fingerprint == Avro(avro_schema(renamed)).fingerprint


def test_a_derived_schema_belongs_to_a_shape() -> None:
    for name in ("schema", "canonical", "fingerprint"):
        with pytest.raises(DeclarationError, match="derived for each version"):
            getattr(Avro(), name)


def test_the_fingerprint_is_that_of_the_other_program() -> None:
    # Without logical types, which the other program leaves as `{"type": "int"}` where the specification says `"int"`.
    shape = Shape("Order", tuple(each for each in SAMPLE.attributes if each.name not in {"day", "id"}))
    parsed = avro.schema.parse(json.dumps(avro_schema(shape)))
    assert Avro(avro_schema(shape)).canonical == parsed.canonical_form
    assert Avro(avro_schema(shape)).fingerprint == parsed.fingerprint("CRC-64-AVRO")


def test_the_canonical_form_is_that_of_the_specification() -> None:
    schema = {
        "doc": "gone", "fields": [{"type": {"type": "int", "logicalType": "date"}, "default": 0, "name": "day"}],
        "type": "record", "name": "Order", "namespace": "shop",
    }  # fmt: skip
    codec = Avro(schema)
    codec.check(DAY)
    assert codec.canonical == '{"name":"shop.Order","type":"record","fields":[{"name":"day","type":"int"}]}'
    # CRC-64-AVRO of that text by the specification's own algorithm.
    table = []
    for byte in range(256):
        entry = byte
        for _ in range(8):
            entry = (entry >> 1) ^ (0xC15D213AA4D7A795 & -(entry & 1))
        table.append(entry)
    fingerprint = 0xC15D213AA4D7A795
    for byte in codec.canonical.encode():
        fingerprint = (fingerprint >> 8) ^ table[(fingerprint ^ byte) & 0xFF]
    assert codec.fingerprint == fingerprint.to_bytes(8, "little")


OWN_NAMES = ("null", "string", "long", "boolean", "record", "error", "enum", "array", "map", "union", "fixed", "Record")


@pytest.mark.parametrize("name", OWN_NAMES)
def test_attributes_and_arms_may_have_names_of_avros_own(name: str) -> None:
    arm = ObjectType(Shape("Arm", (Attribute(name, EnumType((name,))),)))
    shape = Shape("Case", (Attribute(name, UnionType(name, ((name, arm),))), Attribute("other", arm, ABSENT)))
    tree = {name: {name: name}, "other": {name: name}}
    payload = check_round_trip(CODEC, shape, tree)
    inner = {name: name, UNDECLARED: None}
    assert plainly_read(shape, payload) == {name: inner, "other": inner, UNDECLARED: None}
    assert avro_read(shape, payload) == {name: inner, "other": inner, UNDECLARED: None}
