"""Protocol Buffers: the common conformance, what is protobuf's own, and other programs at the same messages."""

from __future__ import annotations

import json
import math
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tests.protos.build import classes
from tests.protos.orders import CODEC, LINE, ORDER, SHAPE, decode, encode, noted, notes_of
from versioned_serde.adapters.protobuf_messages import notes_field
from versioned_serde.adapters.protobuf_notes import to_value
from versioned_serde.codecs.protobuf import Protobuf, plugin
from versioned_serde.errors import DeclarationError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import (
    ABSENT,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
)
from versioned_serde.testing.conformance import trees
from versioned_serde.testing.conformance.checks import check_value
from versioned_serde.testing.conformance.codecs import CodecConformance
from versioned_serde.testing.conformance.reach import EVERYTHING, Reach
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, same

REACH = Reach(
    names=st.text("abcdefgh", min_size=1, max_size=3),
    scalars={**EVERYTHING.scalars, "int": st.integers(-(2**63), 2**63 - 1)},
    any=False,
    unions=False,
    null_anywhere=False,
    nested_lists=False,
    long_integers=False,
    tells_kinds=False,
    ordered=False,
    looks_into_unknown=False,  # upb itself nests at most 100 deep
)
NATIVE = {"str": "string", "int": "sint64", "float": "double", "bool": "bool", "bytes": "bytes"}


def proto_of(shape: Shape, newest: Shape | None = None) -> str:
    """A .proto file, in the language of `classes`, whose message `M0` carries the shape.

    `newest`: the same shape with more attributes, at any level, which gives the fields their numbers.
    """
    messages: list[str] = []

    def message(shape: Shape, newest: Shape) -> str:
        index = len(messages)
        messages.append("")
        lines = [f"message M{index}"]
        for number, attribute in enumerate(newest.attributes, 1):
            if (own := shape.get(attribute.name)) is not None:
                lines.append(f"{type_name(own.type, attribute.type)} {attribute.name} = {number}")
        messages[index] = "\n".join(lines)
        return f"M{index}"

    def type_name(type_: Type, newest: Any, label: str = "optional ") -> str:
        match type_:
            case NullableType(inner):
                return type_name(inner, newest.inner)
            case ListType(item):
                return type_name(item, newest.item, "repeated ")
            case MapType(value):
                return type_name(value, newest.value, "map ")
            case ObjectType(shape):
                return label + message(shape, newest.shape)
            case EnumType():
                return label + ("string" if type_.base == "str" else "int32")
            case Scalar(name):
                return label + NATIVE.get(name, "string")
        raise DeclarationError(f"This file writes no field of {type(type_).__name__}.")

    message(shape, shape if newest is None else newest)
    return "\n".join(messages)


def codec_for(shape: Shape) -> Protobuf:
    return Protobuf(classes(proto_of(shape))["M0"])


UNBOUND = plugin()


class TestConformance(CodecConformance):
    codec = UNBOUND
    reach = REACH

    def codec_for(self, shape: Shape) -> Protobuf:
        try:
            return codec_for(shape)
        except (TypeError, ValueError):
            raise DeclarationError("There is no .proto file for this shape.") from None


@given(st.data())
def test_a_value_apart_is_of_any_type(data: st.DataObject) -> None:
    type_ = data.draw(trees.types())
    check_value(UNBOUND, type_, data.draw(trees.values(type_)))


@given(trees.shaped_trees(UNBOUND, REACH), st.data())
def test_an_older_class_loses_nothing(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
    shape, tree = drawn
    newer = codec_for(shape).payload(shape, DEFAULT_LIMITS)
    narrow = data.draw(trees.narrower(shape))
    old_class = classes(proto_of(narrow, shape))["M0"]
    payload = newer.encode(tree)
    older = Protobuf(old_class).payload(narrow, DEFAULT_LIMITS)
    assert trees.equivalent(UNBOUND, tree, newer.decode(older.encode(older.decode(payload))))
    # And a program that does not know this library.
    assert trees.equivalent(UNBOUND, tree, newer.decode(old_class.FromString(payload).SerializeToString()))


FULL: Tree = {
    "buyer": "ada",
    "total": 0,
    "weight": -0.0,
    "due": date(2024, 2, 29),
    "size": 0,
    "first": {"sku": "f"},
    "lines": [{"sku": "a", "count": 0}, {"sku": ""}],
    "tags": ["x", ""],
    "by_sku": {"b": {"sku": "b"}, "a": {"sku": "a"}},
    "prices": {"a": math.inf},
}


def test_other_programs_read_it_as_their_message() -> None:
    payload = encode(FULL)
    assert notes_of(payload) is None
    order = ORDER["Order"].FromString(payload)
    assert order == ORDER["Order"](
        buyer="ada", total=0, weight=-0.0, due="2024-02-29", size=0, first={"sku": "f"}, tags=["x", ""],
        lines=[{"sku": "a", "count": 0}, {"sku": ""}],
        by_sku={"b": ORDER["Line"](sku="b"), "a": ORDER["Line"](sku="a")}, prices={"a": math.inf},
    )  # fmt: skip
    assert same(decode(order.SerializeToString()), FULL)
    assert encode(dict(reversed(FULL.items()))) == payload


def test_what_a_message_cannot_say_is_noted() -> None:
    tree: Tree = {
        "buyer": "",
        "total": None,
        "weight": 0.0,
        "first": None,
        "lines": [],
        "tags": [],
        "by_sku": {},
        "prices": {},
        "gift": Typed(ListType(Scalar("decimal")), [Decimal("1.10")]),
        "from elsewhere": Raw("msgpack", b"\xa1a"),
        COMPLEMENT: [Entry("4.1", "down", {"a": Typed(Scalar("int"), 1)}, {"b": Raw("json", b"1.10")})],
    }
    payload = encode(tree)
    assert notes_of(payload) == {
        "null": ["total", "first"],
        "empty": ["weight", "tags", "by_sku", "prices"],
        "extra": {
            "gift": ["1.10"],
            "from elsewhere": {"$raw": ["msgpack", "oWE="]},
            "$kept": [
                {"step": "4.1", "direction": "down", "witness": {"a": 1}, "kept": {"b": {"$raw": ["json", "MS4xMA=="]}}}
            ],
        },
    }
    assert ORDER["Order"].FromString(payload).ListFields() == []
    found = decode(payload)
    assert trees.equivalent(CODEC, tree, found)
    assert encode(found) == payload
    # A program that knows nothing of it reads and writes the message.
    plain = ORDER["Order"].FromString(payload)
    assert trees.equivalent(CODEC, found, decode(plain.SerializeToString()))


def test_absent_null_and_empty_are_three() -> None:
    bare = {"buyer": "", "lines": []}
    assert decode(b"") == bare
    assert encode(bare) == b""
    explicit: dict[str, list[Any]] = {
        "total": [None, 0],
        "weight": [0.0],
        "first": [None, {}, {"sku": ""}],
        "tags": [None, []],
    }
    for name, values in explicit.items():
        for value in values:
            assert same(decode(encode({**bare, name: value})), {**bare, name: value})


def test_what_a_field_says_wins_over_notes() -> None:
    written = ORDER["Order"](buyer="a", total=1, tags=["t"], due="2024-01-02").SerializeToString()
    stale = noted(null=["total", "tags"], empty=["tags"], extra={"due": "2000-01-01", "card": "old"})
    expected = {"buyer": "a", "total": 1, "tags": ["t"], "due": date(2024, 1, 2), "lines": []}
    assert decode(written + stale) == {**expected, "card": to_value(b'"old"')}
    assert decode(ORDER["Order"](card="new").SerializeToString() + stale)["card"] == to_value(b'"new"')
    assert decode(noted(null=["total"], extra={"total": 1}))["total"] is None


def test_a_declared_attribute_may_come_from_the_notes() -> None:
    # A release whose class lacked the field wrote it.
    assert decode(noted(extra={"due": "2024-01-02", "first": {"sku": "f"}})) == {
        "buyer": "", "due": date(2024, 1, 2), "first": {"sku": "f"}, "lines": []
    }  # fmt: skip


def test_undeclared_fields_of_the_class_stand_under_their_names() -> None:
    message = ORDER["Order"](buyer="a", note="n", ratio=0.1, tries=7, voucher={"sku": "v", "count": 0})
    message.voucher.MergeFromString(b"\x48\x05")
    message.voucher.MergeFromString(notes_field(b'{"extra":{"x":1.10}}'))
    payload = message.SerializeToString(deterministic=True)
    found = decode(payload)
    assert found == {
        "buyer": "a",
        "lines": [],
        "note": to_value(b'"n"'),
        "ratio": to_value(b"0.10000000149011612"),
        "tries": to_value(b"7"),
        "voucher": to_value(b'{"sku":"v","count":0,"x":1.10,"#":{"$raw":["protobuf","SAU="]}}'),
    }
    assert encode(found) == payload


def test_typed_values_go_into_fields_that_can_carry_them() -> None:
    tree = {
        "buyer": "a",
        "lines": [],
        "note": Typed(Scalar("uuid"), UUID(int=5)),
        "tries": Typed(Scalar("int"), 0),
        "voucher": Typed(ObjectType(LINE), {"sku": "v"}),
        "ratio": Typed(Scalar("float"), 0.1),  # a float32 does not carry it
        "card": Typed(ListType(Scalar("str")), ["c"]),  # not a type of the field
    }
    payload = encode(tree)
    assert (
        ORDER["Order"].FromString(payload).ListFields()
        == ORDER["Order"]
        .FromString(ORDER["Order"](buyer="a", note=str(UUID(int=5)), voucher={"sku": "v"}).SerializeToString())
        .ListFields()
    )
    assert notes_of(payload) == {"empty": ["tries"], "extra": {"ratio": 0.1}}
    found = decode(payload)
    assert CODEC.value(Scalar("uuid"), DEFAULT_LIMITS).decode(found["note"]) == UUID(int=5)
    assert found["tries"] == to_value(b"0")


def test_a_value_that_is_not_as_the_field_would_give_it_back_stays_in_the_notes() -> None:
    tree = {
        "buyer": "",
        "lines": [],
        "tries": to_value(b"7.0"),  # not an int
        "note": Raw("protobuf", b""),  # not a str
        "ratio": to_value(b"0.50"),  # would come back as 0.5
        "voucher": to_value(b'{"sku":"v","count":1099511627776}'),  # does not fit, after a part of it did
    }
    payload = encode(tree)
    assert ORDER["Order"].FromString(payload).ListFields() == []
    assert decode(payload) == tree
    foreign = {"buyer": "", "lines": [], "card": Raw("json", b'"c"')}
    assert decode(encode(foreign)) == foreign


def test_of_two_notes_on_an_attribute_the_first_counts() -> None:
    twice = noted(null=["x"], empty=["x", "y"], extra={"x": 1, "y": 1})
    assert decode(twice) == {"buyer": "", "lines": [], "x": to_value(b"null"), "y": Raw("protobuf", b"")}


def test_maps_are_written_and_kept_in_the_order_of_their_keys() -> None:
    prices = {str(number): float(number) for number in range(30)}
    payload = encode({"prices": prices})
    assert encode({"prices": dict(reversed(prices.items()))}) == payload
    older = CODEC.payload(SHAPE.without("prices"), DEFAULT_LIMITS).decode(payload)
    assert older["prices"] == to_value(json.dumps(dict(sorted(prices.items())), separators=(",", ":")).encode())


def test_a_member_of_a_oneof_evicts_an_undeclared_one() -> None:
    shape = Shape("Order", (Attribute("card", Scalar("str"), ABSENT),))
    compiled = CODEC.payload(shape, DEFAULT_LIMITS)
    found = compiled.decode(ORDER["Order"](voucher={"sku": "v"}).SerializeToString())
    assert found == {"voucher": to_value(b'{"sku":"v"}')}
    assert compiled.decode(compiled.encode({**found, "card": "c"})) == {"card": "c"}


def test_recursive_messages_and_other_maps_are_kept_as_bytes() -> None:
    cls = ORDER["Tree"]
    compiled = Protobuf(cls).payload(Shape("Tree", (Attribute("name", Scalar("str")),)), DEFAULT_LIMITS)
    tree = cls(name="a", children=[{"name": "b", "parent": {}}], numbered={7: "x"})
    found = compiled.decode(tree.SerializeToString())
    assert found == {
        "name": "a",
        "#": Raw("protobuf", cls(children=tree.children, numbered={7: "x"}).SerializeToString()),
    }
    tree.name = "changed"
    assert cls.FromString(compiled.encode({**found, "name": "changed"})) == tree


def test_unknown_fields_survive_at_every_level() -> None:
    newer = classes(
        """
        message Line
        string sku = 1
        string color = 3
        message Order
        string buyer = 1
        Line first = 7
        repeated Line lines = 8
        map Line by_sku = 10
        string gift = 90
        """
    )
    order = newer["Order"](
        buyer="a", gift="g", first={"color": "f"}, lines=[{"sku": "l", "color": "r"}],
        by_sku={"m": newer["Line"](color="m")},
    )  # fmt: skip
    found = decode(order.SerializeToString())
    assert found["#"] == Raw("protobuf", newer["Order"](gift="g").SerializeToString())
    assert found["lines"] == [{"sku": "l", "#": Raw("protobuf", newer["Line"](color="r").SerializeToString())}]
    found["buyer"] = "changed"
    found["lines"].insert(0, {"sku": "new"})
    order = newer["Order"](
        buyer="changed", gift="g", first={"color": "f"}, lines=[{"sku": "new"}, {"sku": "l", "color": "r"}],
        by_sku={"m": newer["Line"](color="m")},
    )  # fmt: skip
    assert newer["Order"].FromString(encode(found)) == order
