"""Required where it was not, or the other way round."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import attribute_required_changed
from versioned_serde.shape import ABSENT, Constant, Scalar

INT = Scalar("int")


def test_fails_where_it_became_required() -> None:
    finding = only(attribute_required_changed, order(INT, Constant(1)), order(INT))
    assert (finding.severity, finding.direction) == ("error", "backward")


def test_fails_where_it_became_optional() -> None:
    finding = only(attribute_required_changed, order(INT), order(INT, ABSENT))
    assert (finding.severity, finding.direction) == ("error", "forward")


def test_passes_another_default() -> None:
    assert not found(attribute_required_changed, order(INT, Constant(1)), order(INT, Constant(2)))
