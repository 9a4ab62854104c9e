from __future__ import annotations

from tests.check.rules.releases.fleets import ACTIVATED, ADDED, FIRST, ONE, PLACE, PREPARED, Noted, Order, hits
from versioned_serde import Schema, Version, add, rename
from versioned_serde.check.rules.releases import version_changed as rule


def test_fails_where_records_of_it_exist() -> None:
    (found,) = hits(rule, Schema("shop.order", Order, FIRST), ONE)
    assert (found.severity, found.version, found.place) == ("error", 1, PLACE)
    assert found.message.startswith("Version 1 is not what it is in beside-1: ")
    assert "the shape differs in `buyer`, `customer`" in found.message


def test_fails_where_the_form_is_another() -> None:
    packed = Version(2, rename("customer", "buyer"), coding="gzip")
    (found,) = hits(rule, Schema("shop.order", Order, FIRST, packed, writes=2), ACTIVATED)
    assert "`coding` is 'gzip' and was 'none'" in found.message


def test_fails_as_a_warning_where_nobody_wrote_it() -> None:
    other = Schema("shop.order", Noted, FIRST, Version(2, rename("customer", "buyer"), add("note")), writes=1)
    (found,) = hits(rule, other, PREPARED)
    assert (found.severity, found.version) == ("warning", 2)


def test_passes_what_was_written_the_same_all_along() -> None:
    assert hits(rule, ADDED, ACTIVATED, supported=[PREPARED, ONE]) == []


def test_passes_a_difference_that_a_release_beside_has_already() -> None:
    assert hits(rule, ACTIVATED, ACTIVATED, supported=[Schema("shop.order", Order, FIRST)]) == []
