"""The rule `schema-removed`."""

from __future__ import annotations

from tests.check.releases import found, heartbeat, orders, release


def test_fails_where_a_name_is_gone() -> None:
    before = release("v1", orders(1, 1, 1), heartbeat({1: 5.0}, 1))
    schema, parameter = found("schema-removed", release("v2", orders(1, 1, 1, name="shop.orders")), before)
    assert (schema.schema, parameter.schema) == ("shop.order", "shop.heartbeat")


def test_passes_where_all_are_declared() -> None:
    before = release("v1", orders(1, 1, 1))
    assert found("schema-removed", release("v2", orders(1, 1, 1), heartbeat({1: 5.0}, 1)), before) == []
