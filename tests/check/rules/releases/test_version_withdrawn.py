from __future__ import annotations

from tests.check.rules.releases.fleets import ACTIVATED, ONE, PLACE, PREPARED, hits
from versioned_serde.check.rules.releases import version_withdrawn as rule


def test_fails_where_the_newest_is_gone() -> None:
    (found,) = hits(rule, ONE, PREPARED)
    assert (found.severity, found.version, found.place) == ("warning", 2, PLACE)
    assert found.message == "Version 2 is listed by beside-1, and not any more."


def test_passes_where_nothing_is_withdrawn() -> None:
    assert hits(rule, PREPARED, ONE) == []
    assert hits(rule, ACTIVATED, PREPARED) == []
