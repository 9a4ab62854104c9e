"""JSON: the common conformance, and what is JSON's own."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic_core import to_json

from versioned_serde.codecs.json import plugin
from versioned_serde.errors import DeclarationError, LimitError, PayloadError, UnwritableValueError
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
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed

CODEC = plugin()


class TestConformance(CodecConformance):
    codec = CODEC

    @staticmethod
    def nested(depth: int) -> bytes:
        return b'{"a":' + b"[" * depth + b"1" + b"]" * depth + b"}"


@given(shaped_trees(CODEC))
def test_the_payload_is_json(drawn: tuple[Shape, Tree]) -> None:
    json.loads(CODEC.payload(drawn[0], DEFAULT_LIMITS).encode(drawn[1]))


def compiled(*attributes: tuple[str, Type], limits: Limits = DEFAULT_LIMITS) -> Any:
    return CODEC.payload(Shape("Case", tuple(Attribute(name, type_) for name, type_ in attributes)), limits)


class Color(Enum):
    RED = "red"


class Inner(BaseModel):
    a: int


class Everything(BaseModel):
    text: str
    number: int
    real: float
    truth: bool
    moment: datetime
    day: date
    hour: time
    duration: timedelta
    price: Decimal
    id: UUID
    color: Color
    maybe: str | None
    inner: list[Inner]
    by_name: dict[str, int]


EVERYTHING = (
    ("text", Scalar("str")), ("number", Scalar("int")), ("real", Scalar("float")), ("truth", Scalar("bool")),
    ("moment", Scalar("datetime")), ("day", Scalar("date")), ("hour", Scalar("time")),
    ("duration", Scalar("timedelta")), ("price", Scalar("decimal")), ("id", Scalar("uuid")),
    ("color", EnumType(("red",))), ("maybe", NullableType(Scalar("str"))),
    ("inner", ListType(ObjectType(Shape("Inner", (Attribute("a", Scalar("int")),))))),
    ("by_name", MapType(Scalar("int"))),
)  # fmt: skip


@given(
    st.builds(
        Everything,
        real=st.floats(allow_nan=False, allow_infinity=False),
        price=st.decimals(allow_nan=False, allow_infinity=False),
    )
)
def test_payload_is_pydantics(model: Everything) -> None:
    tree = {**dict(model), "color": model.color.value, "inner": [dict(inner) for inner in model.inner]}
    codec = compiled(*EVERYTHING)
    payload = to_json(model)
    assert codec.encode(tree) == payload
    assert codec.encode(codec.decode(payload)) == payload


def test_strings_are_escaped_as_pydantic_does() -> None:
    text = "".join(map(chr, range(0x250))) + "\u2028\ufeff\U0001f600"
    assert compiled(("a", Scalar("str"))).encode({"a": text}) == to_json({"a": text})


def test_bytes_are_standard_base64() -> None:
    assert compiled(("a", Scalar("bytes"))).encode({"a": b"\xff\xfe?"}) == b'{"a":"//4/"}'


def test_floats_without_digits_are_strings() -> None:
    codec = compiled(("a", ListType(Scalar("float"))))
    payload = b'{"a":["NaN","Infinity","-Infinity"]}'
    assert codec.encode({"a": [float("nan"), float("inf"), float("-inf")]}) == payload
    assert codec.encode(codec.decode(payload)) == payload


def test_a_lone_surrogate_survives_and_a_split_pair_is_refused() -> None:
    codec = compiled(("a", Scalar("str")))
    assert codec.encode({"a": "é\udc80"}) == b'{"a":"\xc3\xa9\\udc80"}'
    assert codec.decode(b'{"a":"\\udc80","b\\ud800":"\\ud801"}') == {
        "a": "\udc80",
        "b\ud800": Raw("json", b'"\\ud801"'),
    }
    with pytest.raises(UnwritableValueError, match=r"^at `a`: A str has a surrogate pair"):
        codec.encode({"a": "\ud83d\ude00"})
    with pytest.raises(UnwritableValueError, match=r"^A str has a surrogate pair"):
        codec.encode({"\ud83d\ude00": Raw("json", b"1")})


LEXEMES = ["1.10", "-0", "-0.0", "1e400", "1E+2", "0.1000", "123456789012345678901234567890.123", "1" * 5000]


@pytest.mark.parametrize("lexeme", LEXEMES)
def test_lexemes_of_unknown_numbers_survive(lexeme: str) -> None:
    codec = compiled()
    payload = f'{{"a":{lexeme},"b":[{{"c":{lexeme}}}]}}'.encode()
    tree = codec.decode(payload)
    assert tree["a"] == Raw("json", lexeme.encode())
    assert codec.encode(tree) == payload


def test_unknown_values_are_compact() -> None:
    payload = b' { "a" : [ 1 , "\\u00e9\\/\\n" , { } , true , null, false ] } '
    assert compiled().decode(payload) == {"a": Raw("json", '[1,"é/\\n",{},true,null,false]'.encode())}


def test_numbers_of_any_value() -> None:
    codec = compiled(("a", AnyType()))
    tree = codec.decode(b'{"a":[1,-0,1.0,-0.0,1e5,18446744073709551616,{"b":"NaN"}]}')
    assert repr(tree["a"]) == "[1, 0, 1.0, -0.0, 100000.0, 18446744073709551616, {'b': 'NaN'}]"
    assert codec.encode(tree) == b'{"a":[1,0,1.0,-0.0,100000.0,18446744073709551616,{"b":"NaN"}]}'


def test_a_value_of_another_codec_is_wrapped_and_found() -> None:
    codec = compiled()
    raw = Raw("msgpack", b"\xca\x3f\x80\x00\x00")
    assert codec.encode({"a": raw}) == b'{"a":{"$raw":["msgpack","yj+AAAA="]}}'
    assert codec.decode(b'{"a":{"$raw":["msgpack","yj+AAAA="]}}') == {"a": raw}


@pytest.mark.parametrize(
    "value",
    [
        '{"$raw":["json","MQ=="]}',
        '{"$raw":["msgpack","MQ"]}',
        '{"$raw":["msgpack","MR=="]}',
        '{"$raw":["msgpack",1]}',
        '{"$raw":["msgpack"]}',
        '{"$raw":"msgpack"}',
        '{"$raw":["msgpack","MQ=="],"more":1}',
    ],
)
def test_what_only_looks_like_a_wrapper_stays_as_it_came(value: str) -> None:
    tree = compiled().decode(f'{{"a":{value}}}'.encode())
    assert tree == {"a": Raw("json", value.encode())}
    assert compiled().encode(tree) == f'{{"a":{value}}}'.encode()


def test_order_is_the_shapes_and_then_as_it_came() -> None:
    codec = compiled(("a", Scalar("int")), ("b", Scalar("int")))
    assert codec.encode({"z": Raw("json", b"0"), "b": 2, "a": 1, "y": Typed(Scalar("str"), "0")}) == (
        b'{"a":1,"b":2,"z":0,"y":"0"}'
    )


KEPT = b'{"$kept":[{"step":"4.1","direction":"down","witness":{"a":1.10},"kept":{"b":{"$raw":["xml","PGEvPg=="]}}}]}'


def test_complement() -> None:
    tree = compiled().decode(KEPT)
    (entry,) = tree[COMPLEMENT]
    assert type(entry) is Entry
    assert (entry.step, entry.direction, entry.witness, entry.kept) == (
        "4.1", "down", {"a": Raw("json", b"1.10")}, {"b": Raw("xml", b"<a/>")},
    )  # fmt: skip
    assert compiled().encode(tree) == KEPT


def test_what_is_around_a_value_in_a_complement_counts_as_depth() -> None:
    def payload(depth: int) -> bytes:
        return KEPT.replace(b"1.10", b"[" * depth + b"1" + b"]" * depth)

    codec = compiled(limits=Limits(max_depth=6))  # the object, the list, the entry, its witness, and two more
    assert codec.encode(codec.decode(payload(2))) == payload(2)
    with pytest.raises(LimitError):
        codec.decode(payload(3))
    entry = Entry("4.1", "up", {"a": Typed(ListType(ListType(Scalar("int"))), [[1]])}, {})
    codec.decode(codec.encode({COMPLEMENT: [entry]}))
    with pytest.raises(UnwritableValueError):
        compiled(limits=Limits(max_depth=5)).encode({COMPLEMENT: [entry]})


@pytest.mark.parametrize(
    ("union", "path", "problem"),
    [
        ({}, "union.kind", "The attribute that tells the union's arms apart is missing."),
        ({"kind": []}, "union.kind", "Expected str, found list."),
        ({"kind": 1}, "union.kind", "Expected str, found int."),
        ({"kind": "z"}, "union.kind", "Expected a value of one of the union's arms, found another one."),
        ({"kind": "a", "at": [{"x": ""}]}, "union.at[0].x", "Expected int, found str."),
        (None, "union", "Expected object, found null."),
    ],
)
def test_unions_that_are_not_written(union: Any, path: str, problem: str) -> None:
    with pytest.raises(UnwritableValueError) as caught:
        compiled(*STRICT).encode({"union": union})
    assert (caught.value.path, caught.value.problem) == (path, problem)


def test_in_a_map_the_reserved_names_are_keys_like_others() -> None:
    codec = compiled(("a", MapType(Scalar("int"))), ("b", AnyType()))
    payload = b'{"a":{"$kept":1,"$raw":2},"b":{"$kept":1,"$raw":["x","MQ=="]}}'
    assert codec.encode(codec.decode(payload)) == payload


NOT_AN_ENTRY = (
    "An entry of a complement does not hold exactly step, direction, witness, kept, and perhaps absent and each."
)
BAD = [
    (b"", "", "The payload is not JSON at character 0."),
    (b"\xff", "", "The payload is not UTF-8 at byte 0."),
    (b"\xef\xbb\xbf{}", "", "The payload is not JSON at character 0."),
    (b"{} {}", "", "The payload is not JSON at character 3."),
    (b"[]", "", "Expected object, found list."),
    (b"null", "", "Expected object, found null."),
    (b'{"int":NaN}', "", "The payload is not JSON: it has a bare NaN or Infinity."),
    (b'{"z":[-Infinity]}', "", "The payload is not JSON: it has a bare NaN or Infinity."),
    (b'{"int":01}', "", "The payload is not JSON at character 8."),
    (b'{"z":"\n"}', "", "The payload is not JSON at character 6."),
    (b'{"int":1,"int":1}', "", "A name occurs twice in an object."),
    (b'{"z":[{"a":1,"\\u0061":1}]}', "", "A name occurs twice in an object."),
    (b'{"int":"1"}', "int", "Expected int, found str."),
    (b'{"int":1.0}', "int", "Expected int, found float."),
    (b'{"int":1e2}', "int", "Expected int, found float."),
    (b'{"int":true}', "int", "Expected int, found bool."),
    (b'{"int":null}', "int", "Expected int, found null."),
    (b'{"float":"1"}', "float", "Expected float, found str."),
    (b'{"float":1e400}', "float", "Expected float, found a number too large for one."),
    (b'{"bool":0}', "bool", "Expected bool, found number."),
    (b'{"str":1}', "str", "Expected str, found number."),
    (b'{"decimal":"x"}', "decimal", "Expected decimal, found text that is not a decimal."),
    (b'{"decimal":true}', "decimal", "Expected decimal, found bool."),
    (b'{"datetime":1700000000}', "datetime", "Expected datetime, found number."),
    (b'{"enum":"blue"}', "enum", "Expected one of the enum's members, found another str."),
    (b'{"enum":1}', "enum", "Expected str, found number."),
    (b'{"list":[1,2,"3"]}', "list[2]", "Expected int, found str."),
    (b'{"list":{}}', "list", "Expected list, found object."),
    (b'{"map":{"secret":"x"}}', "map[*]", "Expected int, found str."),
    (b'{"any":1e400}', "any", "Expected float, found a number too large for one."),
    (b'{"union":{}}', "union.kind", "The attribute that tells the union's arms apart is missing."),
    (b'{"union":{"kind":1}}', "union.kind", "Expected str, found number."),
    (b'{"union":{"kind":"z"}}', "union.kind", "Expected a value of one of the union's arms, found another one."),
    (b'{"union":{"kind":"a","at":[{"x":""}]}}', "union.at[0].x", "Expected int, found str."),
    (b'{"$kept":{}}', "$kept", "Expected list, found object."),
    (b'{"$kept":[{}]}', "$kept[0]", NOT_AN_ENTRY),
    (KEPT.replace(b"down", b"left"), "$kept[0].direction", "Expected `up` or `down`, found another str."),
    (KEPT.replace(b'"4.1"', b"4.1"), "$kept[0]", "Expected str, found number."),
    (KEPT.replace(b'{"a":1.10}', b"[]"), "$kept[0]", "Expected object, found list."),
]  # fmt: skip
POINT = ObjectType(Shape("Point", (Attribute("x", Scalar("int")),)))
ARM = ObjectType(Shape("A", (Attribute("kind", EnumType(("a",))), Attribute("at", ListType(POINT)))))
STRICT = (
    ("int", Scalar("int")), ("float", Scalar("float")), ("bool", Scalar("bool")), ("str", Scalar("str")),
    ("decimal", Scalar("decimal")), ("datetime", Scalar("datetime")), ("enum", EnumType(("red",))),
    ("list", ListType(Scalar("int"))), ("map", MapType(Scalar("int"))), ("any", AnyType()),
    ("union", UnionType("kind", (("a", ARM),))),
)  # fmt: skip


@pytest.mark.parametrize(("payload", "path", "problem"), BAD)
def test_refusals_say_where_and_what(payload: bytes, path: str, problem: str) -> None:
    with pytest.raises(PayloadError) as caught:
        compiled(*STRICT).decode(payload)
    assert (caught.value.path, caught.value.problem) == (path, problem)


def test_exact_widening() -> None:
    codec = compiled(("a", Scalar("float")), ("b", Scalar("decimal")), ("c", Scalar("decimal")))
    tree = codec.decode(b'{"a":1,"b":1.10,"c":-0}')
    assert repr(tree) == "{'a': 1.0, 'b': Decimal('1.10'), 'c': Decimal('-0')}"


def test_open_enums_keep_unknown_members_in_place() -> None:
    codec = compiled(("a", ListType(EnumType(("red",), open=True))))
    assert codec.decode(b'{"a":["blue","red"]}') == {"a": ["blue", "red"]}


@pytest.mark.parametrize("place", ["a", "z"])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"b":', "}")])
def test_depth_is_bounded(place: str, opening: str, closing: str) -> None:
    codec = compiled(("a", AnyType()), limits=Limits(max_depth=5))
    at_most = f'{{"{place}":{opening * 4}1{closing * 4}}}'.encode()
    assert codec.encode(codec.decode(at_most)) == at_most
    for depth in (5, 900, 200_000):
        with pytest.raises(LimitError) as caught:
            codec.decode(f'{{"{place}":{opening * depth}1{closing * depth}}}'.encode())
        assert caught.value.limit == "max_depth"
    deep: Any = 1
    for _ in range(5):
        deep = [deep]
    with pytest.raises(UnwritableValueError):
        codec.encode({"a": deep})


def test_a_shape_deeper_than_the_limit_is_refused_when_compiled() -> None:
    nested: Type = ListType(ListType(Scalar("int")))
    compiled(("a", nested), limits=Limits(max_depth=3))
    with pytest.raises(DeclarationError):
        compiled(("a", nested), limits=Limits(max_depth=2))
    with pytest.raises(UnwritableValueError):
        compiled(limits=Limits(max_depth=2)).encode({"a": Typed(nested, [[1]])})


@pytest.mark.parametrize("type_", [Scalar("int"), Scalar("decimal"), Scalar("float"), AnyType()])
def test_digits_are_bounded(type_: Type) -> None:
    codec = compiled(("a", type_))
    codec.decode(b'{"a":-' + b"1" * 300 + b"}")
    for digits in (1001, 1_000_000):
        with pytest.raises(LimitError) as caught:
            codec.decode(b'{"a":' + b"1" * digits + b"}")
        assert caught.value.limit == "max_digits"


def test_only_kept_values_stand_beside_what_is_declared() -> None:
    with pytest.raises(
        UnwritableValueError, match=r"^at `b`: Expected a kept value for an undeclared attribute, found"
    ):
        compiled(("a", Scalar("int"))).encode({"a": 1, "b": 2})


@given(st.binary(max_size=40) | st.text(max_size=40).map(lambda text: text.encode(errors="replace")))
def test_any_bytes(data: bytes) -> None:
    check_hostile(CODEC, Shape("Case", tuple(Attribute(name, type_) for name, type_ in STRICT)), data)
