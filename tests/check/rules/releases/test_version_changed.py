"""The rule `version-changed`."""

from __future__ import annotations

from dataclasses import field, make_dataclass
from typing import Any

import pytest

from tests.check.releases import OLD, changed, found, orders, release
from versioned_serde import Schema, Version, add

BEFORE = release("v1", orders(1, 1, 1))


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (Version(1, codec="msgpack", framing="envelope"), "`codec` is 'msgpack' and was 'json'"),
        (Version(1, codec="json", coding="gzip", framing="envelope"), "`coding` is 'gzip' and was 'none'"),
        (Version(1, codec="json", framing="inline"), "`framing` is 'inline' and was 'envelope'"),
        (Version(1, codec="json", framing="envelope", checksum=False), "`checksum` is False and was True"),
    ],
)
def test_fails_where_its_form_is_another(version: Version, told: str) -> None:
    (one,) = found("version-changed", release("v2", changed(version)), BEFORE)
    assert (one.severity, one.version) == ("error", 1)
    assert told in one.message


def test_fails_where_its_shape_is_another() -> None:
    model = make_dataclass("Order", [("customer", str), ("total", str)])
    (one,) = found("version-changed", release("v2", changed(orders(1, 1, 1).declared[0], model=model)), BEFORE)
    assert one.severity == "error"
    assert "the shape differs in `total`" in one.message


def prepared(type_: Any) -> Any:
    """Version 2 adds an attribute of a type, and is not written."""
    model = make_dataclass("Order", [*OLD, ("note", type_ | None, field(default=None))])
    return Schema("shop.order", model, Version(1, codec="json", framing="envelope"), Version(2, add("note")), writes=1)


def test_fails_where_old_records_hold_what_a_version_adds_that_nobody_writes() -> None:
    (one,) = found("version-changed", release("v2", prepared(int)), release("v1", prepared(str)))
    assert (one.severity, one.version) == ("error", 2)


def test_a_version_that_no_record_holds_anything_of_is_a_warning() -> None:
    before = release("v1", orders(1, 3, 1))
    object.__setattr__(before.schemas["shop.order"].versions[3], "digest", "another")
    (one,) = found("version-changed", release("v2", orders(1, 3, 1)), before)
    assert (one.severity, one.version) == ("warning", 3)


def test_passes_where_it_is_the_same() -> None:
    assert found("version-changed", release("v2", orders(1, 4, 1 + 2)), release("v1", orders(1, 3, 1))) == []


def test_passes_where_only_the_older_versions_went() -> None:
    assert found("version-changed", release("v2", orders(2, 3, 3)), release("v1", orders(1, 3, 3))) == []
