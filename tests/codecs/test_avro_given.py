"""An Avro schema that exists already: what it carries, and what is refused when the schema is declared."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import fastavro
import pytest

from tests.codecs.avro_schemas import (
    EMPTY,
    ENUM,
    LINE,
    PAYMENT,
    PRICE,
    logical,
    one,
    record,
    written_by_others,
)
from versioned_serde.adapters.avro_schema import UNDECLARED
from versioned_serde.codecs.avro import Avro
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import (
    AnyType,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    ScalarName,
    Shape,
    Type,
)
from versioned_serde.tree import same

FIXED_16 = {"type": "fixed", "name": "Sixteen", "size": 16, "logicalType": "uuid"}
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
