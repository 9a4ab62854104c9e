"""The rule `write-before-read`."""

from __future__ import annotations

from dataclasses import make_dataclass

from tests.check.releases import LINES, changed, found, orders, release


def test_fails_where_a_release_beside_does_not_list_what_is_written() -> None:
    (one,) = found("write-before-read", release("this release", orders(1, 3, 3)), release("v1", orders(1, 2, 1)))
    assert (one.severity, one.schema, one.version, one.direction) == ("error", "shop.order", 3, "forward")
    assert one.message == (
        'This release writes version 3, which v1 cannot read, because of `rename("customer", "buyer")`; it reads'
        " versions 1 to 2."
    )


def test_fails_for_each_release_beside_that_lags() -> None:
    lagging, ready = release("v1", orders(1, 2, 1)), release("v2", orders(1, 3, 2))
    assert len(found("write-before-read", release("v3", orders(1, 3, 3)), ready, lagging, lagging)) == 2


def test_passes_where_the_release_before_prepared() -> None:
    assert found("write-before-read", release("v2", orders(1, 3, 3)), release("v1", orders(1, 3, 1))) == []


def test_passes_where_an_attribute_is_added_that_old_hosts_keep() -> None:
    assert found("write-before-read", release("v2", orders(1, 2, 2)), release("v1", orders(1, 1, 1))) == []
    assert found("write-before-read", release("v2", orders(3, 4, 4)), release("v1", orders(2, 3, 3))) == []


def test_fails_where_the_newest_version_that_an_old_host_would_take_it_for_is_another_one() -> None:
    now = release("v2", orders(1, 2, 2))
    before = release("v1", changed(LINES[1], model=make_dataclass("Order", [("customer", str), ("total", str)])))
    assert len(found("write-before-read", now, before)) == 1
