"""Null where there was none, or the other way round."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import attribute_nullability_changed
from versioned_serde.shape import ListType, NullableType, Scalar

INT = Scalar("int")


def test_fails_where_null_came() -> None:
    finding = only(attribute_nullability_changed, order(INT), order(NullableType(INT)))
    assert (finding.severity, finding.direction) == ("error", "forward")


def test_fails_where_null_went_from_a_list() -> None:
    finding = only(attribute_nullability_changed, order(ListType(NullableType(INT))), order(ListType(INT)))
    assert (finding.severity, finding.direction) == ("error", "backward")
    assert "cannot be null" in finding.message


def test_passes_the_same_spelled_otherwise() -> None:
    assert not found(attribute_nullability_changed, order(NullableType(INT)), order(NullableType(INT)))
    assert not found(attribute_nullability_changed, order(NullableType(INT)), order(ListType(INT)))
