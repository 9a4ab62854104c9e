"""An enum is closed where it was open."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import enum_closed
from versioned_serde.shape import EnumType

CLOSED, OPEN = order(EnumType(("a",))), order(EnumType(("a",), open=True))


def test_fails_where_old_records_are_refused() -> None:
    finding = only(enum_closed, OPEN, CLOSED)
    assert (finding.severity, finding.direction) == ("error", "backward")


def test_passes_an_enum_that_was_closed() -> None:
    assert not found(enum_closed, CLOSED, CLOSED)
    assert not found(enum_closed, CLOSED, OPEN)
