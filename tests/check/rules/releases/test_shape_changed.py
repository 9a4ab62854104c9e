"""The rule `shape-changed`."""

from __future__ import annotations

from dataclasses import make_dataclass

from tests.check.releases import changed, found, orders, prepared, release

BEFORE = release("v1", orders(1, 1, 1))


def test_fails_where_its_shape_is_another() -> None:
    model = make_dataclass("Order", [("customer", str), ("total", str)])
    (one,) = found("shape-changed", release("v2", changed(orders(1, 1, 1).declared[0], model=model)), BEFORE)
    assert one.severity == "error"
    assert "its attributes differ in `total`" in one.message


def test_fails_where_old_records_hold_what_a_version_adds_that_nobody_writes() -> None:
    (one,) = found("shape-changed", release("v2", prepared(int)), release("v1", prepared(str)))
    assert (one.severity, one.version) == ("error", 2)


def test_a_version_that_no_record_holds_anything_of_is_a_warning() -> None:
    before = release("v1", orders(1, 3, 1))
    version = before.schemas["shop.order"].versions[3]
    object.__setattr__(version, "digest", "another")
    object.__setattr__(version, "shape", {**version.shape, "total": "str"})
    (one,) = found("shape-changed", release("v2", orders(1, 3, 1)), before)
    assert (one.severity, one.version) == ("warning", 3)


def test_passes_where_it_is_the_same() -> None:
    assert found("shape-changed", release("v2", orders(1, 4, 3)), release("v1", orders(1, 3, 1))) == []
