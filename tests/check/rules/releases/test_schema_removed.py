from __future__ import annotations

from tests.check.rules.releases.fleets import ONE, heartbeat, hits
from versioned_serde.check.rules.releases import schema_removed as rule


def test_fails_where_a_name_is_gone() -> None:
    (found,) = hits(rule, heartbeat(5), ONE)
    assert (found.severity, found.schema) == ("warning", "shop.order")
    assert found.message == "The schema is declared by beside-1, and not any more."
    (found,) = hits(rule, ONE, heartbeat(5))
    assert found.message == "The parameter is declared by beside-1, and not any more."


def test_passes_where_it_is_still_declared() -> None:
    assert hits(rule, ONE, ONE) == []


def test_passes_what_only_a_supported_release_declares() -> None:
    assert hits(rule, heartbeat(5), heartbeat(5), supported=[ONE]) == []
