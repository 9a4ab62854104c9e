"""What users' functions give is of the type that the version declares, or refused with the step and the place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypedDict
from uuid import UUID

import pytest

from versioned_serde import ConversionError, Schema, Version, add, remove, replace, retype
from versioned_serde.evolution.results import checked
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
from versioned_serde.tree import COMPLEMENT, Entry, Raw, Typed, same

FIRST = Version(1, codec="json", framing="envelope")
RAW = Raw("json", b"1.10")
TEXT, INT, FLOAT = Scalar("str"), Scalar("int"), Scalar("float")
POINT = ObjectType(Shape("Point", (Attribute("x", INT), Attribute("note", NullableType(TEXT)))))
ARM = ObjectType(Shape("Card", (Attribute("kind", EnumType(("card",))), Attribute("at", POINT))))
A_MEMBER = "where a member of an enum, as its raw `int` is declared."
UNION = UnionType("kind", (("card", ARM),))


@pytest.mark.parametrize(
    ("type_", "value", "given"),
    [
        (TEXT, "a", "a"),
        (FLOAT, 2, 2.0),
        (FLOAT, 2.5, 2.5),
        (Scalar("decimal"), Decimal("1.10"), Decimal("1.10")),
        (Scalar("uuid"), UUID(int=1), UUID(int=1)),
        (EnumType((1, 2)), 2, 2),
        (EnumType(("a",), open=True), "b", "b"),
        (NullableType(INT), None, None),
        (ListType(FLOAT), [1, 2.5], [1.0, 2.5]),
        (MapType(INT), {"a": 1}, {"a": 1}),
        (AnyType(), {"a": [None]}, {"a": [None]}),
        (POINT, {"x": 1, "gift": RAW, "old": Typed(INT, 1)}, {"x": 1, "gift": RAW, "old": Typed(INT, 1)}),
        (UNION, {"kind": "card", "at": {"x": 1}}, {"kind": "card", "at": {"x": 1}}),
    ],
    ids=str,
)
def test_what_is_of_the_type(type_: Type, value: Any, given: Any) -> None:
    found = checked("step", type_, value)
    assert same(found, given)
    if type(value) in (list, dict):
        assert found is not value


def test_a_complement_is_handed_on() -> None:
    entry = Entry("2.0", "down", {}, {})
    assert checked("step", POINT, {COMPLEMENT: [entry]}) == {COMPLEMENT: [entry]}


@pytest.mark.parametrize(
    ("type_", "value", "path", "problem"),
    [
        (TEXT, 1, "", "step gives a `int` where a `str` is declared."),
        (TEXT, None, "", "step gives a `None` where a `str` is declared."),
        (INT, True, "", "step gives a `bool` where a `int` is declared."),
        (FLOAT, 2**53 + 1, "", "step gives a `int` where a `float` is declared."),
        (Scalar("decimal"), 1.5, "", "step gives a `float` where a `Decimal` is declared."),
        (
            EnumType((1, 2)),
            3,
            "",
            "step gives a `int` where a member of an enum, as its raw `int` is declared.",
        ),
        (
            EnumType((1, 2)),
            True,
            "",
            "step gives a `bool` where a member of an enum, as its raw `int` is declared.",
        ),
        (ListType(INT), (1,), "", "step gives a `tuple` where a list is declared."),
        (ListType(INT), [1, "a"], "[1]", "step gives a `str` where a `int` is declared."),
        (MapType(INT), {"private": "a"}, "[*]", "step gives a `str` where a `int` is declared."),
        (MapType(INT), {1: 1}, "", "step gives a `dict` where a map with `str` keys is declared."),
        (POINT, 5, "", "step gives a `int` where an object is declared."),
        (POINT, {"note": 5}, "note", "step gives a `int` where a `str` is declared."),
        (POINT, {"y": 5}, "y", "step gives an attribute that `Point` does not have at that version."),
        (UNION, {"kind": "cash"}, "", "step gives a `dict` where one of a union's objects is declared."),
        (UNION, {"kind": "card", "at": {"x": ""}}, "at.x", "step gives a `str` where a `int` is declared."),
    ],
    ids=str,
)
def test_what_is_not(type_: Type, value: Any, path: str, problem: str) -> None:
    with pytest.raises(ConversionError) as caught:
        checked("step", type_, value)
    assert (caught.value.path, caught.value.problem, caught.value.step) == (path, problem, "step")


@dataclass
class Older:
    count: int


@dataclass
class Newer:
    count: str


@dataclass
class More:
    count: int
    note: str


class Other(TypedDict):
    text: str


UP: list[tuple[type, Any]] = [
    (Newer, retype("count", was=int, up=lambda count: count + 1, down=int)),
    (More, add("note", fill=lambda order: order["count"])),
    (Other, replace(was=Older, up=lambda order: {"text": order["count"]}, down=lambda order: {"count": 1})),
]


@pytest.mark.parametrize(("model", "step"), UP, ids=["retype", "add", "replace"])
def test_on_the_way_up(model: type, step: Any) -> None:
    record = Schema("shop.order", Older, FIRST).dumps(Older(5))
    newer: Schema[Any] = Schema("shop.order", model, FIRST, Version(2, step), writes=2)
    with pytest.raises(ConversionError, match=r"^shop\.order version 2: at `\w+`: .* gives a `int` where"):
        newer.loads(record)


@dataclass
class Less:
    size: Literal["s", "m"]


@pytest.mark.parametrize(
    ("model", "value", "step"),
    [
        (Newer, Newer("5"), retype("count", was=int, up=str, down=lambda count: count)),
        (Less, Less("s"), remove("count", was=int, fill=lambda order: order["size"])),
        (Other, {"text": "a"}, replace(was=Older, up=lambda order: {"text": "a"}, down=lambda order: {"count": "1"})),
    ],
    ids=["retype", "remove", "replace"],
)
def test_on_the_way_down(model: type, value: Any, step: Callable[..., Any]) -> None:
    newer: Schema[Any] = Schema("shop.order", model, FIRST, Version(2, step), writes=1)  # type: ignore[arg-type]
    with pytest.raises(ConversionError, match=r"^shop\.order version 2: at `count`: .* gives a `str` where"):
        newer.dumps(value)
