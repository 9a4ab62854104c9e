"""Small trees about one attribute, and what counts as meaning the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from versioned_serde import LockError
from versioned_serde.check.trees import difference, smallest, trees_about
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
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

LINE = Shape("Line", (Attribute("sku", Scalar("str")), Attribute("size", EnumType((1, 2)), ABSENT)))
CARD = ObjectType(Shape("Card", (Attribute("kind", EnumType(("card",))), Attribute("number", Scalar("str"), ABSENT))))
CASH = ObjectType(Shape("Cash", (Attribute("kind", EnumType(("cash",))),)))
SHAPE = Shape(
    "Order",
    (
        Attribute("id", Scalar("int")),
        Attribute("tags", ListType(Scalar("str")), FACTORY),
        Attribute("lines", MapType(ListType(ObjectType(LINE))), ABSENT),
        Attribute("pay", UnionType("kind", (("card", CARD), ("cash", CASH))), ABSENT),
        Attribute("email", Scalar("str"), ABSENT, "contact"),
        Attribute("phone", Scalar("str"), ABSENT, "contact"),
    ),
)
BASE: dict[str, Any] = {"id": 0, "tags": []}


def test_the_smallest_tree_holds_what_is_always_written() -> None:
    assert smallest(SHAPE) == BASE


def test_there_is_no_smallest_tree_of_what_has_no_end() -> None:
    endless = Shape(
        "Endless", (Attribute("next", ObjectType(Shape("Next", (Attribute("x", RecursiveType("Endless")),)))),)
    )
    with pytest.raises(LockError, match="No smallest value"):
        smallest(endless)


def test_trees_differ_in_the_attribute_alone() -> None:
    assert list(trees_about(SHAPE, "lines.size"))[:-1] == [
        {**BASE, "lines": {"a": [{"sku": ""}]}},
        {**BASE, "lines": {"a": [{"sku": "", "size": 1}]}},
        {**BASE, "lines": {"a": [{"sku": "", "size": 2}]}},
    ]
    found = list(trees_about(SHAPE, "pay"))
    assert {**BASE, "pay": {"kind": "cash"}} in found
    assert {**BASE, "pay": {"kind": "card"}} in found
    assert {**BASE, "pay": {"kind": "card", "number": "7"}} in list(trees_about(SHAPE, "pay[card].number"))


def test_a_oneof_holds_one() -> None:
    trees = [*trees_about(SHAPE, "phone"), *trees_about(SHAPE, "gone")]
    assert any("phone" in tree for tree in trees)
    assert not any({"email", "phone"} <= tree.keys() for tree in trees)


def test_an_attribute_that_is_not_there_leaves_the_object_that_would_hold_it() -> None:
    assert next(trees_about(SHAPE, "lines.gone")) == {**BASE, "lines": {"a": [{"sku": ""}]}}


def meant(old: Attribute, written: dict[str, Any], new: Attribute, read: dict[str, Any]) -> str | None:
    return difference(written, Shape("Old", (old,)), read, Shape("New", (new,)))


def x(type_: Any, default: Any = REQUIRED) -> Attribute:
    return Attribute("x", type_, default)


INT = Scalar("int")


def test_another_value_is_a_difference() -> None:
    assert meant(x(INT), {"x": 1}, x(INT), {"x": 2}) == "x"
    assert meant(x(INT), {"x": 1}, x(INT), {"x": 1}) is None
    assert meant(x(INT, Constant(1)), {}, x(INT, Constant(2)), {}) == "x"
    assert meant(x(INT, ABSENT), {}, x(INT, Constant(2)), {}) == "x"
    assert meant(x(INT, ABSENT), {}, x(INT, ABSENT), {}) is None
    assert meant(x(ListType(INT)), {"x": [1]}, x(ListType(INT)), {"x": [1, 2]}) == "x"
    assert meant(x(ListType(INT)), {"x": [1]}, x(ListType(INT)), {"x": [2]}) == "x"
    assert meant(x(MapType(INT)), {"x": {"a": 1}}, x(MapType(INT)), {"x": {"b": 1}}) == "x"
    assert meant(x(NullableType(INT)), {"x": None}, x(INT), {"x": 0}) == "x"


def test_a_value_in_another_spelling_is_none() -> None:
    day = date(2024, 2, 29)
    assert meant(x(Scalar("date")), {"x": day}, x(Scalar("str")), {"x": "2024-02-29"}) is None
    assert meant(x(INT), {"x": 1}, x(Scalar("float")), {"x": 1.0}) is None


def test_what_only_one_of_them_knows_is_none() -> None:
    assert (
        difference({"id": 1}, Shape("A", (Attribute("id", INT),)), {"z": 1}, Shape("B", (Attribute("z", INT),))) is None
    )


def test_a_difference_within_objects_has_their_path() -> None:
    held = x(ListType(ObjectType(LINE)))
    assert meant(held, {"x": [{"sku": "a"}]}, held, {"x": [{"sku": "b"}]}) == "x.sku"
    pay = Attribute("x", UnionType("kind", (("card", CARD), ("cash", CASH))))
    one, other = ({"x": {"kind": "card", "number": each}} for each in "12")
    assert meant(pay, one, pay, other) == "x.number"
