"""An enum is open where it was closed."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import enum_opened
from versioned_serde.shape import EnumType

CLOSED, OPEN = order(EnumType(("a",))), order(EnumType(("a",), open=True))


def test_fails_where_old_hosts_refuse_what_is_no_member() -> None:
    finding = only(enum_opened, CLOSED, OPEN)
    assert (finding.severity, finding.direction) == ("error", "forward")


def test_passes_an_enum_that_was_open() -> None:
    assert not found(enum_opened, OPEN, OPEN)
    assert not found(enum_opened, OPEN, CLOSED)
