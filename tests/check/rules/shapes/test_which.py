"""Each change is found by its own rule and by no other, and once however many releases it concerns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.check.comparing import compared, declared, order
from tests.protos.build import classes
from versioned_serde import Version, add
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.rules.rule import of_family
from versioned_serde.shape import (
    ABSENT,
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

INT, STR = Scalar("int"), Scalar("str")
ONE = order(INT)
LINE = Shape("Line", (Attribute("sku", STR), Attribute("id", INT)))
LINES = order(ListType(ObjectType(LINE)), name="lines")
CARD, CASH = ((tag, ObjectType(Shape(tag, (Attribute("kind", EnumType((tag,))),)))) for tag in ("card", "cash"))


def with_more(default: Any) -> Shape:
    return Shape("Order", (Attribute("x", INT), Attribute("y", INT, default)))


def rules(comparison: Comparison) -> list[str]:
    return sorted(finding.rule for module in of_family("shapes") for finding in module.check(comparison))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (ONE, ONE, []),
        *((ONE, with_more(default), ["attribute-added"]) for default in (REQUIRED, ABSENT, Constant(1))),
        *((with_more(default), ONE, ["attribute-deleted"]) for default in (REQUIRED, ABSENT, Constant(1))),
        (ONE, order(STR), ["attribute-type-changed"]),
        (ONE, order(ListType(INT)), ["attribute-cardinality-changed"]),
        (order(MapType(INT)), order(ListType(INT)), ["attribute-cardinality-changed"]),
        (ONE, order(NullableType(INT)), ["attribute-nullability-changed"]),
        (ONE, order(INT, ABSENT), ["attribute-required-changed"]),
        (order(INT, Constant(1)), ONE, ["attribute-required-changed"]),
        (order(INT, Constant(1)), order(INT, Constant(2)), ["default-changed"]),
        (order(INT, Constant(1)), order(STR, Constant("a")), ["attribute-type-changed"]),
        (order(INT, Constant(1)), order(INT, ABSENT), ["presence-changed"]),
        (order(EnumType((1,))), order(EnumType((1, 2))), ["enum-member-added"]),
        (order(EnumType((1, 2))), order(EnumType((2,))), ["enum-member-deleted"]),
        (order(EnumType((1,))), order(EnumType((1,), open=True)), ["enum-opened"]),
        (order(EnumType((1,), open=True)), order(EnumType((1,))), ["enum-closed"]),
        (order(EnumType((1,))), ONE, ["attribute-type-changed"]),
        (order(UnionType("kind", (CARD,))), order(UnionType("kind", (CARD, CASH))), ["union-arm-added"]),
        (order(UnionType("kind", (CARD, CASH))), order(UnionType("kind", (CASH,))), ["union-arm-deleted"]),
    ],
)
def test_shapes(old: Shape, new: Shape, found: list[str]) -> None:
    assert rules(compared(declared(old), declared(new))) == found


FIELD = "optional int32 x = 1"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (FIELD, FIELD, []),
        (FIELD, "optional int32 x = 2", ["number-changed"]),
        (FIELD, "optional sint32 x = 1", ["field-type-changed"]),
        (FIELD, "optional int32 y = 1", ["attribute-added", "attribute-deleted", "attribute-renamed"]),
        (FIELD, "optional string y = 1", ["attribute-added", "attribute-deleted", "number-reused"]),
        (FIELD, "optional string y = 2", ["attribute-added", "attribute-deleted"]),
        (FIELD, "int32 x = 1 in some", []),  # a oneof of one member is what `optional` is made of
        (FIELD, "int32 x = 1", ["presence-changed"]),
        (FIELD, "repeated int32 x = 1", ["attribute-cardinality-changed", "field-type-changed", "presence-changed"]),
    ],
)
def test_messages(old: str, new: str, found: list[str]) -> None:
    one, other = (
        declared(classes(f"message Order\n{field}")["Order"], Version(1, codec="protobuf", framing="envelope"))
        for field in (old, new)
    )
    assert rules(compared(one, other)) == found


def test_several_releases_make_one_finding() -> None:
    old = declared(LINES, keys={"lines": "sku"}, reserved={"note", "lines.count"})
    new = declared(
        order(
            ListType(ObjectType(replace(LINE, attributes=(*LINE.attributes, Attribute("count", INT))))), name="lines"
        ),
        keys={"lines": "id"},
    )
    comparison = compared(old, new)
    twice = replace(comparison, beside=[*comparison.beside, replace(comparison.beside[0], name="v2")])
    assert rules(twice) == [
        "attribute-added",
        "list-key-changed",
        "reserved-deleted",
        "reserved-deleted",
        "reserved-name-used",
    ]


def test_a_recursive_shape_is_followed_once() -> None:
    level = Shape("Level", (Attribute("x", INT), Attribute("below", ListType(RecursiveType("Level")))))
    other = replace(level, attributes=(Attribute("x", STR), level.attributes[1]))
    assert rules(compared(declared(level), declared(level))) == []
    assert rules(compared(declared(level), declared(other))) == ["attribute-type-changed"]


def test_a_version_that_no_host_lists_and_no_record_has_may_become_another_one() -> None:
    """It was prepared and withdrawn; the lock remembers it, and hosts of the release beside know nothing of it."""
    first, second = Version(1, codec="json", framing="envelope"), Version(2, add("y", fill=1))
    old = declared(with_more(REQUIRED), first, second, writes=1)
    z = Shape("Order", (Attribute("x", INT), Attribute("z", INT)))
    comparison = compared(old, declared(z, first, Version(2, add("z", fill=1)), writes=2))
    (beside,) = comparison.beside
    lock = beside.schemas["shop.order"]
    withdrawn = replace(beside, schemas={"shop.order": replace(lock, listed=(1,))})
    for releases, severity in (([beside], "error"), ([withdrawn], "warning")):
        found = [
            (finding.rule, finding.severity)
            for module in of_family("shapes")
            for finding in module.check(replace(comparison, beside=releases))
        ]
        assert found == [("attribute-added", severity), ("attribute-deleted", severity)]
