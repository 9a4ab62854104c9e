"""An attribute is a member of a oneof where it was not."""

from __future__ import annotations

from typing import Any

from tests.check.comparing import declared, found
from tests.protos.build import classes
from versioned_serde import Schema, Version
from versioned_serde.check.rules.shapes import oneof_changed


def message(fields: str) -> Schema[Any]:
    cls = classes("message Order" + chr(10) + fields)["Order"]
    return declared(cls, Version(1, codec="protobuf", framing="envelope"))


APART = "optional string email = 4\noptional string phone = 5"
TOGETHER = "string email = 4 in contact\nstring phone = 5 in contact"


def test_fails_where_old_hosts_write_both() -> None:
    findings = found(oneof_changed, message(APART), message(TOGETHER))
    assert [(each.severity, each.attribute, each.direction) for each in findings] == [
        ("error", "email", "backward"),
        ("error", "phone", "backward"),
    ]
    assert "is in the oneof `contact` and was in no oneof" in findings[0].message


def test_passes_the_same_oneof() -> None:
    assert not found(oneof_changed, message(TOGETHER), message(TOGETHER))
