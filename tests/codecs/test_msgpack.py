"""MessagePack: the common conformance, and what is MessagePack's own."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.codecs.msgpack import plugin
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
from versioned_serde.testing.conformance.checks import check_hostile
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.trees import shaped_trees
from versioned_serde.tree import COMPLEMENT, Raw, Tree

CODEC = plugin()


def compiled(*attributes: tuple[str, Type], limits: Limits = DEFAULT_LIMITS) -> Any:
    return CODEC.payload(Shape("Case", tuple(Attribute(name, type_) for name, type_ in attributes)), limits)


def one(value: Any) -> bytes:
    return msgspec.msgpack.encode(value)


class TestConformance(CodecConformance):
    codec = CODEC

    @staticmethod
    def nested(depth: int) -> bytes:
        return b"\x81\xa1a" + b"\x91" * depth + b"\x01"


@given(shaped_trees(CODEC))
def test_the_payload_is_messagepack(drawn: tuple[Shape, Tree]) -> None:
    msgspec.msgpack.decode(CODEC.payload(drawn[0], DEFAULT_LIMITS).encode(drawn[1]))


POINT = ObjectType(Shape("Point", (Attribute("x", Scalar("int")),)))
ARM = ObjectType(Shape("A", (Attribute("kind", EnumType(("a",))), Attribute("at", ListType(POINT)))))
STRICT: tuple[tuple[str, Type], ...] = (
    ("int", Scalar("int")), ("float", Scalar("float")), ("bool", Scalar("bool")), ("str", Scalar("str")),
    ("bytes", Scalar("bytes")), ("decimal", Scalar("decimal")), ("datetime", Scalar("datetime")),
    ("enum", EnumType(("red",))), ("null", NullableType(Scalar("int"))), ("list", ListType(Scalar("int"))),
    ("map", MapType(Scalar("int"))), ("any", AnyType()), ("point", POINT), ("union", UnionType("kind", (("a", ARM),))),
)  # fmt: skip


@given(st.binary(max_size=40) | st.binary(max_size=20).map(lambda rest: b"\x81\xa3any" + rest))
def test_any_bytes(data: bytes) -> None:
    check_hostile(CODEC, Shape("Case", tuple(Attribute(name, type_) for name, type_ in STRICT)), data)


NATIVE = {
    "a": 1,
    "b": -(2**63),
    "c": 2**64 - 1,
    "d": 1.5,
    "e": True,
    "f": None,
    "g": "é",
    "h": b"\xff",
    "i": [1],
    "j": {"k": 1},
}


def test_native_forms_are_used() -> None:
    codec = compiled(
        ("a", Scalar("int")), ("b", Scalar("int")), ("c", Scalar("int")), ("d", Scalar("float")), ("e", Scalar("bool")),
        ("f", NullableType(Scalar("int"))), ("g", Scalar("str")), ("h", Scalar("bytes")),
        ("i", ListType(Scalar("int"))), ("j", MapType(Scalar("int"))),
    )  # fmt: skip
    assert codec.encode(NATIVE) == one(NATIVE)
    assert codec.decode(one(NATIVE)) == NATIVE


def test_other_forms_are_texts() -> None:
    codec = compiled(("a", Scalar("int")), ("b", Scalar("decimal")), ("c", Scalar("datetime")))
    tree = {"a": 2**64, "b": Decimal("1.10"), "c": datetime(2024, 1, 2, tzinfo=UTC)}
    assert msgspec.msgpack.decode(codec.encode(tree)) == {
        "a": "18446744073709551616",
        "b": "1.10",
        "c": "2024-01-02T00:00:00Z",
    }


@pytest.mark.parametrize(
    ("payload", "path", "problem"),
    [
        (b"", "", "The payload is empty."),
        (b"\xc1", "", "The payload is not MessagePack."),
        (b"\x81\xa1z", "", "The payload is not MessagePack."),
        (b"\x80\x80", "", "The payload is not MessagePack."),
        (b"\x81\xa1z\xc1", "", "The payload is not MessagePack."),
        (b"\xdf\xff\xff\xff\xff", "", "The payload is not MessagePack."),
        (one([]), "", "Expected object, found list."),
        (one(None), "", "Expected object, found null."),
        (one({1: 2}), "", "A name in an object is not a str."),
        (one({b"a": 2}), "", "A name in an object is not a str."),
        (b"\x81\xa1\xff\x01", "", "A str is not UTF-8."),
        (b"\x81\xa3str\xa1\xff", "str", "A str is not UTF-8."),
        (b"\x82\xa1z\x01\xa1z\x01", "", "A name occurs twice in an object."),
        (b"\xde\x00\x02\xa1z\x01\xa1z\x01", "", "A name occurs twice in an object."),
        (b"\xdf\x00\x00\x00\x02\xa1z\x01\xd9\x01z\x01", "", "A name occurs twice in an object."),
        (b"\x81\xa5point\x82\xa1x\x01\xa1x\x01", "point", "A name occurs twice in an object."),
        (b"\x81\xa3any\x91\x82\xa1x\x01\xa1x\x01", "any", "A name occurs twice in an object."),
        (b"\x81\xa3map\x82\xa1x\x01\xa1x\x01", "map", "A name occurs twice in an object."),
        (one({"int": 1.0}), "int", "Expected int, found float."),
        (one({"int": True}), "int", "Expected int, found bool."),
        (one({"int": None}), "int", "Expected int, found null."),
        (one({"int": "1"}), "int", "Expected int, found str."),
        (one({"int": "018446744073709551616"}), "int", "Expected int, found text that is not a int."),
        (one({"null": "1"}), "null", "Expected int, found str."),
        (one({"float": "1"}), "float", "Expected float, found str."),
        (one({"float": 2**63 + 1}), "float", "Expected float, found an int too large for one."),
        (one({"bool": 0}), "bool", "Expected bool, found int."),
        (one({"str": b""}), "str", "Expected str, found bytes."),
        (one({"bytes": ""}), "bytes", "Expected bytes, found str."),
        (one({"decimal": 1.5}), "decimal", "Expected decimal, found float."),
        (one({"datetime": datetime(2024, 1, 2, tzinfo=UTC)}), "datetime", "Expected datetime, found extension."),
        (one({"enum": "blue"}), "enum", "Expected one of the enum's members, found another str."),
        (one({"list": [1, "2"]}), "list[1]", "Expected int, found str."),
        (one({"list": {}}), "list", "Expected list, found object."),
        (one({"map": {"secret": "x"}}), "map[*]", "Expected int, found text that is not a int."),
        (one({"any": [b""]}), "any", "Expected a JSON-like value, found bytes."),
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


@pytest.mark.parametrize("count", [1, 15, 16, 65_535, 65_536])
def test_every_size_of_map_is_counted(count: int) -> None:
    codec = compiled(("map", MapType(Scalar("int"))))
    tree = {"map": {f"{index:05}": index for index in range(count)}}
    payload = codec.encode(tree)
    assert codec.decode(payload) == tree
    if count > 1:
        with pytest.raises(PayloadError, match="occurs twice"):
            codec.decode(payload.replace(b"00000", b"00001"))


def test_exact_widening() -> None:
    codec = compiled(("a", ListType(Scalar("float"))), ("b", Scalar("decimal")))
    payload = b"\x82\xa1a\x93\x01\xca\x3f\x80\x00\x00\xcf\x80\x00\x00\x00\x00\x00\x00\x00\xa1b\xff"
    assert repr(codec.decode(payload)) == "{'a': [1.0, 1.0, 9.223372036854776e+18], 'b': Decimal('-1')}"


UNKNOWN = [
    b"\xca\x3f\x80\x00\x00",
    b"\xd5\x05zz",
    b"\xd3\x00\x00\x00\x00\x00\x00\x00\x01",
    b"\xc4\x01\xff",
    b"\xa1\xff",
    b"\x82\x01\x02\x91\xc0\xd6\xff\x00\x00\x00\x00",
    b"\x91\xca\x3f\x80\x00\x00",
    b"\xd9\x01a",
]


@pytest.mark.parametrize("value", UNKNOWN)
def test_unknown_values_keep_their_bytes(value: bytes) -> None:
    payload = b"\x81\xa1z" + value
    for limits in (DEFAULT_LIMITS, Limits(max_depth=4)):
        tree = compiled(limits=limits).decode(payload)
        assert tree == {"z": Raw("msgpack", value)}
        assert compiled().encode(tree) == payload


def test_what_is_kept_does_not_keep_the_payload() -> None:
    payload = one({"big": "x" * 5_000_000, "small": 1})
    tracemalloc.start()
    try:
        tree = compiled(("big", Scalar("int"))).decode(one({"small": 1}))
        kept = compiled(("other", Scalar("int"))).decode(payload)
        del kept["big"]
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
    assert tree == kept == {"small": Raw("msgpack", b"\x01")}


def test_a_value_of_another_codec_is_wrapped_and_found() -> None:
    raw = Raw("json", b"1.10")
    payload = one({"a": {"$raw": ["json", b"1.10"]}})
    assert compiled().encode({"a": raw}) == payload
    assert compiled().decode(payload) == {"a": raw}


@pytest.mark.parametrize(
    "value",
    [
        one({"$raw": ["msgpack", b"\x01"]}),
        one({"$raw": ["json", "1"]}),
        one({"$raw": ["json"]}),
        one({"$raw": ["json", b"1", b"2"]}),
        one({"$raw": ["json", b"1"], "more": 1}),
        b"\x81\xa4$raw\x92\xd9\x04json\xc4\x011",
    ],
)
def test_what_only_looks_like_a_wrapper_stays_as_it_came(value: bytes) -> None:
    assert compiled().decode(b"\x81\xa1a" + value) == {"a": Raw("msgpack", value)}


def test_complement() -> None:
    payload = one(
        {"$kept": [{"step": "4.1", "direction": "up", "witness": {"a": 1}, "kept": {"b": {"$raw": ["xml", b"<a/>"]}}}]}
    )
    tree = compiled().decode(payload)
    (entry,) = tree[COMPLEMENT]
    assert (entry.step, entry.direction) == ("4.1", "up")
    assert (entry.witness, entry.kept) == ({"a": Raw("msgpack", b"\x01")}, {"b": Raw("xml", b"<a/>")})
    assert compiled().encode(tree) == payload


OPENINGS = (b"\x91", b"\x81\xa1b", b"\xdc\x00\x01", b"\xdf\x00\x00\x00\x01\xa1b")
PLACED = [(b"a", each) for each in OPENINGS] + [(b"z", each) for each in (*OPENINGS, b"\xde\x00\x01\xc0")]


@pytest.mark.parametrize(("place", "opening"), PLACED)
def test_depth_is_bounded(place: bytes, opening: bytes) -> None:
    codec = compiled(("a", AnyType()), limits=Limits(max_depth=5))
    assert codec.decode(b"\x81\xa1" + place + opening * 4 + b"\x01")
    for depth in (5, 900, 200_000):
        with pytest.raises(LimitError) as caught:
            codec.decode(b"\x81\xa1" + place + opening * depth + b"\x01")
        assert caught.value.limit == "max_depth"


def test_deep_keys_count_as_depth() -> None:
    with pytest.raises(LimitError):
        compiled().decode(b"\x81\xa1z\x81" + b"\x91" * 70 + b"\x01" + b"\x01")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("\ud800", "A str has a lone surrogate, which MessagePack cannot carry."),
        (2**64, "Expected a JSON-like value of at most 64 bits, found int."),
        (b"", "Expected a JSON-like value of at most 64 bits, found bytes."),
        ({1: 2}, "Expected str as a name, found int."),
        ([[[[[1]]]]], "Objects and lists are nested deeper than 5."),
    ],
)
def test_what_any_value_cannot_be(value: Any, problem: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        compiled(("a", AnyType()), limits=replace(DEFAULT_LIMITS, max_depth=5)).encode({"a": value})
    assert (caught.value.path, caught.value.problem) == ("a", problem)


def test_surrogates_are_refused_with_their_place() -> None:
    with pytest.raises(UnwritableValueError, match=r"^at `list\[1\]`: A str has a lone surrogate"):
        compiled(("list", ListType(Scalar("str")))).encode({"list": ["a", "\udc80"]})
    with pytest.raises(UnwritableValueError, match=r"^A str has a lone surrogate"):
        compiled(("map", MapType(Scalar("str")))).encode({"map": {"\udc80": ""}})


def test_digits_of_texts_are_bounded() -> None:
    for name in ("int", "decimal"):
        with pytest.raises(LimitError):
            compiled(*STRICT).decode(one({name: "1" * 1001}))
