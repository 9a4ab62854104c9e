"""Shapes and steps as lines of text that nothing but a change of the bytes changes."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from versioned_serde import (
    FACTORY,
    REQUIRED,
    Schema,
    Version,
    add,
    redefault,
    remove,
    rename,
    retype,
    widen_enum,
    within,
)
from versioned_serde import replace as another
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.steps.step import BoundStep, Step
from versioned_serde.lock.description import adds, described, shape_digest, shape_lines, step_text
from versioned_serde.lock.suggestion import suggestion
from versioned_serde.shape import (
    ABSENT,
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


class Card:
    pass


CARD = Shape("Card", (Attribute("kind", EnumType(("card", "voucher"))), Attribute("number", Scalar("str"))), Card)
CASH = Shape("Cash", (Attribute("kind", EnumType(("cash",))),))
ARM = ObjectType(CARD)
PAY = UnionType("kind", (("card", ARM), ("voucher", ARM), ("cash", ObjectType(CASH))))
SHAPE = Shape(
    "Order",
    (
        Attribute("amount", Scalar("decimal"), Constant(Decimal("1.10"))),
        Attribute("day", Scalar("date"), Constant(date(2024, 2, 29))),
        Attribute("color", EnumType(("red", "green"), open=True), Constant("red")),
        Attribute("size", EnumType((2, 1))),
        Attribute("id", NullableType(Scalar("uuid")), Constant(None)),
        Attribute("tags", ListType(Scalar("str")), FACTORY),
        Attribute("by_sku", MapType(ListType(ObjectType(CASH))), ABSENT),
        Attribute("any", AnyType(), ABSENT),
        Attribute("pay", NullableType(PAY)),
        Attribute("a.b", ObjectType(CASH)),
    ),
)
LINES = {
    '"a.b"': "object",
    '"a.b".kind': 'Literal["cash"]',
    "amount": 'Decimal = "1.10"',
    "any": "Any = absent",
    "by_sku": "dict[str, list[object]] = absent",
    "by_sku.kind": 'Literal["cash"]',
    "color": 'Literal["green", "red"] | str = "red"',
    "day": 'date = "2024-02-29"',
    "id": "UUID | None = null",
    "pay": 'object by kind of "card", "cash", "voucher" | None',
    "pay[card].kind": 'Literal["card", "voucher"]',
    "pay[card].number": "str",
    "pay[cash].kind": 'Literal["cash"]',
    "size": "Literal[1, 2]",
    "tags": "list[str] = computed",
}


def test_each_attribute_is_a_line() -> None:
    assert shape_lines(SHAPE) == LINES
    assert list(shape_lines(SHAPE)) == sorted(LINES)


def test_a_digest_is_that_of_what_the_bytes_hold() -> None:
    arms = UnionType("kind", PAY.arms[::-1])
    spelled = [replace(each, type=NullableType(arms)) if each.name == "pay" else each for each in SHAPE.attributes]
    assert shape_digest(Shape("Purchase", tuple(spelled[::-1]))) == shape_digest(SHAPE) == "82e7f338a8cb47c1"
    assert shape_digest(SHAPE.without("any")) != shape_digest(SHAPE)
    assert shape_digest(Shape("Order", (Attribute("x", Scalar("int")),))) != shape_digest(
        Shape("Order", (Attribute("x", Scalar("int"), Constant(0)),))
    )


class Color(enum.Enum):
    RED = "red"


class Foreign(Step):
    """Keeps what it was given under another name."""

    def __init__(self, name: str, *others: str) -> None:
        self.held = (name, others)

    def older(self, newer: Shape, describer: Describer) -> Shape:
        return newer

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return True

    def bind(self, binding: Binding) -> BoundStep:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (add("note"), 'add("note")'),
        (add("x", fill=[1, "é", None, True, 0.5]), 'add("x", fill=[1, "é", None, True, 0.5])'),
        (add("x", fill={"a": Decimal("1.10"), "b": UUID(int=0)}), None),
        (add("x", fill=lambda older: older), 'add("x", fill=...)'),
        (remove("x", was=int, default=FACTORY, purge=True), 'remove("x", was=..., default=FACTORY, purge=True)'),
        (redefault("x", was=REQUIRED), 'redefault("x", was=REQUIRED)'),
        (redefault("x", was=Constant(date(2024, 2, 29))), 'redefault("x", was=2024-02-29)'),
        (redefault("x", was=timedelta(days=1)), 'redefault("x", was=1 day, 0:00:00)'),
        (retype("x", was=int, up=str, down=int), 'retype("x", was=..., up=..., down=...)'),
        (widen_enum("x", Color.RED, down={"red": "green"}), 'widen_enum("x", "red", down={"red": "green"})'),
        (within("a.b", add("x"), add("y")), 'within("a.b", add("x"), add("y"))'),
        (within(Card, add("x")), 'within(..., add("x"))'),
        (another(was=Card, up=dict, down=dict), "replace(was=..., up=..., down=...)"),
        (Foreign("x", "y"), "Foreign()"),
    ],
    ids=range(14),
)
def test_a_step_is_told_as_it_was_declared(step: Step, text: str | None) -> None:
    if text is None:
        text = 'add("x", fill={"a": Decimal(\'1.10\'), "b": UUID(\'00000000-0000-0000-0000-000000000000\')})'
    assert step_text(step) == text


def changed(**attributes: Any) -> Shape:
    return Shape("Order", tuple(replace(each, **attributes.get(each.name, {})) for each in SHAPE.attributes))


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (
            changed(color={"type": EnumType(("red", "green", "blue"), open=True)}),
            'append `Version(2, widen_enum("color", "blue"))`',
        ),
        (
            changed(size={"type": EnumType((1, 2, 3), open=True)}),
            'append `Version(2, widen_enum("size", 3, down=..., was_closed=True))`',
        ),
        (changed(size={"type": EnumType((1, 3))}), 'retype("size", was=Literal[1, 2], up=..., down=...)'),
        (changed(tags={"default": REQUIRED}), 'redefault("tags", was=FACTORY)'),
        (changed(amount={"default": Constant(Decimal(2))}), 'redefault("amount", was=...)'),
        (changed(id={"default": REQUIRED}), 'redefault("id", was=None)'),
        (SHAPE.without("color"), 'remove("color", was=Literal["green", "red"] | str, default="red")'),
        (SHAPE.without("size"), 'remove("size", was=Literal[1, 2], fill=...)'),
        (SHAPE.without("id"), 'remove("id", was=UUID | None)'),
        (SHAPE.without("by_sku"), 'remove("by_sku", was=..., default=ABSENT)'),
        (
            SHAPE.without("a.b"),
            'you removed `a.b`; append `Version(2, remove("a.b", was=..., fill=...))`',
        ),
    ],
    ids=range(11),
)
def test_a_change_is_told_as_a_step(shape: Shape, told: str) -> None:
    assert told in suggestion(LINES, shape, 2, listed=False)


def test_a_change_of_an_arm_is_told_by_its_class() -> None:
    card = ObjectType(CARD.with_attribute(Attribute("bank", Scalar("str"), Constant(""))))
    arms = UnionType("kind", (("card", card), ("voucher", card), ("cash", ObjectType(CASH))))
    told = suggestion(LINES, changed(pay={"type": NullableType(arms)}), 2, listed=False)
    assert told == 'you added `pay[card].bank`; append `Version(2, within(Card, add("bank")))`.'


def test_a_recursive_shape_has_defaults_like_any_other() -> None:
    node = Shape(
        "Node",
        (
            Attribute("price", Scalar("decimal"), Constant(Decimal("1.10"))),
            Attribute("parts", ListType(RecursiveType("Node")), Constant([{"price": Decimal(2), "parts": []}])),
            Attribute("next", NullableType(RecursiveType("Node")), Constant(None)),
            Attribute(
                "arm", ObjectType(Shape("Arm", (Attribute("up", ListType(RecursiveType("Node")), Constant([])),)))
            ),
        ),
    )
    assert shape_lines(node) == {
        "arm": "object",
        "arm.up": "list[object as at the top] = []",
        "next": "object as at the top | None = null",
        "parts": 'list[object as at the top] = [{"price":"2","parts":[]}]',
        "price": 'Decimal = "1.10"',
    }


def test_what_is_added_and_converted_at_once_is_told_as_it_was_added() -> None:
    """Older records keep it so, under the name that it had."""
    shape = Shape("Order", tuple(Attribute(name, Scalar("str")) for name in ("x", "y", "z")))
    first = Version(1, codec="json", framing="envelope")
    steps = add("x", fill=0), add("w", fill=""), add("y", fill=""), retype("x", was=int, up=str, down=int)
    made = described(Schema("shop.order", shape, first, Version(2, *steps, rename("w", "z")), writes=1))
    assert made["versions"]["2"]["added"] == {"w": "str", "x": "int"}
    assert "added" not in made["versions"]["1"]
    plain = described(Schema("shop.order", shape, first, Version(2, add("y", fill="")), writes=1))
    assert "added" not in plain["versions"]["2"]


@pytest.mark.parametrize(
    ("step", "path", "expected"),
    [
        (add("x"), "x", True),
        (within("lines", add("x", fill=1)), "lines.x", True),
        (add('a "b"'), 'a.c."a \\"b\\""', False),  # the quoted name is not taken apart
        (add("xy"), "x", False),
        (remove("x", was=int), "x", False),
    ],
)
def test_what_adds_an_attribute(step: Step, path: str, expected: bool) -> None:
    assert adds([step_text(step)], path) is expected
    assert not adds([], path)
