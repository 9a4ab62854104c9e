"""What every codec must do: strategies for shapes and trees, and checks that take any codec.

A codec's own test draws with the strategies, narrowed by a `Reach` to what its format can carry, and calls the checks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st

from tests.codecs.reach import EVERYTHING, Reach
from versioned_serde.errors import LimitError, PayloadError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
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
    ScalarName,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Tree, Typed, same

__all__ = ["EVERYTHING", "Reach"]  # beside what is defined here: a codec's test needs both together
CODEC_NAMES = ("cbor", "json", "msgpack", "protobuf", "xml")


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
    return st.builds(Entry, st.sampled_from(["4.1", "12.3"]), st.sampled_from(["up", "down"]), kept, kept, absent)


@st.composite
def undeclared_values(draw: st.DrawFn, codec: Codec, reach: Reach = EVERYTHING, depth: int = 1) -> Raw | Typed:
    """What an object may hold beside what it declares: own and foreign `Raw`, and `Typed`, nested ones too."""
    if draw(st.integers(0, 3)) == 0:
        return Raw(draw(st.sampled_from([name for name in CODEC_NAMES if name != codec.name])), draw(st.binary()))
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
            (written.step, written.direction, written.absent) == (found.step, found.direction, found.absent)
            and equivalent(codec, written.witness, found.witness)
            and equivalent(codec, written.kept, found.kept)
        )
    return same(written, found)


def check_round_trip(codec: Codec, shape: Shape, tree: Tree) -> bytes:
    """What is written is read again, and read and written again gives the same bytes. Returns the payload."""
    compiled = codec.payload(shape, DEFAULT_LIMITS)
    payload = compiled.encode(tree)
    assert type(payload) is bytes
    found = compiled.decode(payload)
    assert equivalent(codec, tree, found), (tree, payload, found)
    assert compiled.encode(found) == payload
    return payload


def check_value(codec: Codec, type_: Type, value: Any) -> Raw:
    """The same for one value apart from any object. Returns the `Raw`."""
    compiled = codec.value(type_, DEFAULT_LIMITS)
    raw = compiled.encode(value)
    assert raw.codec == codec.name
    found = compiled.decode(raw)
    assert equivalent(codec, value, found), (value, raw, found)
    assert compiled.encode(found) == raw
    return raw


def check_unknown_retained(codec: Codec, shape: Shape, narrow: Shape, tree: Tree) -> None:
    """A host that knows only `narrow` reads a payload of `shape` and writes it: nothing is lost."""
    full, old = codec.payload(shape, DEFAULT_LIMITS), codec.payload(narrow, DEFAULT_LIMITS)
    kept = old.decode(full.encode(tree))
    for name, value in kept.items():
        assert name == COMPLEMENT or narrow.get(name) is not None or type(value) is Raw, (name, value)
    assert equivalent(codec, tree, full.decode(old.encode(kept))), (tree, kept)


def check_hostile(codec: Codec, shape: Shape, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Tree | None:
    """Any bytes give a tree, which can be written and read again, or a typed error. Returns the tree or None."""
    compiled = codec.payload(shape, limits)
    try:
        tree = compiled.decode(data)
    except (PayloadError, LimitError):
        return None
    assert type(tree) is dict
    assert equivalent(codec, tree, compiled.decode(compiled.encode(tree))), (data, tree)
    return tree


def check_deep(codec: Codec, payload: Callable[[int], bytes]) -> None:
    """Where the limit lets nesting be deeper than the interpreter's stack, that is a typed error, too.

    `payload`: gives an object whose attribute `a` is nested so many times.
    """
    for attributes in ((Attribute("a", AnyType()),), ()):
        compiled = codec.payload(Shape("Deep", attributes), Limits(max_depth=10**9))
        for depth in (*range(100, 1200, 50), 100_000):
            try:
                compiled.encode(compiled.decode(payload(depth)))
            except (LimitError, UnwritableValueError):
                continue
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    with pytest.raises(UnwritableValueError):
        codec.payload(Shape("Deep", (Attribute("a", AnyType()),)), Limits(max_depth=10**9)).encode({"a": deep})


_SAMPLES: dict[ScalarName, Any] = {
    "str": "1",
    "int": 1,
    "float": 1.0,
    "bool": True,
    "bytes": b"1",
    "decimal": Decimal(1),
    "datetime": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    "date": date(2024, 1, 2),
    "time": time(3, 4, 5),
    "timedelta": timedelta(1),
    "uuid": UUID(int=1),
}


def check_strict_encode(codec: Codec, reach: Reach = EVERYTHING) -> None:
    """No type takes a value of another type, and the error says where."""
    listed: list[tuple[Type, Any]] = [(Scalar(name), _SAMPLES[name]) for name in ("str", *reach.scalars)]
    listed += [(EnumType(("1",)), "1"), (EnumType((1, 2)), 1)]
    listed += [(ListType(Scalar("str")), ["1"]), (ObjectType(Shape("Inner", ())), {})]
    strangers = [None, object(), (), *_SAMPLES.values(), [1], {"a": 1}, "3", 3]
    for type_, sample in listed:
        compiled = codec.payload(Shape("Outer", (Attribute("at", type_),)), DEFAULT_LIMITS)
        compiled.encode({"at": sample})
        for stranger in strangers:
            if type(stranger) is type(sample) and not isinstance(type_, EnumType | ListType | ObjectType):
                continue
            if stranger == sample and type(stranger) is type(sample):
                continue
            if isinstance(type_, ObjectType) and type(stranger) is dict:
                continue
            with pytest.raises(UnwritableValueError) as caught:
                compiled.encode({"at": stranger})
            assert caught.value.path.startswith("at"), (type_, stranger)
