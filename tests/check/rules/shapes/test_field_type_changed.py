"""The field of an attribute has another type in the .proto file."""

from __future__ import annotations

from typing import Any

from tests.check.comparing import declared, found, only
from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.check.rules.shapes import field_type_changed


def message(fields: str) -> Schema[Any]:
    cls = classes("message Order" + chr(10) + fields)["Order"]
    return declared(cls, Version(1, codec="protobuf", framing="envelope"))


def test_fails_where_another_number_is_read() -> None:
    finding = only(field_type_changed, message("optional int32 total = 2"), message("optional sint32 total = 2"))
    assert (finding.severity, finding.attribute, finding.direction) == ("error", "total", "forward")
    assert "is `sint32` and was `int32`" in finding.message


def test_fails_where_a_number_is_cut_off() -> None:
    finding = only(field_type_changed, message("optional int32 total = 2"), message("optional int64 total = 2"))
    assert (finding.severity, finding.direction) == ("error", "forward")


def test_passes_another_number() -> None:
    assert not found(field_type_changed, message("int32 total = 2"), message("int32 total = 3"))
