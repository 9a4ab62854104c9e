"""CBOR: the common conformance, and what is CBOR's own."""

from __future__ import annotations

import gc
import tracemalloc
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.codecs import conformance
from tests.codecs.conformance import check_hostile, check_round_trip, check_value
from versioned_serde.codecs.cbor import plugin
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.shape import (
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
from versioned_serde.tree import COMPLEMENT, Raw, Tree

CODEC = plugin()


def compiled(*attributes: tuple[str, Type], limits: Limits = DEFAULT_LIMITS) -> Any:
    return CODEC.payload(Shape("Case", tuple(Attribute(name, type_) for name, type_ in attributes)), limits)


def one(value: Any) -> bytes:
    return cbor2.dumps(value)


def tag(number: int, value: Any) -> Any:
    return cbor2.CBORTag(number, value)


@given(conformance.shaped_trees(CODEC))
def test_round_trip(drawn: tuple[Shape, Tree]) -> None:
    cbor2.loads(check_round_trip(CODEC, *drawn))


@given(st.data())
def test_value_round_trip(data: st.DataObject) -> None:
    type_ = data.draw(conformance.types())
    check_value(CODEC, type_, data.draw(conformance.values(type_)))


@given(st.data())
def test_an_older_host_loses_nothing(data: st.DataObject) -> None:
    shape, tree = data.draw(conformance.shaped_trees(CODEC))
    conformance.check_unknown_retained(CODEC, shape, data.draw(conformance.narrower(shape)), tree)


@given(st.data())
def test_damaged_bytes(data: st.DataObject) -> None:
    shape, tree = data.draw(conformance.shaped_trees(CODEC))
    payload = CODEC.payload(shape, DEFAULT_LIMITS).encode(tree)
    check_hostile(CODEC, shape, data.draw(conformance.damaged(payload)))


def test_encoding_is_strict() -> None:
    conformance.check_strict_encode(CODEC)


POINT = ObjectType(Shape("Point", (Attribute("x", Scalar("int")),)))
ARM = ObjectType(Shape("A", (Attribute("kind", EnumType(("a",))), Attribute("at", ListType(POINT)))))
STRICT: tuple[tuple[str, Type], ...] = (
    ("int", Scalar("int")), ("float", Scalar("float")), ("bool", Scalar("bool")), ("str", Scalar("str")),
    ("bytes", Scalar("bytes")), ("decimal", Scalar("decimal")), ("datetime", Scalar("datetime")),
    ("date", Scalar("date")), ("time", Scalar("time")), ("uuid", Scalar("uuid")), ("enum", EnumType(("red",))),
    ("null", NullableType(Scalar("int"))), ("list", ListType(Scalar("int"))), ("map", MapType(Scalar("int"))),
    ("any", AnyType()), ("point", POINT), ("union", UnionType("kind", (("a", ARM),))),
)  # fmt: skip


@given(st.binary(max_size=40) | st.binary(max_size=20).map(lambda rest: b"\xa1\x63any" + rest))
def test_any_bytes(data: bytes) -> None:
    check_hostile(CODEC, Shape("Case", tuple(Attribute(name, type_) for name, type_ in STRICT)), data)


@given(st.sampled_from(STRICT), st.binary(max_size=8), st.sampled_from([0, 2, 3, 4, 37, 1004, 99]))
def test_any_tagged_bytes(declared: tuple[str, Type], data: bytes, number: int) -> None:
    head = one(tag(number, 0))[:-1]
    check_hostile(CODEC, Shape("Case", (Attribute("a", declared[1]),)), b"\xa1\x61a" + head + data)


INDIA = timezone(timedelta(hours=5, minutes=30))
NATIVE = {
    "a": [1, -(2**64), 2**64 - 1, 2**64, -(2**64) - 1],
    "b": [1.5, -0.0, float("inf")],
    "c": True,
    "d": None,
    "e": "é",
    "f": b"\xff",
    "g": {"k": 1},
    "h": [Decimal("1.10"), Decimal("1E+5"), Decimal("-0.001"), Decimal(2**70)],
    "i": [datetime(2024, 1, 2, 3, 4, 5, 600, UTC), datetime(2024, 1, 2, tzinfo=INDIA)],
    "j": date(2024, 1, 2),
    "k": UUID(int=7),
}


def test_native_forms_are_those_of_cbor2() -> None:
    codec = compiled(
        ("a", ListType(Scalar("int"))), ("b", ListType(Scalar("float"))), ("c", Scalar("bool")),
        ("d", NullableType(Scalar("int"))), ("e", Scalar("str")), ("f", Scalar("bytes")), ("g", MapType(Scalar("int"))),
        ("h", ListType(Scalar("decimal"))), ("i", ListType(Scalar("datetime"))), ("j", Scalar("date")),
        ("k", Scalar("uuid")),
    )  # fmt: skip
    assert codec.encode(NATIVE) == one(NATIVE)
    found = codec.decode(one(NATIVE))
    assert repr(found) == repr(NATIVE).replace(repr(INDIA), repr(timezone(timedelta(seconds=19800))))


def test_other_forms_are_texts() -> None:
    codec = compiled(
        ("a", ListType(Scalar("decimal"))), ("b", ListType(Scalar("datetime"))), ("c", Scalar("time")),
        ("d", Scalar("timedelta")),
    )  # fmt: skip
    tree = {
        "a": [Decimal("-0.00"), Decimal("NaN"), Decimal("-Infinity")],
        "b": [datetime(2024, 1, 2), datetime(2024, 1, 2, tzinfo=timezone(timedelta(seconds=61)))],  # noqa: DTZ001
        "c": time(1, 2, 3, tzinfo=UTC),
        "d": timedelta(1),
    }
    assert cbor2.loads(codec.encode(tree)) == {
        "a": ["-0.00", "NaN", "-Infinity"],
        "b": ["2024-01-02T00:00:00", "2024-01-02T00:00:00+00:01:01"],
        "c": "01:02:03Z",
        "d": "P1D",
    }
    assert repr(codec.decode(codec.encode(tree))) == repr(tree)


def test_declared_values_in_other_lengths() -> None:
    """Heads longer than needed, shorter floats, parts of strings, and lists and maps without a length are read."""
    codec = compiled(
        ("a", ListType(Scalar("int"))), ("b", ListType(Scalar("float"))), ("c", Scalar("str")), ("d", Scalar("bytes")),
        ("e", MapType(Scalar("int"))), ("f", Scalar("decimal")), ("g", Scalar("uuid")),
    )  # fmt: skip
    payload = (
        b"\xbf\x7f\x61a\xff\x98\x02\x18\x01\x3b\x00\x00\x00\x00\x00\x00\x00\x00"
        b"\x78\x01b\x9f\xf9\x3c\x00\xfa\x3f\x80\x00\x00\x01\xff\x61c\x7f\x62\xc3\xa9\x60\xff\x61d\x5f\x40\x41\xff\xff"
        b"\x61e\xbf\x61k\x01\xff\x61f\xd8\x04\x9f\x38\x01\x19\x00\x6e\xff\x61g\xd9\x00\x25\x58\x10"
        + bytes(16)
        + b"\xff"
    )
    assert repr(codec.decode(payload)) == repr(
        {"a": [1, -1], "b": [1.0, 1.0, 1.0], "c": "é", "d": b"\xff", "e": {"k": 1}, "f": Decimal("1.10")}
        | {"g": UUID(int=0)}
    )
    assert codec.decode(b"\xa1\x61f\x18\x63") == {"f": Decimal(99)}


@pytest.mark.parametrize(
    ("payload", "path", "problem"),
    [
        (one([]), "", "Expected object, found list."),
        (one(None), "", "Expected object, found null."),
        (one(tag(55799, {})), "", "Expected object, found a tagged value."),
        (one({1: 2}), "", "A name in an object is not a str."),
        (one({b"a": 2}), "", "A name in an object is not a str."),
        (b"\xa1\x61\xff\x01", "", "A str is not UTF-8."),
        (b"\xa1\x63str\x61\xff", "str", "A str is not UTF-8."),
        (b"\xa1\x63str\x7f\x61\xc3\x61\xa9\xff", "str", "A str is not UTF-8."),
        (b"\xa2\x61z\x01\x61z\x01", "", "A name occurs twice in an object."),
        (b"\xa2\x61z\x01\x78\x01z\x01", "", "A name occurs twice in an object."),
        (b"\xbf\x61z\x01\x7f\x61z\xff\x01\xff", "", "A name occurs twice in an object."),
        (b"\xa1\x65point\xa2\x61x\x01\x61x\x01", "point", "A name occurs twice in an object."),
        (b"\xa1\x63any\x81\xa2\x61x\x01\x61x\x01", "any", "A name occurs twice in an object."),
        (b"\xa1\x63map\xa2\x61x\x01\x61x\x01", "map", "A name occurs twice in an object."),
        (one({"int": 1.0}), "int", "Expected int, found float."),
        (one({"int": True}), "int", "Expected int, found bool."),
        (one({"int": None}), "int", "Expected int, found null."),
        (one({"int": "1"}), "int", "Expected int, found str."),
        (one({"int": tag(2, b"\x01")}), "int", "Expected int, found one in more bytes than its one form."),
        (one({"int": tag(3, b"\x00" + b"\x01" * 9)}), "int",
         "Expected int, found one in more bytes than its one form."),
        (one({"int": tag(2, "1")}), "int", "Expected int, found int."),
        (one({"int": tag(99, 1)}), "int", "Expected int, found a tagged value."),
        (one({"null": "1"}), "null", "Expected int, found str."),
        (one({"null": cbor2.undefined}), "null", "Expected int, found undefined."),
        (one({"null": cbor2.CBORSimpleValue(99)}), "null", "Expected int, found a simple value."),
        (one({"float": "1"}), "float", "Expected float, found str."),
        (one({"float": 2**53 + 1}), "float", "Expected float, found an int too large for one."),
        (one({"float": 2**64}), "float", "Expected float, found int."),
        (one({"bool": 0}), "bool", "Expected bool, found int."),
        (one({"str": b""}), "str", "Expected str, found bytes."),
        (one({"bytes": ""}), "bytes", "Expected bytes, found str."),
        (one({"decimal": 1.5}), "decimal", "Expected decimal, found float."),
        (one({"decimal": "1.5"}), "decimal", "Expected decimal, found str."),
        (one({"decimal": "x"}), "decimal", "Expected decimal, found text that is not a decimal."),
        (one({"decimal": tag(4, 1)}), "decimal", "Expected list, found int."),
        (one({"decimal": tag(4, [1])}), "decimal", "Expected an exponent and a mantissa, found something else."),
        (one({"decimal": tag(4, [1, 2, 3])}), "decimal", "Expected an exponent and a mantissa, found something else."),
        (one({"decimal": tag(4, [2**64, 1])}), "decimal", "Expected an exponent and a mantissa, found something else."),
        (one({"decimal": tag(4, [1, 1.0])}), "decimal", "Expected int, found float."),
        (one({"decimal": tag(4, [10**9, 1])}), "decimal", "Expected decimal, found an exponent too large for one."),
        (one({"decimal": tag(4, [10**9 - 1, 10])}), "decimal", "Expected decimal, found text that is not a decimal."),
        (one({"datetime": tag(1, 0)}), "datetime", "Expected datetime, found a tagged value."),
        (one({"datetime": tag(0, 0)}), "datetime", "Expected str, found int."),
        (one({"datetime": tag(0, "2024-01-02")}), "datetime", "Expected datetime, found text that is not a datetime."),
        (one({"datetime": tag(0, "2024-01-02T03:04:05")}), "datetime",
         "Expected datetime, found one whose tag does not go with its offset from UTC."),
        (one({"datetime": "2024-01-02T03:04:05Z"}), "datetime",
         "Expected datetime, found one whose tag does not go with its offset from UTC."),
        (one({"datetime": 1}), "datetime", "Expected datetime, found int."),
        (one({"date": "2024-01-02"}), "date", "Expected date, found str."),
        (one({"date": tag(1004, "2024-02-30")}), "date", "Expected date, found text that is not a date."),
        (one({"uuid": str(UUID(int=7))}), "uuid", "Expected uuid, found str."),
        (one({"uuid": tag(37, bytes(15))}), "uuid", "Expected uuid, found bytes that are not 16."),
        (one({"uuid": tag(37, bytes(17))}), "uuid", "Expected uuid, found bytes that are not 16."),
        (one({"time": tag(0, "03:04:05")}), "time", "Expected str, found datetime."),
        (one({"enum": "blue"}), "enum", "Expected one of the enum's members, found another str."),
        (one({"list": [1, "2"]}), "list[1]", "Expected int, found str."),
        (one({"list": {}}), "list", "Expected list, found object."),
        (one({"map": {"secret": "x"}}), "map[*]", "Expected int, found str."),
        (one({"any": [b""]}), "any", "Expected a JSON-like value, found bytes."),
        (one({"any": tag(4, [1, 1])}), "any", "Expected a JSON-like value, found decimal."),
        (one({"any": {1: 2}}), "any", "A name in an object is not a str."),
        (one({"point": []}), "point", "Expected object, found list."),
        (one({"union": {"kind": "a", "at": [{"x": None}]}}), "union.at[0].x", "Expected int, found null."),
        (one({"$kept": {}}), "$kept", "Expected list, found object."),
    ],
)  # fmt: skip
def test_refusals_say_where_and_what(payload: bytes, path: str, problem: str) -> None:
    with pytest.raises(PayloadError) as caught:
        compiled(*STRICT).decode(payload)
    assert (caught.value.path, caught.value.problem) == (path, problem)


UNKNOWN = [
    b"\xf9\x3c\x00",
    b"\xfa\x7f\xc0\x00\x01",
    b"\xfb\x7f\xf0\x00\x00\x00\x00\x00\x01",
    b"\x18\x01",
    b"\x3b\x00\x00\x00\x00\x00\x00\x00\x01",
    b"\x7f\x61a\x60\xff",
    b"\x5f\xff",
    b"\x61\xff",
    b"\x78\x01a",
    b"\x80",
    b"\x9f\xff",
    b"\xbf\x01\x02\xff",
    b"\xa2\x01\x02\x01\x03",
    b"\xf7",
    b"\xf8\xff",
    b"\xd9\xff\xff\x61a",
    b"\xc1\xc1\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00",
    b"\xd8\x1c\x81\xd8\x1d\x00",  # a list that holds itself
    b"\xd8\x23\x66(a+)+$",
    b"\xc5\x82\x1a\xff\xff\xff\xff\x03",  # 3 times 2 to the 4294967295
    b"\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xc2\x42\x00\x01",
    b"\xd9\x01\x00\x82\x61a\xd8\x19\x00",
]


@pytest.mark.parametrize("value", UNKNOWN)
def test_unknown_values_keep_their_bytes(value: bytes) -> None:
    payload = b"\xa2\x61y" + value + b"\x61z" + value
    for limits in (DEFAULT_LIMITS, Limits(max_depth=4)):
        tree = compiled(limits=limits).decode(payload)
        assert tree == {"y": Raw("cbor", value), "z": Raw("cbor", value)}
        assert compiled().encode(tree) == payload


def test_what_is_kept_does_not_keep_the_payload() -> None:
    payload = one({"big": "x" * 5_000_000, "small": 1})
    tracemalloc.start()
    try:
        kept = compiled(("other", Scalar("int"))).decode(payload)
        del kept["big"]
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
    assert kept == {"small": Raw("cbor", b"\x01")}


def test_a_value_of_another_codec_is_wrapped_and_found() -> None:
    raw = Raw("json", b"1.10")
    payload = one({"a": {"$raw": ["json", b"1.10"]}})
    assert compiled().encode({"a": raw}) == payload
    assert compiled().decode(payload) == {"a": raw}


@pytest.mark.parametrize(
    "value",
    [
        one({"$raw": ["cbor", b"\x01"]}),
        one({"$raw": ["json", "1"]}),
        one({"$raw": ["json"]}),
        one({"$raw": ["json", b"1", b"2"]}),
        one({"$raw": ["json", b"1"], "more": 1}),
        b"\xa1\x64$raw\x82\x78\x04json\x411",
        b"\xa1\x64$raw\x82\x64json\x58\x011",
        b"\xa1\x64$raw\x82\x61\xff\x411",
        b"\xc6\xa1\x64$raw\x82\x64json\x411",
    ],
)
def test_what_only_looks_like_a_wrapper_stays_as_it_came(value: bytes) -> None:
    assert compiled().decode(b"\xa1\x61a" + value) == {"a": Raw("cbor", value)}


def test_complement() -> None:
    entry = {"step": "4.1", "direction": "up", "witness": {"a": 1}, "kept": {"b": {"$raw": ["xml", b"<a/>"]}}}
    payload = one({"$kept": [entry, entry | {"absent": ["c"]}]})
    tree = compiled().decode(payload)
    first, second = tree[COMPLEMENT]
    assert (first.step, first.direction, first.absent, second.absent) == ("4.1", "up", (), ("c",))
    assert (first.witness, first.kept) == ({"a": Raw("cbor", b"\x01")}, {"b": Raw("xml", b"<a/>")})
    assert compiled().encode(tree) == payload
    # At the limit of nesting, too: what holds a value there is not counted, the value's own lists are.
    assert repr(compiled(limits=Limits(max_depth=1)).decode(payload)) == repr(tree)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("\ud800", "A str has a lone surrogate, which CBOR cannot carry."),
        (10**1000, "An int has more than 1000 digits, so nobody could read it."),
        (b"", "Expected a JSON-like value, found bytes."),
        ({1: 2}, "Expected str as a name, found int."),
        ([[[[[1]]]]], "Objects and lists are nested deeper than 5."),
    ],
)
def test_what_any_value_cannot_be(value: Any, problem: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        compiled(("a", AnyType()), limits=Limits(max_depth=5)).encode({"a": value})
    assert (caught.value.path, caught.value.problem) == ("a", problem)


def test_surrogates_are_refused_with_their_place() -> None:
    with pytest.raises(UnwritableValueError, match=r"^at `list\[1\]`: A str has a lone surrogate"):
        compiled(("list", ListType(Scalar("str")))).encode({"list": ["a", "\udc80"]})
    with pytest.raises(UnwritableValueError, match=r"^at `map\[\*\]`: A str has a lone surrogate"):
        compiled(("map", MapType(Scalar("str")))).encode({"map": {"\udc80": ""}})
    with pytest.raises(UnwritableValueError, match=r"^at `a`: A str has a lone surrogate"):
        compiled().encode({"a": Raw("\udc80", b"")})


def test_digits_are_bounded() -> None:
    codec = compiled(*STRICT, limits=Limits(max_digits=30))
    for sign in (1, -1):
        most = sign * (10**30 - 1)
        tree = {"int": most, "decimal": Decimal(most).scaleb(-3), "any": most}
        assert codec.decode(codec.encode(tree)) == tree
        for name, value in (("int", most + sign), ("decimal", tag(4, [0, most + sign])), ("any", most + sign)):
            with pytest.raises(LimitError) as caught:
                codec.decode(one({name: value}))
            assert (caught.value.limit, caught.value.path) == ("max_digits", name)
    with pytest.raises(UnwritableValueError):
        codec.encode({"int": 10**30})


def test_a_huge_integer_is_refused_at_once() -> None:
    payload = one({"int": tag(2, b"\x01" * 10_000_000)})
    with pytest.raises(LimitError):
        compiled(*STRICT).decode(payload)


def test_a_value_of_another_codec_is_not_read_as_cbor() -> None:
    with pytest.raises(PayloadError, match=r"^Expected a value in cbor, found one in another codec"):
        CODEC.value(Scalar("int"), DEFAULT_LIMITS).decode(Raw("json", b"1"))
