"""The default is another constant."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import default_changed
from versioned_serde.shape import ABSENT, Constant, EnumType, NullableType, Scalar

INT = Scalar("int")


def test_fails_because_a_record_means_something_else() -> None:
    finding = only(default_changed, order(INT, Constant(1)), order(INT, Constant(2)))
    assert (finding.severity, finding.direction) == ("error", "forward")


def test_fails_for_null() -> None:
    assert (
        only(default_changed, order(NullableType(INT), Constant(None)), order(NullableType(INT), Constant(0))).severity
        == "error"
    )


def test_passes_the_same_constant() -> None:
    old, new = EnumType(("a", "b")), EnumType(("b", "a"))
    assert not found(default_changed, order(old, Constant("a")), order(new, Constant("a")))
    assert not found(default_changed, order(INT, Constant(1)), order(INT, ABSENT))
    assert not found(default_changed, order(INT, Constant(1)), order(Scalar("str"), Constant("a")))
