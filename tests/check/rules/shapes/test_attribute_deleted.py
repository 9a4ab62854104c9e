"""A released version has an attribute less."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import attribute_deleted
from versioned_serde.shape import Attribute, Constant, Scalar, Shape

TWO = Shape("Order", (Attribute("x", Scalar("int")), Attribute("y", Scalar("str"))))
OPTIONAL = Shape("Order", (Attribute("x", Scalar("int")), Attribute("y", Scalar("str"), Constant(""))))
ONE = order(Scalar("int"))


def test_fails_where_old_hosts_require_it() -> None:
    finding = only(attribute_deleted, TWO, ONE)
    assert (finding.severity, finding.attribute, finding.version) == ("error", "y", 1)
    assert finding.direction == "forward"
    assert finding.message == "Version 1 is in v1 already, and `y` is not in it now, which no step declares."
    assert "FIELD_NO_DELETE" in finding.aliases


def test_fails_as_a_warning_where_nobody_refuses_anything() -> None:
    finding = only(attribute_deleted, OPTIONAL, ONE)
    assert (finding.severity, finding.direction, finding.witness) == ("warning", None, None)


def test_passes_what_came() -> None:
    assert not found(attribute_deleted, ONE, TWO)
