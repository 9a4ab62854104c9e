from __future__ import annotations

from tests.check.rules.releases.fleets import ACTIVATED, ADDED, ONE, PLACE, RETIRED, Noted, hits
from versioned_serde import Schema, Version
from versioned_serde.check.rules.releases import version_skipped as rule

THIRD = Schema("shop.order", Noted, Version(3, codec="json", framing="envelope", min_reader=2))


def test_fails_where_versions_begin_behind_a_gap() -> None:
    (found,) = hits(rule, THIRD, ONE)
    assert (found.severity, found.version, found.place) == ("warning", 3, PLACE)
    assert found.message == "The versions begin with 3, and those of beside-1 end with 1."


def test_passes_where_they_go_on() -> None:
    assert hits(rule, RETIRED, ONE) == []
    assert hits(rule, THIRD, ACTIVATED) == []
    assert hits(rule, ADDED, ONE) == []
