"""A released version has an attribute more."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import attribute_added
from versioned_serde.shape import ABSENT, Attribute, ListType, MapType, ObjectType, Scalar, Shape

ONE = order(Scalar("int"))
TWO = Shape("Order", (Attribute("x", Scalar("int")), Attribute("y", Scalar("str"))))
OPTIONAL = Shape("Order", (Attribute("x", Scalar("int")), Attribute("y", Scalar("str"), ABSENT)))


def test_fails_where_old_records_are_refused() -> None:
    finding = only(attribute_added, ONE, TWO)
    assert (finding.severity, finding.attribute, finding.direction) == ("error", "y", "backward")


def test_fails_at_every_depth() -> None:
    old, new = (order(MapType(ListType(ObjectType(shape)))) for shape in (ONE, TWO))
    finding = only(attribute_added, old, new)
    assert (finding.severity, finding.attribute, finding.direction) == ("error", "x.y", "backward")


def test_fails_as_a_warning_where_nobody_refuses_anything() -> None:
    assert only(attribute_added, ONE, OPTIONAL).severity == "warning"


def test_passes_what_went() -> None:
    assert not found(attribute_added, TWO, ONE)
