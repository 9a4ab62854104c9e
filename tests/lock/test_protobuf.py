"""Numbers and types of protobuf fields are fixed with the version that is written in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.protos.build import classes
from versioned_serde import Schema, Version, check_lock, write_lock
from versioned_serde.codecs.protobuf import Protobuf

PROTO = """
    enum Size SMALL=0 LARGE=1
    message Line
    string sku = 1
    message Order
    string buyer = 1
    sint64 total = 2
    repeated Line lines = 3
    map Line by_sku = 4
    optional Size size = 5
    """


@dataclass
class Line:
    sku: str


@dataclass
class Order:
    buyer: str
    total: int
    lines: list[Line] = field(default_factory=list)
    by_sku: dict[str, Line] = field(default_factory=dict)


def orders(proto: str) -> Schema[Any]:
    codec = Protobuf(classes(proto)["Order"])
    return Schema("shop.order", Order, Version(1, codec=codec, framing="envelope"), keys={"lines": "sku"})


def test_fields_are_locked(tmp_path: Path) -> None:
    assert Protobuf(classes(PROTO)["Order"]).fields(orders(PROTO).lines[0].shape) == {
        "buyer": "1 string",
        "total": "2 sint64",
        "lines": "3 repeated message",
        "lines.sku": "1 string",
        "by_sku": "4 map message",
        "by_sku.sku": "1 string",
    }
    write_lock([orders(PROTO)], tmp_path)
    assert check_lock([orders(PROTO)], tmp_path) == []
    # A field that the version does not declare, and the names of messages, decide nothing.
    assert check_lock([orders(PROTO.replace("Size", "Extent") + "optional int32 more = 6")], tmp_path) == []


def test_another_number_or_type_is_told(tmp_path: Path) -> None:
    write_lock([orders(PROTO)], tmp_path)
    for changed in (PROTO.replace("total = 2", "total = 9"), PROTO.replace("sint64 total", "int64 total")):
        (finding,) = check_lock([orders(changed)], tmp_path)
        assert (finding.rule, finding.version) == ("changed", 1)
        assert "other fields of the message carry `total`." in finding.message
