"""Made-up shapes and trees, narrowed by a `Reach` to what a format carries, and bytes near to payloads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.protocols import Codec
from versioned_serde.shape import (
    ABSENT,
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.testing.conformance.reach import EVERYTHING, Reach
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, same

_CODECS = ("avro", "cbor", "json", "msgpack", "protobuf", "xml")
"""Codecs that a value may have come in."""


@st.composite
def types(draw: st.DrawFn, reach: Reach = EVERYTHING, depth: int = 3) -> Type:
    """Types, objects nested at most `depth` deep."""
    kinds = ["scalar"] * 4 + ["enum", "nullable"] + ["any"] * reach.any
    kinds += (["list", "map", "object"] + ["union"] * reach.unions) * (depth > 0)
    match draw(st.sampled_from(kinds)):
        case "enum":
            return EnumType(draw(_members(reach)), open=draw(st.booleans()))
        case "any":
            return AnyType()
        case "nullable":
            inner = draw(types(reach, depth))
            return inner if isinstance(inner, AnyType | NullableType) else NullableType(inner)
        case "list":
            return ListType(draw(_within(reach, depth)))
        case "map":
            return MapType(draw(_within(reach, depth)))
        case "object":
            return ObjectType(draw(shapes(reach, depth - 1)))
        case "union":
            return draw(_unions(reach, depth - 1))
        case _:
            return Scalar(draw(st.sampled_from(["str", *reach.scalars])))


def _within(reach: Reach, depth: int) -> st.SearchStrategy[Type]:
    """Types of what a list or a map holds."""
    within = types(reach, depth - 1)
    if reach.nested_lists and reach.null_anywhere:
        return within

    def reached(type_: Type) -> bool:
        return (reach.nested_lists or not isinstance(type_, ListType | MapType)) and (
            reach.null_anywhere or not isinstance(type_, NullableType)
        )

    return within.filter(reached)


def _members(reach: Reach) -> st.SearchStrategy[tuple[str, ...] | tuple[int, ...]]:
    texts = st.lists(reach.texts, min_size=1, max_size=3, unique=True).map(tuple)
    numbers = st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=3, unique=True).map(tuple)
    return texts | numbers


def shapes(reach: Reach = EVERYTHING, depth: int = 3) -> st.SearchStrategy[Shape]:
    """Shapes of up to four attributes, objects nested at most `depth` deep."""
    attributes = st.builds(Attribute, reach.names, types(reach, depth), st.just(ABSENT))
    return st.builds(
        Shape,
        st.just("Shape"),
        st.lists(attributes, max_size=4, unique_by=lambda attribute: attribute.name).map(tuple),
    )


@st.composite
def _unions(draw: st.DrawFn, reach: Reach, depth: int) -> UnionType:
    name = draw(reach.names)
    tags = draw(_members(reach))
    arms = []
    for tag in tags:
        kind = Attribute(name, EnumType((tag,)))  # type: ignore[arg-type]
        rest = draw(shapes(reach, depth)).without(name)
        arms.append((tag, ObjectType(replace(rest, attributes=(kind, *rest.attributes)))))
    return UnionType(name, tuple(arms))


def values(
    type_: Type, reach: Reach = EVERYTHING, undeclared: st.SearchStrategy[Raw | Typed] | None = None
) -> st.SearchStrategy[Any]:
    """Values of a type, as they stand in a tree.

    `undeclared`: values that the objects within may hold beside what they declare, and in complements; None for none.
    """
    match type_:
        case Scalar("str"):
            return reach.texts
        case Scalar(name):
            return reach.scalars[name]
        case EnumType(members, is_open):
            other = reach.texts if type_.base == "str" else st.integers(-(2**31), 2**31 - 1)
            return st.sampled_from(members) | other if is_open else st.sampled_from(members)
        case ListType(item):
            return st.lists(values(item, reach, undeclared), max_size=3)
        case MapType(value):
            return st.dictionaries(reach.keys, values(value, reach, undeclared), max_size=3)
        case ObjectType(shape):
            return trees(shape, reach, undeclared)
        case UnionType(discriminator):
            return st.one_of([_arm(arm, {discriminator: tag}, reach, undeclared) for tag, arm in type_.objects])
        case NullableType(inner):
            return st.none() | values(inner, reach, undeclared)
        case AnyType():
            return reach.anything()
        case RecursiveType():  # not drawn: see `tests/laws/test_recursive.py`
            return st.nothing()


def _arm(
    arm: ObjectType, tag: Tree, reach: Reach, undeclared: st.SearchStrategy[Raw | Typed] | None
) -> st.SearchStrategy[Tree]:
    return trees(arm.shape, reach, undeclared).map(lambda tree: tree | tag)


@st.composite
def trees(
    draw: st.DrawFn,
    shape: Shape,
    reach: Reach = EVERYTHING,
    undeclared: st.SearchStrategy[Raw | Typed] | None = None,
) -> Tree:
    """Trees of a shape in which any attribute may be absent."""
    tree: Tree = {}
    for attribute in shape.attributes:
        if draw(st.integers(0, 4)) > 0:
            tree[attribute.name] = draw(values(attribute.type, reach, undeclared))
    if undeclared is not None and draw(st.booleans()):
        for name in draw(st.lists(reach.names, max_size=2)):
            if name not in shape.names:
                tree[name] = draw(undeclared)
        if draw(st.integers(0, 3)) == 0:
            tree[COMPLEMENT] = draw(st.lists(_entries(reach, undeclared), min_size=1, max_size=2))
    return tree


def _entries(reach: Reach, undeclared: st.SearchStrategy[Raw | Typed]) -> st.SearchStrategy[Entry]:
    kept = st.dictionaries(reach.names, undeclared, max_size=2)
    absent = st.lists(reach.names, max_size=2).map(tuple)
    return st.builds(
        Entry,
        st.sampled_from(["4.1", "12.3"]),
        st.sampled_from(["up", "down"]),
        kept,
        kept,
        absent,
        st.none() | reach.names,
    )


@st.composite
def undeclared_values(draw: st.DrawFn, codec: Codec, reach: Reach = EVERYTHING, depth: int = 1) -> Raw | Typed:
    """What an object may hold beside what it declares: own and foreign `Raw`, and `Typed`, nested ones too."""
    if draw(st.integers(0, 3)) == 0:
        return Raw(draw(st.sampled_from([name for name in _CODECS if name != codec.name])), draw(st.binary()))
    type_ = draw(types(reach, depth))
    within = undeclared_values(codec, reach, depth - 1) if depth > 0 else None
    value = draw(values(type_, reach, within))
    return Typed(type_, value) if draw(st.booleans()) else codec.value(type_, DEFAULT_LIMITS).encode(value)


@st.composite
def shaped_trees(draw: st.DrawFn, codec: Codec, reach: Reach = EVERYTHING) -> tuple[Shape, Tree]:
    """A shape and a tree of it, with undeclared values at every level if the codec retains them."""
    shape = draw(shapes(reach))
    return shape, draw(trees(shape, reach, undeclared_values(codec, reach) if codec.retains_unknown else None))


@st.composite
def narrower(draw: st.DrawFn, shape: Shape, spare: str | None = None) -> Shape:
    """The shape as an older version might have had it: less some attributes at any level, but `spare`."""
    attributes = []
    for attribute in shape.attributes:
        if attribute.name == spare:
            attributes.append(attribute)
        elif draw(st.integers(0, 2)) > 0:
            attributes.append(replace(attribute, type=draw(_narrower_type(attribute.type))))
    return replace(shape, attributes=tuple(attributes))


def _narrower_type(type_: Type) -> st.SearchStrategy[Type]:
    match type_:
        case ObjectType(shape):
            return narrower(shape).map(ObjectType)
        case UnionType(discriminator):
            narrowed = [narrower(arm.shape, discriminator).map(ObjectType) for _, arm in type_.objects]
            tags = [tag for tag, _ in type_.arms]
            return st.tuples(*narrowed).map(
                lambda found: UnionType(discriminator, tuple(zip(tags, found, strict=True)))
            )
        case ListType(item):
            return _narrower_type(item).map(ListType)
        case MapType(value):
            return _narrower_type(value).map(MapType)
        case NullableType(inner):
            return _narrower_type(inner).map(NullableType)
        case _:
            return st.just(type_)


@st.composite
def damaged(draw: st.DrawFn, payload: bytes) -> bytes:
    """The payload cut, extended, or with some bytes replaced."""
    where = draw(st.integers(0, len(payload)))
    match draw(st.integers(0, 3)):
        case 0:
            return payload[:where]
        case 1:
            return payload[:where] + draw(st.binary(min_size=1, max_size=4)) + payload[where:]
        case 2:
            return payload[:where] + draw(st.binary(min_size=1, max_size=4)) + payload[where + 1 :]
        case _:
            return payload[:where] + payload[draw(st.integers(where, len(payload))) :]


def equivalent(codec: Codec, written: Any, found: Any) -> bool:
    """Whether `found`, decoded, is what was `written`: a `Typed` comes back as a `Raw` of the same value."""
    if type(written) is Typed and type(found) is Raw:
        return found.codec == codec.name and equivalent(
            codec, written.value, codec.value(written.type, DEFAULT_LIMITS).decode(found)
        )
    if type(written) is dict and type(found) is dict:
        return written.keys() == found.keys() and all(equivalent(codec, written[key], found[key]) for key in written)
    if type(written) is list and type(found) is list:
        return len(written) == len(found) and all(map(equivalent, [codec] * len(written), written, found))
    if type(written) is Entry and type(found) is Entry:
        return (
            (written.step, written.direction, written.absent, written.each)
            == (found.step, found.direction, found.absent, found.each)
            and equivalent(codec, written.witness, found.witness)
            and equivalent(codec, written.kept, found.kept)
        )
    return same(written, found)
