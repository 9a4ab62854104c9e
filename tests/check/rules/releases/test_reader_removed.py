from __future__ import annotations

from tests.check.rules.releases.fleets import ACTIVATED, ONE, PLACE, PREPARED, RETIRED, gone, hits
from versioned_serde.check.rules.releases import reader_removed as rule


def test_fails_while_a_release_beside_writes_it() -> None:
    (found,) = hits(rule, RETIRED, PREPARED)
    assert (found.severity, found.direction, found.version, found.place) == ("error", "backward", 1, PLACE)
    assert found.message == "This release does not read version 1, which beside-1 writes; it reads version 2."


def test_fails_while_records_may_be_stored() -> None:
    (found,) = hits(rule, RETIRED, ACTIVATED, supported=[PREPARED])
    assert "version 1, which may be stored" in found.message


def test_fails_while_a_release_beside_writes_it_whatever_a_census_said() -> None:
    (found,) = hits(rule, RETIRED, PREPARED, certificates=[gone(1, PREPARED)])
    assert "which beside-1 writes" in found.message


def test_passes_with_a_census() -> None:
    assert hits(rule, RETIRED, ACTIVATED, supported=[PREPARED], certificates=[gone(1, PREPARED)]) == []


def test_passes_where_it_is_still_read() -> None:
    assert hits(rule, ACTIVATED, PREPARED, supported=[ONE]) == []


def test_passes_where_nobody_wrote_it() -> None:
    assert hits(rule, RETIRED, ACTIVATED) == []
