"""Another attribute in the field of one that was deleted."""

from __future__ import annotations

from typing import Any

from tests.check.comparing import declared, found, only
from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.check.rules.shapes import number_reused


def message(fields: str) -> Schema[Any]:
    cls = classes("message Order" + chr(10) + fields)["Order"]
    return declared(cls, Version(1, codec="protobuf", framing="envelope"))


def test_fails_where_the_number_has_another_type() -> None:
    finding = only(number_reused, message("optional string note = 4"), message("optional bytes coupon = 4"))
    assert (finding.attribute, finding.version) == ("coupon", 1)
    assert "field 4, which was `note`, is `coupon`" in finding.message


def test_passes_another_number_and_another_name() -> None:
    assert not found(number_reused, message("string note = 4"), message("bytes coupon = 5"))
    assert not found(number_reused, message("string note = 4"), message("string coupon = 4"))
