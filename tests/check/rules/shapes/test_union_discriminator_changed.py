"""The objects of a union are told apart by another attribute."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import union_discriminator_changed
from versioned_serde.shape import Attribute, EnumType, ObjectType, Shape, UnionType


def arm(tag: str, by: str = "kind") -> tuple[str, ObjectType]:
    return tag, ObjectType(Shape(tag.title(), (Attribute(by, EnumType((tag,))),)))


BY_KIND = order(UnionType("kind", (arm("card"), arm("cash"))))
BY_METHOD = order(UnionType("method", (arm("card", "method"), arm("cash", "method"))))


def test_fails_because_old_hosts_do_not_find_it() -> None:
    finding = only(union_discriminator_changed, BY_KIND, BY_METHOD)
    assert (finding.severity, finding.attribute, finding.direction) == ("error", "x", "forward")


def test_passes_arms_in_another_order() -> None:
    assert not found(union_discriminator_changed, BY_KIND, order(UnionType("kind", (arm("cash"), arm("card")))))
