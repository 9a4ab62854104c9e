"""An Avro schema that exists already: what it carries, and what is refused when the schema is declared."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import fastavro
import pytest

from versioned_serde.adapters.avro_schema import ABSENT_NAME, UNDECLARED
from versioned_serde.codecs.avro import Avro
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    AnyType,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Raw, Tree, same


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


FIXED_16 = {"type": "fixed", "name": "Sixteen", "size": 16, "logicalType": "uuid"}
PRICE = logical("bytes", "decimal", precision=6, scale=2)
FIXED_PRICE = {"type": "fixed", "name": "Price", "size": 4, "logicalType": "decimal", "precision": 6, "scale": 2}
NOON = datetime(2024, 2, 29, 12, 0, 1, 345_000, tzinfo=UTC)
LOCAL = NOON.replace(tzinfo=None)

CARRIED: list[tuple[ScalarName, Any, Any]] = [
    ("str", "string", "é"),
    ("int", "int", -(2**31)),
    ("int", "long", 2**63 - 1),
    ("int", logical("long", "timestamp-millis"), 5),
    ("float", "double", 0.1),
    ("float", "float", 0.5),
    ("bool", "boolean", False),
    ("bytes", "bytes", b"\xff"),
    ("bytes", {"type": "fixed", "name": "Two", "size": 2}, b"ab"),
    ("decimal", "string", Decimal("1.10")),
    ("decimal", PRICE, Decimal("-9999.99")),
    ("decimal", PRICE, Decimal("0.00")),
    ("decimal", PRICE, Decimal("1.28")),
    ("decimal", PRICE, Decimal("-1.28")),
    ("decimal", logical("bytes", "decimal", precision=3), Decimal(-1)),
    ("decimal", FIXED_PRICE, Decimal("-0.01")),
    ("decimal", FIXED_PRICE, Decimal("9999.99")),
    ("datetime", "string", NOON.astimezone(timezone(timedelta(hours=1)))),
    ("datetime", logical("long", "timestamp-millis"), NOON),
    ("datetime", logical("long", "timestamp-micros"), NOON.replace(year=4, microsecond=1)),
    ("datetime", logical("long", "local-timestamp-millis"), LOCAL),
    ("datetime", logical("long", "local-timestamp-micros"), LOCAL.replace(year=9996, microsecond=999_999)),
    ("date", logical("int", "date"), date(1, 1, 1)),
    ("date", "string", date(9999, 12, 31)),
    ("time", logical("int", "time-millis"), time(23, 59, 59, 999_000)),
    ("time", logical("long", "time-micros"), time(0, 0, 1, 1)),
    ("time", "string", time(1, tzinfo=UTC)),
    ("timedelta", "string", timedelta(1)),
    ("uuid", "string", UUID(int=5)),
    ("uuid", logical("string", "uuid"), UUID(int=5)),
    ("uuid", FIXED_16, UUID(int=5)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "type_", "value"), CARRIED)
def test_a_value_comes_back_and_others_see_it(name: ScalarName, type_: Any, value: Any) -> None:
    schema = record(("a", type_))
    codec = Avro(schema).payload(one(Scalar(name)), DEFAULT_LIMITS)
    payload = codec.encode({"a": value})
    assert same(codec.decode(payload), {"a": value})
    found: Any = fastavro.schemaless_reader(io.BytesIO(payload), fastavro.parse_schema(schema), None)
    if type(found["a"]) in (type(value), bytes):
        assert found["a"] == (value.bytes if type_ is FIXED_16 else value)
        assert same(codec.decode(written_by_others(schema, found)), {"a": value})
    else:
        assert type(found["a"]) in (str, int, datetime)


@pytest.mark.parametrize(
    ("name", "type_", "value", "problem"),
    [
        ("int", "int", 2**31, "An int has more than the 32 bits of its Avro type."),
        ("float", "float", 0.1, "A float has more digits than the Avro type `float` carries."),
        ("float", "float", 1e300, "A float has more digits than the Avro type `float` carries."),
        ("float", "float", 1, "Expected float, found int."),
        ("bytes", {"type": "fixed", "name": "Two", "size": 2}, b"abc", "Bytes are not the 2 of their Avro type."),
        ("bytes", {"type": "fixed", "name": "Two", "size": 2}, b"a", "Bytes are not the 2 of their Avro type."),
        ("bytes", {"type": "fixed", "name": "Two", "size": 2}, "ab", "Expected bytes, found str."),
        *(
            ("decimal", PRICE, value, "A decimal has not exactly 2 places and at most 6 digits, as its Avro type.")
            for value in map(Decimal, ("1.1", "1.100", "10000.00", "-0.00", "NaN", "Infinity", "1E+2"))
        ),
        ("decimal", PRICE, 1, "Expected decimal, found int."),
        *(
            ("datetime", logical("long", "timestamp-micros"), value,
             "A datetime is not in UTC, and its Avro type holds nothing else.")
            for value in (LOCAL, NOON.astimezone(timezone(timedelta(hours=1))))
        ),
        ("datetime", logical("long", "timestamp-millis"), NOON.replace(microsecond=1),
         "A moment has microseconds, which its Avro type of milliseconds would lose."),
        ("datetime", logical("long", "timestamp-millis"), date(2024, 1, 1), "Expected datetime, found date."),
        ("datetime", logical("long", "local-timestamp-micros"), NOON,
         "A datetime has a zone, which its Avro type would lose."),
        ("date", logical("int", "date"), NOON, "Expected date, found datetime."),
        ("time", logical("int", "time-millis"), time(1, microsecond=1),
         "A moment has microseconds, which its Avro type of milliseconds would lose."),
        ("time", logical("long", "time-micros"), time(1, tzinfo=UTC),
         "A time has a zone, which its Avro type would lose."),
        ("time", logical("long", "time-micros"), 1, "Expected time, found int."),
        ("uuid", FIXED_16, "5", "Expected uuid, found str."),
    ],
)  # fmt: skip
def test_what_the_type_cannot_say_is_not_written(name: ScalarName, type_: Any, value: Any, problem: str) -> None:
    codec = Avro(record(("a", type_))).payload(one(Scalar(name)), DEFAULT_LIMITS)
    with pytest.raises(UnwritableValueError) as caught:
        codec.encode({"a": value})
    assert (caught.value.path, caught.value.problem) == ("a", problem)


@pytest.mark.parametrize(
    ("name", "type_", "base", "value", "problem"),
    [
        ("time", logical("int", "time-millis"), "int", 86_400_000,
         "Expected time, found one that is not within a day."),
        ("time", logical("long", "time-micros"), "long", -1, "Expected time, found one that is not within a day."),
        ("datetime", logical("long", "timestamp-millis"), "long", 2**60,
         "Expected datetime, found a moment out of the calendar."),
        ("decimal", PRICE, "bytes", b"\x0f\x42\x40", "Expected decimal, found one of more than 6 digits."),
        ("decimal", PRICE, "bytes", b"\0" * 100, "Expected decimal, found one of more than 6 digits."),
    ],
)  # fmt: skip
def test_what_the_type_of_the_model_cannot_say_is_not_read(
    name: ScalarName, type_: Any, base: str, value: Any, problem: str
) -> None:
    codec = Avro(record(("a", type_))).payload(one(Scalar(name)), DEFAULT_LIMITS)
    with pytest.raises(PayloadError) as caught:
        codec.decode(written_by_others(record(("a", base)), {"a": value}))
    assert (caught.value.path, caught.value.problem) == ("a", problem)


ENUM = {"type": "enum", "name": "Color", "symbols": ["red", "blue"]}
LINE = ObjectType(Shape("Line", (Attribute("sku", Scalar("str")),)))
CARD = ObjectType(Shape("Card", (Attribute("kind", EnumType(("card",))), Attribute("number", Scalar("str")))))
CASH = ObjectType(Shape("Cash", (Attribute("kind", EnumType(("cash",))),)))
PAYMENT = UnionType("kind", (("card", CARD), ("cash", CASH)))
EMPTY = record(name="Empty")

MISMATCHED: list[tuple[ScalarName, Any, str]] = [
    ("str", "bytes", "bytes"),
    ("str", ENUM, "Color"),
    ("int", "double", "double"),
    ("float", "long", "long"),
    ("bool", "int", "int"),
    ("bytes", "string", "string"),
    ("bytes", {"type": "fixed", "name": "None", "size": 0}, "None"),
    ("decimal", "double", "double"),
    ("decimal", "bytes", "bytes"),
    ("datetime", "long", "long"),
    ("datetime", logical("long", "timestamp-nanos"), "long (timestamp-nanos)"),
    ("datetime", logical("int", "date"), "int (date)"),
    ("date", "int", "int"),
    ("time", logical("long", "timestamp-micros"), "long (timestamp-micros)"),
    ("timedelta", {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}, "fixed (duration)"),
    ("uuid", {"type": "fixed", "name": "U", "size": 8, "logicalType": "uuid"}, "fixed (uuid)"),
    ("int", ["null", "long"], "null | long"),
    ("int", ["int", "long"], "int | long"),
]
REFUSED: list[tuple[Type, Any, str, str]] = [
    *(
        (Scalar(name), type_, "a", f"The Avro type `{shown}` cannot carry the type {name}.")
        for name, type_, shown in MISMATCHED
    ),
    (Scalar("decimal"), logical("bytes", "decimal"), "a",
     "The Avro type `bytes (decimal)` has no precision, or more than `Limits.max_digits`."),
    (NullableType(Scalar("int")), "long", "a", "The Avro type `long` cannot carry the type nullable."),
    (EnumType(("red",)), ENUM, "a", "The Avro enum `Color` and the members differ in `blue`."),
    (EnumType(("red", "green"), open=True), ENUM, "a", "The Avro enum `Color` and the members differ in `green`."),
    (EnumType(("red",)), "bytes", "a", "The Avro type `bytes` cannot carry the type str."),
    (EnumType((1,)), ENUM, "a", "The Avro type `Color` cannot carry the type int."),
    (AnyType(), "bytes", "a", "The Avro type `bytes` cannot carry the type any."),
    (ListType(Scalar("int")), "string", "a", "The Avro type `string` cannot carry the type list."),
    (ListType(Scalar("int")), {"type": "array", "items": "string"}, "a",
     "The Avro type `string` cannot carry the type int."),
    (MapType(Scalar("int")), {"type": "array", "items": "long"}, "a",
     "The Avro type `array` cannot carry the type map."),
    (LINE, {"type": "map", "values": "string"}, "a", "The Avro type `map` cannot carry the type object."),
    (LINE, record(("sku", "bytes")), "a.sku", "The Avro type `bytes` cannot carry the type str."),
    (LINE, record(("code", "string")), "a.sku", "The Avro record `shop.Line` has no field `sku`."),
    (LINE, record(("sku", "string"), ("zip", "string"), ("code", "string")), "a",
     "The Avro record `shop.Line` has the field `code`, and `Line` no such attribute."),
    (LINE, record(("sku", "string"), (UNDECLARED, "bytes")), "a",
     f"The Avro record `shop.Line` has the field `{UNDECLARED}`, and `Line` no such attribute."),
    (ObjectType(Shape("Empty", ())), EMPTY, "a",
     "The Avro record `shop.Line` has no fields, so any number of them takes no bytes."),
    (PAYMENT, [record(("number", "string"), name="card")], "a",
     "The Avro type `card` cannot carry the type union."),
    (PAYMENT, [record(("number", "string"), name="card"), record(name="cash"), "string"], "a",
     "The Avro type `card | cash | string` cannot carry the type union."),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "field", "path", "problem"), REFUSED)
def test_refused_when_it_is_declared(type_: Type, field: Any, path: str, problem: str) -> None:
    if isinstance(field, dict) and field["type"] == "record":
        field = {**field, "name": "shop.Line"}
    with pytest.raises(DeclarationError) as caught:
        Avro(record(("a", field))).check(one(type_))
    assert (caught.value.path, caught.value.problem) == (path, problem)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ("{", "The Avro schema is not JSON."),
        ('"string"', "The Avro schema is not one of a record."),
        ({"type": "array", "items": "int"}, "The Avro schema is not one of a record."),
        ({}, "fastavro does not take the Avro schema: KeyError: 'type'."),
        (record(("a", "Line")), "fastavro does not take the Avro schema: UnknownType: Line."),
    ],
)
def test_no_schema_of_a_record(schema: Any, problem: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        Avro(schema)
    assert caught.value.problem == problem


def test_more_digits_than_the_limit_are_refused() -> None:
    codec = Avro(record(("a", PRICE)))
    codec.payload(one(Scalar("decimal")), Limits(max_digits=6))
    with pytest.raises(DeclarationError):
        codec.payload(one(Scalar("decimal")), Limits(max_digits=5))


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
