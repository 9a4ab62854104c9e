"""The rule `version-skipped`."""

from __future__ import annotations

from tests.check.releases import found, orders, release


def test_fails_where_a_number_is_left_out() -> None:
    (one,) = found("version-skipped", release("v2", orders(3, 3, 3)), release("v1", orders(1, 1, 1)))
    assert (one.severity, one.version) == ("warning", 3)
    assert one.message == "The versions begin with 3, and those of v1 end with 1."


def test_passes_where_they_go_on() -> None:
    assert found("version-skipped", release("v2", orders(2, 3, 2)), release("v1", orders(1, 1, 1))) == []
