"""An attribute is in a field of another number."""

from __future__ import annotations

from typing import Any

from tests.check.comparing import declared, found, only
from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.check.rules.shapes import number_changed


def message(fields: str) -> Schema[Any]:
    cls = classes("message Order" + chr(10) + fields)["Order"]
    return declared(cls, Version(1, codec="protobuf", framing="envelope"))


def test_fails_where_the_field_is_not_found() -> None:
    finding = only(number_changed, message("optional string buyer = 2"), message("optional string buyer = 3"))
    assert (finding.severity, finding.attribute, finding.direction) == ("error", "buyer", "forward")
    assert "`buyer` is field 3 and was field 2" in finding.message


def test_passes_fields_in_another_order() -> None:
    one, other = "string buyer = 2", "int32 total = 1"
    assert not found(number_changed, message(f"{one}\n{other}"), message(f"{other}\n{one}"))
    assert not found(number_changed, message(one), message("bytes buyer = 2"))
