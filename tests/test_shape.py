from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from versioned_serde.errors import DeclarationError
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
    Scalar,
    Shape,
    Type,
    UnionType,
    object_types,
)

INT = Scalar("int")
ONE = ObjectType(Shape("One", (Attribute("kind", EnumType(("one",))),)))
TWO = ObjectType(Shape("Two", (Attribute("kind", EnumType(("two",))), Attribute("one", ONE))))
UNION = UnionType("kind", (("one", ONE), ("two", TWO)))


def test_equality_is_structural() -> None:
    one = Shape("One", (Attribute("x", ListType(INT, "list")), Attribute("y", EnumType(("a",), cls=str))), model=int)
    two = Shape("Two", (Attribute("x", ListType(INT, "tuple")), Attribute("y", EnumType(("a",)))), model=str)
    assert one == two
    assert hash(one) == hash(two)
    assert one != two.without("y")
    assert one != Shape("One", one.attributes[::-1])


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1, True),
        (1, 1.0, False),
        (1, True, False),
        (Decimal("1.1"), Decimal("1.10"), False),
        (float("nan"), float("nan"), True),
        ({"a": 1, "b": [2]}, {"b": [2], "a": 1}, True),
        ([], (), False),
    ],
)
def test_constants_are_equal_when_they_are_the_same_on_the_wire(one: Any, other: Any, equal: bool) -> None:
    assert (Constant(one) == Constant(other)) is equal
    if equal:
        assert hash(Constant(one)) == hash(Constant(other))
    assert Constant(one) not in (ABSENT, FACTORY, REQUIRED)


@pytest.mark.parametrize(
    ("default", "always_written", "optional"),
    [(REQUIRED, True, False), (FACTORY, True, True), (ABSENT, False, True), (Constant(None), False, True)],
)
def test_what_a_default_says_of_presence(default: Any, always_written: bool, optional: bool) -> None:
    attribute = Attribute("x", INT, default)
    assert (attribute.always_written, attribute.optional) == (always_written, optional)


def test_defaults_show_themselves() -> None:
    assert repr((REQUIRED, FACTORY, ABSENT, Constant([1]))) == "(REQUIRED, FACTORY, ABSENT, Constant([1]))"


def test_attributes_are_found_taken_away_added_and_exchanged() -> None:
    x, y, z = (Attribute(name, INT) for name in "xyz")
    shape = Shape("S", (x, y), model=int)
    assert shape.names == ("x", "y")
    assert shape.get("y") is y
    assert shape.get("z") is None
    assert shape.without("x").attributes == (y,)
    assert shape.without("z") == shape
    assert shape.with_attribute(z).attributes == (x, y, z)
    assert shape.with_attribute(z, instead_of="x").attributes == (z, y)
    assert shape.without("x").model is int


def test_two_attributes_of_one_name_are_refused() -> None:
    with pytest.raises(DeclarationError) as caught:
        Shape("S", (Attribute("x", INT), Attribute("y", INT), Attribute("x", INT)))
    assert str(caught.value) == "at `x`: Two attributes have this name on the wire. Rename one."


@pytest.mark.parametrize("name", ["", "$", "$kept", "$x"])
def test_reserved_names_are_refused(name: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        Shape("S", (Attribute(name, INT),))
    assert str(caught.value) == (
        f"`{name}` cannot be the name of an attribute on the wire."
        " Use a name that is not empty and does not begin with `$`, which is reserved."
    )


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (INT, []),
        (AnyType(), []),
        (TWO, [TWO]),
        (NullableType(ListType(MapType(ONE))), [ONE]),
        (ListType(UNION), [ONE, TWO]),
    ],
)
def test_object_types_are_those_directly_within(type_: Type, expected: list[ObjectType]) -> None:
    assert list(object_types(type_)) == expected


@pytest.mark.parametrize(("value", "arm"), [("one", ONE), ("two", TWO), ("three", None), (1, None), (None, None)])
def test_the_arm_of_a_union(value: Any, arm: ObjectType | None) -> None:
    assert UNION.arm(value) is arm


def test_the_arm_of_a_number_is_not_that_of_a_bool() -> None:
    assert UnionType("kind", ((1, ONE),)).arm(True) is None
    assert UnionType("kind", ((1, ONE),)).arm(1) is ONE


def test_the_base_of_an_enum() -> None:
    assert EnumType((1, 2)).base == "int"
    assert EnumType(("a",)).base == "str"
