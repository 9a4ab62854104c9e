from __future__ import annotations

from tests.check.rules.releases.fleets import ACTIVATED, ONE, PLACE, PREPARED, heartbeat, hits
from versioned_serde.check.rules.releases import rollback_floor_lost as rule


def test_fails_where_a_supported_release_cannot_read_what_is_new() -> None:
    (found,) = hits(rule, ACTIVATED, PREPARED, supported=[ONE])
    assert (found.severity, found.direction, found.version, found.place) == ("error", "forward", 2, PLACE)
    assert "which supported-1 cannot read; it reads version 1" in found.message


def test_fails_where_a_supported_release_does_not_tolerate_what_is_new() -> None:
    (found,) = hits(
        rule, heartbeat(5, 10, writes=2), heartbeat(5, 10, writes=1), supported=[heartbeat(5, kind="at_most")]
    )
    assert found.message == (
        "This release emits 10, which supported-1 does not tolerate; it could be gone back to so far."
    )


def test_passes_where_nobody_could_go_back_any_more() -> None:
    """The release beside writes it already."""
    assert hits(rule, ACTIVATED, ACTIVATED, supported=[ONE]) == []
    assert hits(rule, heartbeat(5, 10, writes=2), heartbeat(5, 10, writes=2), supported=[heartbeat(5)]) == []


def test_passes_where_the_supported_release_reads_it() -> None:
    assert hits(rule, ACTIVATED, PREPARED, supported=[PREPARED]) == []
    assert hits(rule, heartbeat(5, 10, writes=2), heartbeat(5, 10), supported=[heartbeat(5, 10)]) == []
