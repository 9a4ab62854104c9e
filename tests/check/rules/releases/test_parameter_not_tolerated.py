"""The rule `parameter-not-tolerated`."""

from __future__ import annotations

import pytest

from tests.check.releases import found, heartbeat, release


def test_fails_where_the_new_value_is_too_much_for_the_old_release() -> None:
    now, before = release("this release", heartbeat({1: 5.0, 2: 10.0}, 2)), release("v1", heartbeat({1: 5.0}, 1))
    (one,) = found("parameter-not-tolerated", now, before)
    assert (one.version, one.direction) == (2, "forward")
    assert one.message == "This release emits 10.0, which v1 does not tolerate."


def test_fails_where_the_old_value_is_not_tolerated_any_more() -> None:
    now, before = release("v2", heartbeat({2: 5.0}, 2)), release("v1", heartbeat({1: 10.0}, 1))
    (one,) = found("parameter-not-tolerated", now, before)
    assert (one.version, one.direction) == (1, "backward")
    assert one.message == "v1 emits 10.0, which v2 does not tolerate."


@pytest.mark.parametrize(("kind", "value"), [("at_least", 4.0), ("one_of", 6.0)])
def test_fails_by_the_kind_of_the_parameter(kind: str, value: float) -> None:
    now = release("v2", heartbeat({1: 5.0, 2: value}, 2, kind))
    assert len(found("parameter-not-tolerated", now, release("v1", heartbeat({1: 5.0}, 1, kind)))) == 1


def test_passes_where_the_release_before_tolerates_it() -> None:
    now, before = release("v2", heartbeat({1: 5.0, 2: 10.0}, 2)), release("v1", heartbeat({1: 5.0, 2: 10.0}, 1))
    assert found("parameter-not-tolerated", now, before) == []
    assert found("parameter-not-tolerated", release("v2", heartbeat({2: 4.0}, 2, "at_most")), before) != []
