"""An enum has a member more."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import enum_member_added
from versioned_serde.shape import EnumType


def test_fails_where_old_hosts_refuse_it() -> None:
    finding = only(enum_member_added, order(EnumType((1,))), order(EnumType((1, 2))))
    assert (finding.severity, finding.direction) == ("error", "forward")
    assert "has the new member `2`" in finding.message


def test_fails_as_a_warning_for_an_open_enum() -> None:
    assert (
        only(enum_member_added, order(EnumType(("a",), open=True)), order(EnumType(("a", "b"), open=True))).severity
        == "warning"
    )


def test_passes_members_in_another_order() -> None:
    assert not found(enum_member_added, order(EnumType(("a", "b"))), order(EnumType(("b", "a"))))
    assert not found(enum_member_added, order(EnumType(("a", "b"))), order(EnumType(("a",))))
