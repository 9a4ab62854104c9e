"""Records of an Avro schema that exists already: attributes that are absent, objects in objects, unions."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import fastavro
import pytest

from tests.codecs.avro_schemas import (
    ENUM,
    LINE,
    PAYMENT,
    PRICE,
    one,
    record,
    written_by_others,
)
from versioned_serde.adapters.avro_schema import ABSENT_NAME, UNDECLARED
from versioned_serde.codecs.avro import Avro
from versioned_serde.errors import DeclarationError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    MapType,
    NullableType,
    Scalar,
    Shape,
    Type,
)
from versioned_serde.tree import Raw, Tree

# --- Absent, null and default


def compiled(field: Any, type_: Type, default: Default) -> Any:
    return Avro(record(("a", field))).payload(one(type_, default), DEFAULT_LIMITS)


def test_null_says_absent_where_the_attribute_cannot_be_null() -> None:
    for default in (ABSENT, Constant(5)):
        for field in (["null", "long"], ["long", "null"]):
            codec = compiled(field, Scalar("int"), default)
            for tree in ({}, {"a": 5}):
                assert codec.decode(codec.encode(tree)) == tree
    assert written_by_others(record(("a", ["null", "long"])), {"a": None}) == compiled(
        ["null", "long"], Scalar("int"), ABSENT
    ).encode({})


def test_a_field_that_cannot_say_absent_is_always_present() -> None:
    codec = compiled("long", Scalar("int"), Constant(5))
    assert codec.decode(codec.encode({})) == {"a": 5}
    codec = compiled(["null", "long"], NullableType(Scalar("int")), Constant(None))
    assert codec.decode(codec.encode({})) == {"a": None}
    codec = compiled({"type": "array", "items": "long"}, ListType(Scalar("int")), Constant([]))
    assert codec.decode(codec.encode({})) == {"a": []}
    for field, type_ in (("long", Scalar("int")), (["null", "long"], NullableType(Scalar("int")))):
        with pytest.raises(DeclarationError) as caught:
            compiled(field, type_, ABSENT)
        assert caught.value.path == "a"


def test_the_record_for_absent_is_understood_in_a_given_schema_too() -> None:
    absent = {"type": "record", "name": ABSENT_NAME, "fields": []}
    codec = compiled([absent, "null", "long"], NullableType(Scalar("int")), ABSENT)
    for tree in ({}, {"a": None}, {"a": 1}):
        assert codec.decode(codec.encode(tree)) == tree
    with pytest.raises(DeclarationError):
        compiled([absent, "null", "long"], NullableType(Scalar("int")), REQUIRED)


def test_a_default_that_the_field_cannot_say_is_refused() -> None:
    with pytest.raises(DeclarationError) as caught:
        compiled(PRICE, Scalar("decimal"), Constant(Decimal(0)))
    assert str(caught.value) == (
        "at `a`: The Avro field cannot say the default. A decimal has not exactly 2 places and at most 6 digits, as its"
        " Avro type. Declare another default."
    )


def test_a_computed_default_is_absent_only_where_the_field_can_say_so() -> None:
    codec = compiled("long", Scalar("int"), FACTORY)
    with pytest.raises(UnwritableValueError):
        codec.encode({})
    codec = compiled(["null", "long"], Scalar("int"), FACTORY)
    assert codec.decode(codec.encode({})) == {}


def test_a_decimal_takes_no_more_bytes_than_it_needs() -> None:
    codec = compiled(PRICE, Scalar("decimal"), REQUIRED)
    for text, expected in (("0.00", b"\0"), ("1.27", b"\x7f"), ("1.28", b"\0\x80"), ("-1.28", b"\x80")):
        assert codec.encode({"a": Decimal(text)}) == bytes([2 * len(expected)]) + expected


def test_a_schema_that_fastavro_has_parsed_is_one_like_others() -> None:
    shape = Shape("Order", (Attribute("a", Scalar("uuid")), Attribute("b", Scalar("uuid"))))
    schema = record(("a", {"type": "fixed", "name": "Id", "size": 16, "logicalType": "uuid"}), ("b", "Id"))
    already: Any = fastavro.parse_schema(schema)
    plain, parsed = Avro(schema), Avro(already)
    tree = {"a": UUID(int=5), "b": UUID(int=6)}
    payload = plain.payload(shape, DEFAULT_LIMITS).encode(tree)
    assert parsed.payload(shape, DEFAULT_LIMITS).decode(payload) == tree
    assert parsed.fingerprint == plain.fingerprint
    assert "__fastavro_parsed" not in parsed.schema


# --- Objects


ORDER_SCHEMA = {
    "type": "record",
    "name": "Order",
    "namespace": "shop",
    "fields": [
        {"name": "payment", "type": ["null", record(("number", "string"), name="card"), record(name="shop.cash")]},
        {"name": "first", "type": record(("sku", "string"), name="Line"), "doc": "named once"},
        {"name": "lines", "type": {"type": "array", "items": "Line"}, "default": []},
        {"name": "by_sku", "type": {"type": "map", "values": ["null", "shop.Line"]}},
        {"name": "color", "type": ["null", ENUM], "aliases": ["colour"]},
        {"name": "second", "type": ["null", "shop.Color"]},
    ],
}
ORDER = Shape(
    "Order",
    (
        Attribute("lines", ListType(LINE), Constant([])),
        Attribute("first", LINE),
        Attribute("by_sku", MapType(NullableType(LINE))),
        Attribute("payment", NullableType(PAYMENT)),
        Attribute("color", EnumType(("red", "blue")), ABSENT),
        Attribute("second", NullableType(EnumType(("red",), open=True))),
    ),
)
ORDER_TREE: Tree = {
    "lines": [{"sku": "a"}],
    "first": {"sku": "f"},
    "by_sku": {"b": {"sku": "b"}, "c": None},
    "payment": {"kind": "card", "number": "1"},
    "color": "blue",
    "second": None,
}


def test_a_schema_of_a_service() -> None:
    codec = Avro(json.dumps(ORDER_SCHEMA))
    codec.check(ORDER)
    form = codec.payload(ORDER, DEFAULT_LIMITS)
    plain = {**ORDER_TREE, "payment": ("shop.card", {"number": "1"})}
    payload = written_by_others(ORDER_SCHEMA, plain)
    assert form.decode(payload) == ORDER_TREE
    assert form.encode(ORDER_TREE) == payload
    cash = {**ORDER_TREE, "payment": {"kind": "cash"}}
    assert form.decode(form.encode(cash)) == cash
    nothing = {**ORDER_TREE, "payment": None, "second": "red"}
    assert form.decode(form.encode(nothing)) == nothing
    assert codec.schema == ORDER_SCHEMA
    assert '"shop.Color"' in codec.canonical


def test_an_open_enum_holds_what_the_schema_has_and_no_more() -> None:
    form = Avro(record(("a", ENUM))).payload(one(EnumType(("red",), open=True)), DEFAULT_LIMITS)
    assert form.decode(form.encode({"a": "blue"})) == {"a": "blue"}
    with pytest.raises(UnwritableValueError):
        form.encode({"a": "green"})


def test_nothing_undeclared_is_written_without_a_field_for_it() -> None:
    form = Avro(ORDER_SCHEMA).payload(ORDER, DEFAULT_LIMITS)
    with pytest.raises(UnwritableValueError) as caught:
        form.encode({**ORDER_TREE, "lines": [{"sku": "a", "gift": Raw("json", b"1")}]})
    assert caught.value.path == "lines[0].gift"
    with pytest.raises(UnwritableValueError) as caught:
        form.encode({**ORDER_TREE, "$kept": []})
    assert caught.value.path == "$kept"
    assert UNDECLARED in caught.value.hint
    keeping = record(("a", "long"), (UNDECLARED, ["null", "string"]))
    with_field = Avro(keeping).payload(one(Scalar("int")), DEFAULT_LIMITS)
    tree = {"a": 1, "gift": Raw("json", b"1.10")}
    assert with_field.decode(with_field.encode(tree)) == tree


def test_two_declarations_of_the_same_schema_are_one_codec() -> None:
    assert vars(Avro(ORDER_SCHEMA)) == vars(Avro(json.dumps(ORDER_SCHEMA)))
    assert vars(Avro(ORDER_SCHEMA)) != vars(Avro())
