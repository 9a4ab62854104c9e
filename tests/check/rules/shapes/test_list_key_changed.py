"""The elements of a list are identified by another attribute."""

from __future__ import annotations

from tests.check.comparing import declared, found, only, order
from versioned_serde.check.rules.shapes import list_key_changed
from versioned_serde.shape import Attribute, ListType, ObjectType, Scalar, Shape

LINE = Shape("Line", (Attribute("sku", Scalar("str")), Attribute("position", Scalar("int"))))
LINES = order(ListType(ObjectType(LINE)), name="lines")


def test_fails_for_another_key_and_for_none() -> None:
    by_sku = declared(LINES, keys={"lines": "sku"})
    finding = only(list_key_changed, by_sku, declared(LINES, keys={"lines": "position"}))
    assert (finding.severity, finding.attribute) == ("warning", "lines")
    assert "by `position`, and in v1 by `sku`" in finding.message
    assert "by nothing" in only(list_key_changed, by_sku, declared(LINES)).message


def test_passes_the_first_key() -> None:
    assert not found(list_key_changed, declared(LINES), declared(LINES, keys={"lines": "sku"}))
