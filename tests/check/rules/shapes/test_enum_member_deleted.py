"""An enum has a member less."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import enum_member_deleted
from versioned_serde.shape import EnumType, ListType


def test_fails_where_old_records_are_refused() -> None:
    finding = only(enum_member_deleted, order(ListType(EnumType(("a", "b")))), order(ListType(EnumType(("a",)))))
    assert (finding.severity, finding.direction) == ("error", "backward")
    assert "does not have the member `b`" in finding.message


def test_fails_as_a_warning_for_an_open_enum() -> None:
    assert (
        only(enum_member_deleted, order(EnumType(("a", "b"), open=True)), order(EnumType(("a",), open=True))).severity
        == "warning"
    )


def test_passes_members_in_another_order() -> None:
    assert not found(enum_member_deleted, order(EnumType(("a", "b"))), order(EnumType(("b", "a"))))
    assert not found(enum_member_deleted, order(EnumType(("a",))), order(EnumType(("b", "a"))))
