"""A union has a kind of objects less."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import union_arm_deleted
from versioned_serde.shape import Attribute, EnumType, ObjectType, Shape, UnionType


def arm(tag: str, by: str = "kind") -> tuple[str, ObjectType]:
    return tag, ObjectType(Shape(tag.title(), (Attribute(by, EnumType((tag,))),)))


TWO, ONE = (order(UnionType("kind", arms)) for arms in ((arm("card"), arm("cash")), (arm("card"),)))


def test_fails_where_old_records_are_refused() -> None:
    finding = only(union_arm_deleted, TWO, ONE)
    assert (finding.severity, finding.direction) == ("error", "backward")
    assert "cannot be `cash` any more" in finding.message


def test_passes_arms_in_another_order() -> None:
    assert not found(union_arm_deleted, TWO, order(UnionType("kind", (arm("cash"), arm("card")))))
    assert not found(union_arm_deleted, ONE, TWO)
