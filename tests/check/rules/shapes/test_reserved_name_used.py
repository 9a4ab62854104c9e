"""An attribute has a name that was reserved."""

from __future__ import annotations

from tests.check.comparing import declared, found, only, order
from versioned_serde.check.rules.shapes import reserved_name_used
from versioned_serde.shape import Attribute, Scalar, Shape

PLAIN = order(Scalar("int"))
NOTE = Shape("Order", (Attribute("x", Scalar("int")), Attribute("note", Scalar("str"))))


def test_fails_where_the_name_is_taken() -> None:
    finding = only(reserved_name_used, declared(PLAIN, reserved={"note"}), declared(NOTE))
    assert (finding.severity, finding.attribute) == ("error", "note")


def test_passes_another_name() -> None:
    assert not found(reserved_name_used, declared(PLAIN, reserved={"remark"}), declared(NOTE))
