from __future__ import annotations

from tests.check.rules.releases.fleets import PLACE, heartbeat, hits
from versioned_serde.check.rules.releases import parameter_changed as rule


def test_fails_where_a_number_means_another_value() -> None:
    (found,) = hits(rule, heartbeat(5, 20), heartbeat(5, 10))
    assert (found.severity, found.version, found.place) == ("warning", 2, PLACE)
    assert found.message == "Version 2 is 20, and is 10 in beside-1."


def test_fails_where_the_value_has_another_type() -> None:
    assert [each.version for each in hits(rule, heartbeat(5), heartbeat(5.0))] == [1]


def test_fails_where_the_kind_is_another() -> None:
    (found,) = hits(rule, heartbeat(5, kind="at_least"), heartbeat(5))
    assert found.message == "Its kind is `at_least`, and is `at_most` in beside-1."


def test_passes_a_further_version() -> None:
    assert hits(rule, heartbeat(5, 10), heartbeat(5)) == []
