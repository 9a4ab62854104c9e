"""An attribute of a released version has another type."""

from __future__ import annotations

from tests.check.comparing import found, only, order
from versioned_serde.check.rules.shapes import attribute_type_changed
from versioned_serde.shape import Attribute, EnumType, ListType, NullableType, ObjectType, Scalar, Shape


def test_fails_where_old_hosts_refuse_it() -> None:
    finding = only(attribute_type_changed, order(Scalar("int")), order(Scalar("str")))
    assert (finding.severity, finding.direction) == ("error", "forward")
    assert "`x` was int and is str" in finding.message


def test_fails_where_only_old_records_are_refused() -> None:
    # Every date is a text, and not every text is a date.
    finding = only(attribute_type_changed, order(Scalar("str")), order(Scalar("date")))
    assert (finding.severity, finding.direction) == ("error", "backward")


def test_fails_for_elements() -> None:
    old, new = order(ListType(Scalar("int"))), order(ListType(ObjectType(order(Scalar("int")))))
    assert "`x` was int and is object" in only(attribute_type_changed, old, new).message


def test_passes_other_members_and_null() -> None:
    assert not found(attribute_type_changed, order(EnumType(("a",))), order(EnumType(("a", "b"))))
    assert not found(attribute_type_changed, order(Scalar("int")), order(NullableType(Scalar("int"))))
    assert not found(attribute_type_changed, order(Scalar("int")), Shape("Renamed", (Attribute("x", Scalar("int")),)))
