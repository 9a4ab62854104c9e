"""The rule `version-withdrawn`."""

from __future__ import annotations

from tests.check.releases import found, orders, release


def test_fails_where_a_prepared_version_is_gone() -> None:
    (one,) = found("version-withdrawn", release("v2", orders(1, 2, 1)), release("v1", orders(1, 3, 1)))
    assert (one.severity, one.version) == ("warning", 3)


def test_passes_where_all_are_listed() -> None:
    assert found("version-withdrawn", release("v2", orders(2, 3, 2)), release("v1", orders(1, 3, 1))) == []
