from __future__ import annotations

from tests.check.rules.releases.fleets import ACTIVATED, ADDED, ONE, PLACE, PREPARED, hits
from versioned_serde.check.rules.releases import write_before_read as rule


def test_fails_without_a_release_in_between() -> None:
    (found,) = hits(rule, ACTIVATED, ONE)
    assert (found.rule, found.severity, found.direction) == ("write-before-read", "error", "forward")
    assert (found.schema, found.version, found.place) == ("shop.order", 2, PLACE)
    assert "version 2, which beside-1 cannot read" in found.message
    assert found.message.endswith("it reads version 1.")


def test_fails_for_each_release_beside_that_is_not_prepared() -> None:
    assert len(hits(rule, ACTIVATED, ONE, PREPARED, ONE)) == 2


def test_passes_after_a_release_that_reads_it() -> None:
    assert hits(rule, ACTIVATED, PREPARED) == []


def test_passes_while_nothing_new_is_written() -> None:
    assert hits(rule, PREPARED, ONE) == []


def test_passes_an_addition_that_readers_before_can_read() -> None:
    assert hits(rule, ADDED, ACTIVATED) == []


def test_passes_what_is_only_supported() -> None:
    assert hits(rule, ACTIVATED, PREPARED, supported=[ONE]) == []
