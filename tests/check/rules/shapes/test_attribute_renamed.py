"""An attribute has another name in the field that it had."""

from __future__ import annotations

from typing import Any

from tests.check.comparing import declared, found, only
from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.check.rules.shapes import attribute_renamed


def message(fields: str) -> Schema[Any]:
    cls = classes("message Order" + chr(10) + fields)["Order"]
    return declared(cls, Version(1, codec="protobuf", framing="envelope"))


def test_fails_where_only_the_name_changed() -> None:
    finding = only(attribute_renamed, message("optional string buyer = 2"), message("optional string customer = 2"))
    assert finding.attribute == "customer"
    assert "`buyer` is called `customer`" in finding.message


def test_passes_another_field() -> None:
    assert not found(attribute_renamed, message("string buyer = 2"), message("string customer = 3"))
    assert not found(attribute_renamed, message("string buyer = 2"), message("bytes customer = 2"))
