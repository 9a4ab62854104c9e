"""Absence means a default where it meant nothing, or the other way round."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import presence_changed
from versioned_serde.shape import ABSENT, Constant, NullableType, Scalar

INT = NullableType(Scalar("int"))


def test_fails_where_absence_became_a_default() -> None:
    finding = only(presence_changed, order(INT, ABSENT), order(INT, Constant(1)))
    assert (finding.severity, finding.direction) == ("error", "forward")


def test_fails_where_absence_became_null_or_null_absence() -> None:
    assert only(presence_changed, order(INT, ABSENT), order(INT, Constant(None))).severity == "error"
    assert "means nothing" in only(presence_changed, order(INT, Constant(None)), order(INT, ABSENT)).message


def test_passes_another_default() -> None:
    assert not found(presence_changed, order(INT, Constant(1)), order(INT, Constant(None)))
