"""A name is not reserved any more."""

from __future__ import annotations

from tests.check.comparing import declared, found, only, order
from versioned_serde.check.rules.shapes import reserved_deleted
from versioned_serde.shape import Scalar

PLAIN = order(Scalar("int"))


def test_fails_where_the_name_is_free() -> None:
    finding = only(reserved_deleted, declared(PLAIN, reserved={"note", "y"}), declared(PLAIN, reserved={"y"}))
    assert (finding.severity, finding.attribute) == ("warning", "note")


def test_passes_more_names() -> None:
    assert not found(reserved_deleted, declared(PLAIN, reserved={"y"}), declared(PLAIN, reserved={"note", "y"}))
