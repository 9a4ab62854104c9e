"""Protocol Buffers: the common conformance, what is protobuf's own, and other programs at the same messages."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.codecs import conformance
from tests.codecs.conformance import check_hostile, check_round_trip, check_value, equivalent
from tests.protos.build import classes
from versioned_serde.codecs.protobuf import Protobuf, plugin
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.shape import EnumType, ListType, MapType, NullableType, ObjectType, Scalar, Shape, Type
from versioned_serde.tree import Tree

REACH = conformance.Reach(
    names=st.text("abcdefgh", min_size=1, max_size=3),
    scalars={**conformance.EVERYTHING.scalars, "int": st.integers(-(2**63), 2**63 - 1)},
    any=False,
    unions=False,
    null_anywhere=False,
    nested_lists=False,
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
        raise AssertionError(type_)

    message(shape, shape if newest is None else newest)
    return "\n".join(messages)


def codec_for(shape: Shape) -> Protobuf:
    return Protobuf(classes(proto_of(shape))["M0"])


UNBOUND = plugin()


@st.composite
def drawn_trees(draw: st.DrawFn) -> tuple[Shape, Tree]:
    shape = draw(conformance.shapes(REACH))
    return shape, draw(conformance.trees(shape, REACH, conformance.undeclared_values(UNBOUND, REACH)))


@given(drawn_trees())
def test_round_trip(drawn: tuple[Shape, Tree]) -> None:
    check_round_trip(codec_for(drawn[0]), *drawn)


@given(st.data())
def test_value_round_trip(data: st.DataObject) -> None:
    type_ = data.draw(conformance.types())
    check_value(UNBOUND, type_, data.draw(conformance.values(type_)))


@given(drawn_trees(), st.data())
def test_an_older_shape_loses_nothing(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
    shape, tree = drawn
    conformance.check_unknown_retained(codec_for(shape), shape, data.draw(conformance.narrower(shape)), tree)


@given(drawn_trees(), st.data())
def test_an_older_class_loses_nothing(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
    shape, tree = drawn
    newer = codec_for(shape).payload(shape, DEFAULT_LIMITS)
    narrow = data.draw(conformance.narrower(shape))
    old_class = classes(proto_of(narrow, shape))["M0"]
    payload = newer.encode(tree)
    older = Protobuf(old_class).payload(narrow, DEFAULT_LIMITS)
    assert equivalent(UNBOUND, tree, newer.decode(older.encode(older.decode(payload))))
    # And a program that does not know this library.
    assert equivalent(UNBOUND, tree, newer.decode(old_class.FromString(payload).SerializeToString()))


@given(drawn_trees(), st.data())
def test_damaged_bytes(drawn: tuple[Shape, Tree], data: st.DataObject) -> None:
    shape, tree = drawn
    codec = codec_for(shape)
    payload = codec.payload(shape, DEFAULT_LIMITS).encode(tree)
    check_hostile(codec, shape, data.draw(conformance.damaged(payload)))


def test_encoding_is_strict() -> None:
    class Fitting(Protobuf):
        def payload(self, shape: Shape, limits: Any) -> Any:
            return codec_for(shape).payload(shape, limits)

    conformance.check_strict_encode(Fitting(), REACH)
