"""What the codec avro refuses to read, where, and before which memory is taken."""

from __future__ import annotations

import tracemalloc
from time import perf_counter
from typing import Any

import pytest

from versioned_serde.adapters.avro_schema import UNDECLARED
from versioned_serde.codecs.avro import Avro
from versioned_serde.errors import LimitError, PayloadError, ReadError, UnwritableValueError
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
from versioned_serde.tree import Raw, Tree

CARD = ObjectType(Shape("Card", (Attribute("kind", EnumType(("card",))),)))
CASH = ObjectType(Shape("Cash", (Attribute("kind", Scalar("str")),)))
LINE = ObjectType(Shape("Line", (Attribute("sku", Scalar("str")),)))
TYPES: dict[str, Type] = {
    "int": Scalar("int"),
    "str": Scalar("str"),
    "bool": Scalar("bool"),
    "float": Scalar("float"),
    "date": Scalar("date"),
    "uuid": Scalar("uuid"),
    "decimal": Scalar("decimal"),
    "enum": EnumType(("red", "blue")),
    "text": EnumType(("in red", "in blue")),
    "size": EnumType((1, 2)),
    "null": NullableType(Scalar("int")),
    "list": ListType(Scalar("bool")),
    "lines": ListType(LINE),
    "map": MapType(Scalar("int")),
    "any": AnyType(),
    "union": UnionType("kind", (("card", CARD), ("cash", CASH))),
}


def shape_of(name: str) -> Shape:
    return Shape("Case", (Attribute(name, TYPES[name]),))


def decode(name: str, value: bytes, limits: Limits = DEFAULT_LIMITS, rest: bytes = b"\0") -> Any:
    """Decodes a record of one attribute and what is kept beside it."""
    return Avro().payload(shape_of(name), limits).decode(value + rest)[name]


def long(value: int) -> bytes:
    number = (value << 1) ^ (value >> 63)
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def sized(data: bytes) -> bytes:
    return long(len(data)) + data


REFUSED = [
    ("int", b"\x80", "int", "The payload ends within a value."),
    ("int", b"\x80" * 9 + b"\x02", "int", "An int has more than 64 bits."),
    ("int", b"\x80" * 10 + b"\x00", "int", "An int has more than 64 bits."),
    ("str", long(2) + b"a", "str", "The payload ends within a value."),
    ("str", long(2**62), "str", "The payload ends within a value."),
    ("str", long(-1), "str", "A length is negative."),
    ("str", sized(b"\xff"), "", "A str is not UTF-8."),
    ("bool", b"\x02", "bool", "A boolean is neither 0 nor 1."),
    ("float", b"\0\0\0", "float", "The payload ends within a value."),
    ("date", long(2**31), "date", "An int has more than 32 bits."),
    ("date", long(2**31 - 1), "date", "Expected date, found a day out of the calendar."),
    ("date", long(-1_000_000), "date", "Expected date, found a day out of the calendar."),
    ("uuid", sized(b"{00000000-0000-0000-0000-000000000005}"), "uuid", "Expected uuid, found text that is not a uuid."),
    ("decimal", sized(b" 1"), "decimal", "Expected decimal, found text that is not a decimal."),
    ("enum", long(2), "enum", "An enum has no symbol of that number."),
    ("enum", long(-1), "enum", "An enum has no symbol of that number."),
    ("text", sized(b"red"), "text", "Expected one of the enum's members, found another str."),
    ("size", long(3), "size", "Expected one of the enum's members, found another int."),
    ("null", long(2), "null", "A union has no branch of that number."),
    ("null", long(-1), "null", "A union has no branch of that number."),
    ("list", long(1) + b"\1", "list[1]", "The payload ends within a value."),
    ("list", long(1) + b"\2" + long(0), "list[0]", "A boolean is neither 0 nor 1."),
    ("list", long(-1) + long(2) + b"\1" + long(0), "list[1]", "A block is not as long as it says."),
    ("list", long(-1) + long(0) + b"\1" + long(0), "list[1]", "A block is not as long as it says."),
    ("list", long(-1) + long(-3) + b"\1" + long(0), "list[1]", "A block is not as long as it says."),
    ("lines", long(1) + sized(b"x"), "lines[0]", "The payload ends within a value."),
    ("map", long(2) + (sized(b"a") + long(1)) * 2 + long(0), "map[*]", "A name occurs twice in a map."),
    ("map", (long(1) + sized(b"a") + long(1)) * 2 + long(0), "map[*]", "A name occurs twice in a map."),
    ("map", long(-1) + long(1) + sized(b"a") + long(1) + long(0), "map[*]", "A block is not as long as it says."),
    ("any", sized(b"{]"), "any", "The payload is not JSON at character 1."),
    ("any", sized(b'{"a":1,"a":2}'), "any", "A name occurs twice in an object."),
    ("any", sized(b""), "any", "The payload is not JSON at character 0."),
    ("union", long(1) + sized(b"card") + b"\0", "union.kind",
     "Expected the value of the union's arm that the record is, found another one."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "path", "problem"), REFUSED)
def test_refused(name: str, value: bytes, path: str, problem: str) -> None:
    cut_off = problem.startswith("The payload ends")
    with pytest.raises(PayloadError) as caught:
        decode(name, value, rest=b"" if cut_off else b"\0")
    assert (caught.value.path, caught.value.problem) == (path, problem)


def test_no_byte_too_few_or_too_many() -> None:
    compiled = Avro().payload(shape_of("int"), DEFAULT_LIMITS)
    assert compiled.decode(b"\x02\x00") == {"int": 1}
    for data, problem in [
        (b"", "The payload is empty."),
        (b"\x02", "The payload ends within a value."),
        (b"\x02\x00\x00", "Bytes follow after the end of the value."),
    ]:
        with pytest.raises(PayloadError) as caught:
            compiled.decode(data)
        assert caught.value.problem == problem


def test_other_writers_choices_are_read() -> None:
    assert decode("int", b"\x82\x00") == 1  # in more bytes than it needs
    assert decode("list", long(1) + b"\1" + long(-2) + long(2) + b"\0\1" + long(0)) == [True, False, True]
    members = sized(b"b") + long(2)
    assert decode("map", long(-1) + sized(members) + long(1) + sized(b"a") + long(1) + long(0)) == {"b": 2, "a": 1}


@pytest.mark.parametrize("count", [1_000_001, 2**31, 2**62, -1_000_001, -(2**63)])
@pytest.mark.parametrize("name", ["list", "lines", "map"])
def test_a_count_is_not_believed(name: str, count: int) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(LimitError) as caught:
            decode(name, long(count) + b"\1" * 20)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.limit == "max_items"
    assert peak < 100_000


def test_items_are_counted_together() -> None:
    # The record's own member, two lines of one member each, and a list's worth in the text beside them.
    lines = long(1) + sized(b"a") + b"\0" + long(1) + sized(b"b") + b"\0" + long(0)
    kept = long(1) + sized(b'{"x":[1,"2,3",{}]}')
    assert decode("lines", lines, Limits(max_items=5)) == [{"sku": "a"}, {"sku": "b"}]
    with pytest.raises(LimitError):
        decode("lines", lines, Limits(max_items=4))
    assert len(decode("lines", lines, Limits(max_items=9), kept)) == 2
    with pytest.raises(LimitError):
        decode("lines", lines, Limits(max_items=8), kept)
    assert decode("any", sized(b'{"a":[1,2],"b":"\\",["}'), Limits(max_items=5)) == {"a": [1, 2], "b": '",['}
    with pytest.raises(LimitError):
        decode("any", sized(b'{"a":[1,2],"b":"\\",["}'), Limits(max_items=4))


@pytest.mark.parametrize(
    "text",
    [b'"' + b'\\"' * 200_000, b'"' * 400_001, b"[ " * 200_000, b'"\\'],
    ids=["escapes", "quotes", "brackets", "end"],
)
def test_the_count_takes_no_longer_than_the_text(text: bytes) -> None:
    started = perf_counter()
    for value, beside in ((text, b"\0"), (b"1", rest(text))):
        with pytest.raises(ReadError):
            decode("any", sized(value), rest=beside)
    assert perf_counter() - started < 5  # seconds; a count that begins anew at each quote takes minutes


def test_absent_attributes_do_not_count() -> None:
    shape = Shape("Case", tuple(Attribute(name, NullableType(Scalar("int")), ABSENT) for name in "abc"))
    compiled = Avro().payload(shape, Limits(max_items=1))
    assert compiled.decode(compiled.encode({"b": None})) == {"b": None}
    compiled = Avro().payload(shape, Limits(max_items=2))
    with pytest.raises(LimitError):
        compiled.decode(Avro().payload(shape, DEFAULT_LIMITS).encode({"a": 1, "b": None, "c": 2}))


def test_more_than_readers_take_is_not_written() -> None:
    compiled = Avro().payload(shape_of("list"), Limits(max_items=4))
    assert compiled.decode(compiled.encode({"list": [True] * 3})) == {"list": [True] * 3}
    with pytest.raises(UnwritableValueError) as caught:
        compiled.encode({"list": [True] * 4})
    assert "max_items" in str(caught.value)


def rest(text: bytes) -> bytes:
    return long(1) + sized(text)


@pytest.mark.parametrize(
    ("text", "path", "problem"),
    [
        (b'{"int":2}', "int", "The attribute is declared, and it is kept like an undeclared one."),
        (b"[]", "", "Expected object, found list."),
        (b"{", "", "The payload is not JSON at character 1."),
        (b'{"$kept":1}', "$kept", "Expected list, found number."),
        (b'{"$kept":[{}]}', "$kept[0]",
         "An entry of a complement does not hold exactly step, direction, witness, kept, and perhaps absent and each."),
    ],
)  # fmt: skip
def test_what_is_kept_is_checked(text: bytes, path: str, problem: str) -> None:
    with pytest.raises(PayloadError) as caught:
        decode("int", long(1), rest=rest(text))
    assert (caught.value.path, caught.value.problem) == (path, problem)


def test_nesting_is_bounded() -> None:
    def nested(depth: int) -> bytes:
        return b"[" * depth + b"]" * depth

    limits = Limits(max_depth=5)
    decode("any", sized(nested(4)), limits)
    decode("any", sized(b"1"), limits, rest(b'{"x":' + nested(4) + b"}"))
    for value, beside in [(nested(5), b"\0"), (b"1", rest(b'{"x":' + nested(5) + b"}"))]:
        with pytest.raises(LimitError) as caught:
            decode("any", sized(value), limits, beside)
        assert caught.value.limit == "max_depth"
    compiled = Avro().payload(shape_of("any"), Limits(max_depth=10**9))
    for depth in (*range(100, 1200, 100), 100_000):
        for payload in (sized(nested(depth)) + b"\0", sized(b"1") + rest(b'{"x":' + nested(depth) + b"}")):
            try:
                compiled.encode(compiled.decode(payload))
            except (LimitError, UnwritableValueError):
                continue
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(UnwritableValueError):
        compiled.encode({"any": deep})


def test_digits_are_bounded() -> None:
    for name, value in [("decimal", b"1" * 11), ("any", b"1" * 11)]:
        with pytest.raises(LimitError) as caught:
            decode(name, sized(value), Limits(max_digits=10))
        assert caught.value.limit == "max_digits"


def test_an_int_of_more_than_64_bits_is_not_written() -> None:
    compiled = Avro().payload(shape_of("int"), DEFAULT_LIMITS)
    for value in (2**63 - 1, -(2**63)):
        assert compiled.decode(compiled.encode({"int": value})) == {"int": value}
    for value in (2**63, -(2**63) - 1):
        with pytest.raises(UnwritableValueError) as caught:
            compiled.encode({"int": value})
        assert str(caught.value) == "at `int`: An int has more than the 64 bits of its Avro type."


@pytest.mark.parametrize(
    ("name", "value", "path", "problem"),
    [
        ("int", {}, "int", "The attribute is always written, and it is absent."),
        ("str", {"str": "\ud800"}, "str", "A str has a lone surrogate, which Avro cannot carry."),
        ("map", {"map": {"\ud800": 1}}, "map[*]", "A str has a lone surrogate, which Avro cannot carry."),
        ("map", {"map": {1: 1}}, "map[*]", "Expected str as a name, found int."),
        ("list", {"list": [True, 1]}, "list[1]", "Expected bool, found int."),
        ("enum", {"enum": "green"}, "enum", "Expected one of the enum's members, found another str."),
        ("size", {"size": 3}, "size", "Expected one of the enum's members, found another int."),
        ("size", {"size": True}, "size", "Expected int, found bool."),
        ("null", {"null": "1"}, "null", "Expected int, found str."),
        ("any", {"any": float("nan")}, "any", "JSON has no NaN and no infinity where any value may stand."),
        ("union", {"union": {}}, "union.kind", "The attribute that tells the union's arms apart is missing."),
        ("union", {"union": {"kind": 1}}, "union.kind", "Expected str, found int."),
        ("union", {"union": []}, "union", "Expected object, found list."),
        ("union", {"union": {"kind": "x"}}, "union.kind",
         "Expected a value of one of the union's arms, found another one."),
    ],
)  # fmt: skip
def test_unwritable(name: str, value: Tree, path: str, problem: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        Avro().payload(shape_of(name), DEFAULT_LIMITS).encode(value)
    assert (caught.value.path, caught.value.problem) == (path, problem)


def test_null_is_no_way_to_write_an_absent_attribute() -> None:
    compiled = Avro().payload(Shape("Case", (Attribute("a", Scalar("int"), ABSENT),)), DEFAULT_LIMITS)
    assert compiled.decode(compiled.encode({})) == {}
    with pytest.raises(UnwritableValueError):
        compiled.encode({"a": None})


def test_a_value_of_another_codec_is_none_of_this_one() -> None:
    value = Avro().value(Scalar("int"), DEFAULT_LIMITS)
    assert value.decode(Raw("avro", b"1")) == 1
    with pytest.raises(PayloadError, match="Expected a value in avro, found one in another codec"):
        value.decode(Raw("json", b"1"))


def test_the_field_for_what_is_kept_is_one_byte() -> None:
    compiled = Avro().payload(shape_of("int"), DEFAULT_LIMITS)
    assert compiled.encode({"int": 1}) == long(1) + b"\0"
    assert compiled.decode(long(1) + rest(b"{}")) == {"int": 1}
    assert UNDECLARED not in compiled.decode(long(1) + b"\0")
