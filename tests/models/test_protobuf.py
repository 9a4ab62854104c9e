"""Protobuf messages as models."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.adapters.protobuf_messages import NOTES, notes_field
from versioned_serde.errors import DeclarationError, PayloadError, UnwritableValueError
from versioned_serde.models.protobuf import plugin
from versioned_serde.shape import (
    ABSENT,
    REQUIRED,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    ObjectType,
    Scalar,
    Shape,
    Type,
)
from versioned_serde.testing.conformance.checks import SECRET
from versioned_serde.testing.conformance.kinds import KindConformance
from versioned_serde.tree import Raw

KIND = plugin()

PROTO3 = classes(
    """
    enum Size SMALL=0 LARGE=1
    message Line
    string sku = 1
    optional int32 count = 2
    message Order
    string buyer = 1
    optional sint64 total = 2
    double weight = 3
    bool paid = 4
    bytes token = 5
    Size size = 6
    Line first = 7
    repeated Line lines = 8
    repeated string tags = 9
    map Line by_sku = 10
    map uint32 counts = 11
    string card = 12 in means
    Line voucher = 13 in means
    """
)
ORDER, LINE = PROTO3["Order"], PROTO3["Line"]

PROTO2 = classes(
    """
    enum Size SMALL=0 LARGE=1
    message Old
    required int32 id = 1
    optional Size size = 2
    optional int32 tries = 3 default 5
    repeated Size sizes = 4
    """,
    syntax="proto2",
)
OLD = PROTO2["Old"]


def describe(model: Any) -> Type:
    return ObjectType(KIND.shape(model, describe))


def shape_of(cls: type[Message]) -> Shape:
    return KIND.shape(cls, describe)


def taken(message: Message) -> dict[str, Any]:
    return KIND.take(shape_of(type(message)))(message)


def made(cls: type[Message], values: dict[str, Any]) -> Any:
    return KIND.make(shape_of(cls))(values)


class TestConformance(KindConformance):
    kind = KIND
    model = ORDER
    instances = st.builds(
        ORDER,
        buyer=st.text(),
        total=st.none() | st.integers(-9, 9),
        weight=st.floats(allow_nan=False),
        first=st.none() | st.builds(LINE, sku=st.text(), count=st.integers(0, 9)),
        lines=st.lists(st.builds(LINE, sku=st.text())),
        by_sku=st.dictionaries(st.text(), st.builds(LINE, sku=st.text())),
        card=st.none() | st.text(),
    )
    implicit = frozenset({"buyer", "weight", "paid", "token", "size", "lines", "tags", "by_sku", "counts"})
    refused = ({"buyer": "ada", "total": SECRET},)
    undeclared = st.integers(0, 127).map(lambda value: {"#": Raw("protobuf", bytes([0xD0, 0x05, value]))})


class TestConformanceOfAProto2Message(KindConformance):
    kind = KIND
    model = OLD
    instances = st.builds(OLD, id=st.integers(0, 9), size=st.none() | st.just(1), tries=st.none() | st.integers(0, 9))
    implicit = frozenset({"sizes"})
    undeclared = TestConformance.undeclared


def test_owns_message_classes_alone() -> None:
    assert KIND.owns(ORDER)
    assert not KIND.owns(ORDER())
    assert not KIND.owns(Message)
    assert not KIND.owns(dict)
    assert KIND.presence
    assert KIND.unknown(shape_of(ORDER)) == "raw"


def test_the_shape_of_a_proto3_message() -> None:
    line = ObjectType(
        Shape("Line", (Attribute("sku", Scalar("str"), Constant("")), Attribute("count", Scalar("int"), ABSENT)))
    )
    shape = shape_of(ORDER)
    assert shape.name == "Order"
    assert shape.model is ORDER
    assert shape.attributes == (
        Attribute("buyer", Scalar("str"), Constant("")),
        Attribute("total", Scalar("int"), ABSENT),
        Attribute("weight", Scalar("float"), Constant(0.0)),
        Attribute("paid", Scalar("bool"), Constant(value=False)),
        Attribute("token", Scalar("bytes"), Constant(b"")),
        Attribute("size", EnumType((0, 1), open=True), Constant(0)),
        Attribute("first", line, ABSENT),
        Attribute("lines", ListType(line), Constant([])),
        Attribute("tags", ListType(Scalar("str")), Constant([])),
        Attribute("by_sku", MapType(line), Constant({})),
        Attribute("counts", MapType(Scalar("int")), Constant({})),
        Attribute("card", Scalar("str"), ABSENT),
        Attribute("voucher", line, ABSENT),
    )


def test_the_shape_of_a_proto2_message() -> None:
    assert shape_of(OLD).attributes == (
        Attribute("id", Scalar("int"), REQUIRED),
        Attribute("size", EnumType((0, 1)), ABSENT),
        Attribute("tries", Scalar("int"), Constant(5)),
        Attribute("sizes", ListType(EnumType((0, 1))), Constant([])),
    )


def test_a_well_known_type_is_a_message_like_any_other() -> None:
    assert shape_of(Timestamp).names == ("seconds", "nanos")


def test_maps_are_taken_in_the_order_of_their_keys() -> None:
    """Upb's own order is that of a hash table, and another one for an equal message that was filled differently."""
    cls = classes("message Held\nmap int64 by_name = 1")["Held"]
    names = [f"name {number}" for number in range(20)]
    schema = Schema("held", cls, Version(1, codec="json", framing="bare"))
    one, other = cls(), cls()
    for name in names:
        one.by_name[name] = 1
    for name in reversed(names):
        other.by_name[name] = 1
    assert schema.dumps(one) == schema.dumps(other)
    assert list(json.loads(schema.dumps(one))["by_name"]) == sorted(names)


def test_map_keys_that_are_not_strings_are_refused() -> None:
    cls = classes("message Bad\nmap:int32 string by_number = 1")["Bad"]
    with pytest.raises(DeclarationError) as caught:
        shape_of(cls)
    assert str(caught.value) == (
        "at `by_number`: The keys of this map are not strings. Declare a repeated message of key and value."
    )


def test_errors_of_nested_messages_carry_the_path() -> None:
    def refuse(model: Any) -> Type:
        raise DeclarationError("Recursive.").inside("values")

    with pytest.raises(DeclarationError) as caught:
        KIND.shape(Struct, refuse)
    assert caught.value.path == "fields.values"


FULL: dict[str, Any] = {
    "buyer": "ada",
    "total": 0,
    "weight": 1.5,
    "paid": True,
    "token": b"\x00",
    "size": 7,
    "first": LINE(),
    "lines": [LINE(sku="a"), LINE(count=0)],
    "tags": ["", "x"],
    "by_sku": {"a": LINE(sku="a")},
    "counts": {"a": 0},
    "voucher": LINE(),
}


def test_what_is_made_is_taken() -> None:
    order = made(ORDER, FULL)
    found = taken(order)
    assert found == FULL
    assert list(found) == list(FULL)
    assert [type(found[name]) for name in ("lines", "tags", "by_sku", "counts")] == [list, list, dict, dict]
    assert made(ORDER, found) == order


def test_absent_is_what_protobuf_cannot_tell_from_empty() -> None:
    assert taken(ORDER()) == {}
    assert taken(ORDER(buyer="", weight=0.0, size=0, tags=[], counts={})) == {}
    assert taken(ORDER(total=0)) == {"total": 0}
    assert str(taken(ORDER(weight=-0.0))) == "{'weight': -0.0}"
    assert not made(ORDER, {}).HasField("total")
    assert made(ORDER, {"first": LINE()}).HasField("first")
    assert taken(OLD(id=1, tries=5)) == {"id": 1, "tries": 5}


def test_an_older_order_of_attributes_decides_the_order_of_what_is_taken() -> None:
    shape = shape_of(ORDER)
    backwards = replace(shape, attributes=shape.attributes[::-1])
    assert list(KIND.take(backwards)(made(ORDER, FULL))) == list(FULL)[::-1]


def test_another_class_is_not_taken() -> None:
    with pytest.raises(UnwritableValueError, match=r"^Expected `Order`, found `Line`\.$"):
        KIND.take(shape_of(ORDER))(LINE())


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("total", 2**63, "int"), ("buyer", 31337, "int"), ("buyer", "\ud800", "str"), ("counts", {"a": -1}, "dict")],
)
def test_a_value_that_does_not_fit_is_refused_by_name(name: str, value: Any, found: str) -> None:
    with pytest.raises(PayloadError) as caught:
        made(ORDER, {"weight": 1.0, name: value})
    assert str(caught.value) == (
        f"at `{name}`: The value does not fit the field: found {found}. See `test.Order` in `test.proto`."
    )
    assert caught.value.__cause__ is None


def test_a_missing_required_field_is_refused() -> None:
    with pytest.raises(PayloadError, match=r"^at `id`: The attribute is required, but missing\.$"):
        made(OLD, {"size": 1})


def test_two_members_of_a_oneof_are_refused() -> None:
    with pytest.raises(PayloadError) as caught:
        made(ORDER, {"card": "c", "voucher": LINE()})
    assert str(caught.value) == "`card` and `voucher` are both present, but only one of the oneof `means` can be."
    assert made(ORDER, {"card": ""}).WhichOneof("means") == "card"


NEWER = classes(
    """
    message Line
    string sku = 1
    optional int32 count = 2
    string color = 3
    message Order
    string buyer = 1
    Line first = 7
    repeated Line lines = 8
    string gift = 90
    """
)


def test_unknown_fields_are_taken_per_message_and_put_back() -> None:
    newer = NEWER["Order"](
        buyer="ada", gift="rose", first={"sku": "a", "color": "red"}, lines=[{"color": "blue"}, {"sku": "b"}]
    )
    order = ORDER.FromString(newer.SerializeToString())
    found = taken(order)
    assert found["#"] == Raw("protobuf", NEWER["Order"](gift="rose").SerializeToString())
    assert list(found)[-1] == "#"
    # Nested messages keep their own, and give it when they are taken in turn.
    assert taken(found["first"]) == {
        "sku": "a", "#": Raw("protobuf", NEWER["Line"](color="red").SerializeToString())
    }  # fmt: skip
    first = made(LINE, {**taken(found["first"]), "sku": "changed"})
    edited = made(ORDER, {**found, "buyer": "grace", "first": first})
    wanted = NEWER["Order"](
        buyer="grace", gift="rose", first={"sku": "changed", "color": "red"}, lines=[{"color": "blue"}, {"sku": "b"}]
    )
    assert NEWER["Order"].FromString(edited.SerializeToString()) == wanted


def test_undeclared_attributes_of_other_codecs_are_not_for_messages() -> None:
    assert made(ORDER, {"buyer": "a", "#": Raw("json", b"1"), "gift": Raw("json", b"1")}) == ORDER(buyer="a")


def test_the_codecs_notes_are_not_taken() -> None:
    order = ORDER.FromString(ORDER(buyer="a").SerializeToString() + notes_field(b"{}"))
    assert taken(order) == {"buyer": "a"}
    order.MergeFromString(NEWER["Order"](gift="rose").SerializeToString())
    assert taken(order)["#"].data == NEWER["Order"](gift="rose").SerializeToString()
    assert NOTES == 536_870_911


def test_bytes_that_are_no_message_are_refused_when_put_back() -> None:
    with pytest.raises(PayloadError, match=r"^The bytes are not a protobuf message that fits `test\.Order`\.$"):
        made(ORDER, {"#": Raw("protobuf", b"\xff")})


def test_what_is_set_wins_over_what_was_put_aside() -> None:
    aside = ORDER(buyer="old", total=3, card="c", tags=["old"]).SerializeToString()
    order = made(ORDER, {"buyer": "new", "voucher": LINE(), "#": Raw("protobuf", aside)})
    assert order == ORDER(buyer="new", voucher=LINE(), total=3, tags=["old"])


WIDER = classes(
    """
    enum Size SMALL=0 LARGE=1 HUGE=2
    message Old
    required int32 id = 1
    optional Size size = 2
    """,
    syntax="proto2",
)["Old"]


def test_an_unknown_member_of_a_closed_enum_survives_until_the_field_is_set() -> None:
    old = OLD.FromString(WIDER(id=1, size=2).SerializeToString())
    found = taken(old)
    assert found == {"id": 1, "#": Raw("protobuf", b"\x10\x02")}
    assert WIDER.FromString(made(OLD, {**found, "id": 4}).SerializeToString()) == WIDER(id=4, size=2)
    edited = made(OLD, {**found, "size": 1})
    assert WIDER.FromString(edited.SerializeToString()) == WIDER(id=1, size=1)


def test_extensions_are_kept_with_the_unknown_fields() -> None:
    # `MethodOptions` of descriptor.proto is extendable; a field that nobody registered is unknown, one that somebody
    # did is an extension, and neither has a place in the shape.
    options = MethodOptions(deprecated=True)
    options.MergeFromString(b"\x82\xd3\xe4\x93\x02\x03\x12\x01/")
    shape = Shape("MethodOptions", (Attribute("deprecated", Scalar("bool"), ABSENT),), MethodOptions)
    found = KIND.take(shape)(options)
    assert found["#"].data == b"\x82\xd3\xe4\x93\x02\x03\x12\x01/"
    assert KIND.make(shape)(found) == options
