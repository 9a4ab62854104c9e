"""The rule `parameter-changed`."""

from __future__ import annotations

from tests.check.releases import found, heartbeat, release


def test_fails_where_a_number_has_another_value() -> None:
    (one,) = found("parameter-changed", release("v2", heartbeat({1: 4.0}, 1)), release("v1", heartbeat({1: 5.0}, 1)))
    assert (one.severity, one.version, one.message) == ("warning", 1, "Version 1 is 4.0, and is 5.0 in v1.")


def test_fails_where_the_kind_is_another() -> None:
    now, before = release("v2", heartbeat({1: 5.0}, 1, "at_least")), release("v1", heartbeat({1: 5.0}, 1))
    assert [each.version for each in found("parameter-changed", now, before)] == [None]


def test_passes_where_a_value_is_added() -> None:
    now, before = release("v2", heartbeat({1: 5.0, 2: 10.0}, 1)), release("v1", heartbeat({1: 5.0}, 1))
    assert found("parameter-changed", now, before) == []
