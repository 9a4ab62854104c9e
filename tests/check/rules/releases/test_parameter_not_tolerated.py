from __future__ import annotations

from tests.check.rules.releases.fleets import PLACE, heartbeat, hits
from versioned_serde import Parameter
from versioned_serde.check.rules.releases import parameter_not_tolerated as rule


def test_fails_where_the_release_before_does_not_tolerate_it() -> None:
    (found,) = hits(rule, heartbeat(5, 10, writes=2), heartbeat(5))
    assert (found.severity, found.direction, found.version, found.place) == ("error", "forward", 2, PLACE)
    assert found.message == "This release emits 10, which beside-1 does not tolerate."


def test_fails_where_this_release_does_not_tolerate_it_any_more() -> None:
    found = hits(rule, Parameter("shop.heartbeat", {1: 5}, kind="at_most", writes=1), heartbeat(5, 10, writes=2))
    assert [(each.direction, each.message) for each in found] == [
        ("backward", "Beside-1 emits 10, which this release does not tolerate.")
    ]


def test_passes_where_both_tolerate_both() -> None:
    assert hits(rule, heartbeat(5, 10, writes=2), heartbeat(5, 10, writes=1)) == []
    assert hits(rule, heartbeat(5, 10, writes=1), heartbeat(5)) == []
