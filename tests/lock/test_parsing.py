"""Lines of a lock become the shape again that they were made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lock.test_description import LINES, SHAPE
from versioned_serde import LockError
from versioned_serde.lock.description import shape_lines
from versioned_serde.lock.parsing import parsed_shape
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    AnyType,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    UnionType,
)

NAMES = st.text(min_size=1, max_size=6).filter(lambda name: name[0] not in "$#") | st.sampled_from(
    ["a", "b", "the top", "object", " | None", "a.b", 'a"b', "Ünïcode", "None", "x] = 1"]
)
_CONSTANTS: dict[str, Any] = {"str": 'x " = ]', "int": -7, "float": 1.5, "bool": True, "bytes": b"\xff"}
_CONSTANTS |= {"decimal": Decimal("1.10"), "datetime": datetime(2024, 2, 29, tzinfo=UTC)}


@st.composite
def plain(draw: st.DrawFn) -> tuple[Any, Any]:
    """A type that holds no object, and a value of it."""
    name: Any = draw(st.sampled_from(sorted(_CONSTANTS)))
    texts = tuple(draw(st.lists(NAMES, min_size=1, max_size=3, unique=True)))
    numbers = tuple(draw(st.lists(st.integers(-9, 9), min_size=1, max_size=3, unique=True)))
    is_open = draw(st.booleans())
    type_: Any
    type_, value = draw(
        st.sampled_from(
            [
                (Scalar(name), _CONSTANTS[name]),
                (EnumType(texts, is_open), texts[0]),
                (EnumType(numbers, is_open), numbers[0]),
                (AnyType(), {"a": [1, None]}),
            ]
        )
    )
    if type_ != AnyType() and draw(st.booleans()):
        type_ = NullableType(type_)
    match draw(st.integers(0, 2)):
        case 0:
            return type_, value
        case 1:
            return ListType(type_), [value]
        case _:
            return MapType(type_), {"k": value}


@st.composite
def attributes(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> Attribute:
    type_, value = draw(plain())
    if draw(st.integers(0, 2)) == 0:
        type_ = draw(inner)
        if draw(st.booleans()):
            type_ = NullableType(type_)
        type_ = draw(st.sampled_from([type_, ListType(type_), MapType(ListType(type_))]))
        default = draw(st.sampled_from([REQUIRED, FACTORY, ABSENT]))
    else:
        default = draw(st.sampled_from([REQUIRED, FACTORY, ABSENT, Constant(value)]))
    slot = draw(st.sampled_from([None, "choice"]))
    return Attribute(draw(NAMES), type_, default, slot)


def objects(depth: int, around: tuple[str, ...] = ()) -> st.SearchStrategy[Any]:
    """Object types, unions and back references."""
    if depth == 0:
        references = st.sampled_from([RecursiveType(name) for name in around])
        return references if around else st.just(ObjectType(Shape("E", ())))
    name = f"Object{depth}"
    inner = objects(depth - 1, (*around, name))
    one = shapes(name, inner).map(ObjectType)
    return one | st.builds(union, shapes(name, inner), shapes(name, inner), st.booleans())


def union(one: Shape, other: Shape, shared: bool) -> UnionType:
    first = ObjectType(tagged(one, "card", "voucher"))
    last = ObjectType(tagged(other, "cash"))
    arms: Any = (("card", first), ("cash", last), *([("voucher", first)] if shared else []))
    return UnionType("kind of", arms)


def tagged(shape: Shape, *tags: str) -> Shape:
    rest = tuple(each for each in shape.attributes if each.name != "kind of")
    return replace(shape, attributes=(Attribute("kind of", EnumType(tags)), *rest))


def shapes(name: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Shape]:
    found = st.lists(attributes(inner), max_size=3, unique_by=lambda each: each.name)
    return found.map(lambda drawn: Shape(name, tuple(drawn)))


@given(shapes("Top", objects(2, ("Top",))))
def test_fails_on_no_shape(shape: Shape) -> None:
    lines = shape_lines(shape)
    assert shape_lines(parsed_shape(lines)) == lines


def test_types_are_those_that_were_described() -> None:
    parsed = parsed_shape(LINES)
    assert shape_lines(parsed) == LINES
    before, after = ({each.name: each for each in shape.attributes} for shape in (SHAPE, parsed))
    for name in ("amount", "day", "id", "tags", "any"):
        assert after[name] == before[name]
    pay = after["pay"].type
    assert isinstance(pay, NullableType)
    assert isinstance(pay.inner, UnionType)
    arms = dict(pay.inner.arms)
    assert arms["card"] is arms["voucher"]  # one arm under two tags
    assert arms["cash"] is not arms["card"]


def test_an_arm_that_holds_the_union_is_a_back_reference() -> None:
    arm = Shape("Both", (Attribute("kind", EnumType(("both",))), Attribute("more", ListType(RecursiveType("Both")))))
    leaf = ObjectType(Shape("Leaf", (Attribute("kind", EnumType(("leaf",))),)))
    more = UnionType("kind", (("both", RecursiveType("Both")), ("leaf", leaf)))
    arm = replace(arm, attributes=(arm.attributes[0], Attribute("more", ListType(more))))
    shape = Shape("Top", (Attribute("expression", UnionType("kind", (("both", ObjectType(arm)), ("leaf", leaf)))),))
    parsed = parsed_shape(shape_lines(shape))
    assert parsed == shape
    expression = parsed.attributes[0].type
    assert isinstance(expression, UnionType)
    inner = dict(expression.arms)["both"]
    assert isinstance(inner, ObjectType)
    assert inner.shape.recursive


@pytest.mark.parametrize(
    "text",
    [
        "",
        "strange",
        "list[str",
        "Literal[]",
        'Literal["a", 1]',
        "object as at nowhere",
        "object by kind of",
        'object by kind of "a"',
        "int = x",
        "int and more",
        "int = ",
    ],
)
def test_what_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(LockError, match="`a`"):
        parsed_shape({"a": text})
