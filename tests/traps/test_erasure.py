"""Data that has to go is gone once the version that knew it is retired and the record is written again."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import cbor2
import pytest

from versioned_serde import Schema, Version, remove, retype, within

CODECS = ["json", "msgpack", "xml", "cbor"]


@dataclass
class OldLine:
    sku: str
    price: Decimal
    comment: str | None = None


@dataclass
class OldOrder:
    buyer: str
    fax: str | None = None
    lines: list[OldLine] = field(default_factory=list)
    first: OldLine | None = None


@dataclass
class Line:
    sku: str
    price: int


@dataclass
class Order:
    buyer: str
    lines: list[Line] = field(default_factory=list)
    first: Line | None = None


STEPS = (
    remove("fax", was=str | None),
    within("lines", remove("comment", was=str | None), retype("price", was=Decimal, up=int, down=Decimal)),
    within("first", remove("comment", was=str | None), retype("price", was=Decimal, up=int, down=Decimal)),
)
OLD = OldOrder(
    "ada",
    "secret-fax",
    [OldLine("a", Decimal("9.90"), "secret-comment"), OldLine("b", Decimal(1))],
    OldLine("c", Decimal("7.77"), "secret-comment"),
)
RESERVED = {"fax", "lines.comment", "first.comment", "gone.with.its.object"}


def schemas(codec: str) -> tuple[Schema[OldOrder], Schema[Order], Schema[Order]]:
    first = Version(1, codec=codec, framing="envelope")
    old = Schema("shop.order", OldOrder, first, keys={"lines": "sku"})
    both = Schema("shop.order", Order, first, Version(2, *STEPS), writes=2, keys={"lines": "sku"})
    retired = Schema(
        "shop.order", Order, Version(2, codec=codec, framing="envelope"), keys={"lines": "sku"}, reserved=RESERVED
    )
    return old, both, retired


def _price(codec: str, text: str) -> bytes:
    """How a price stands in the payload."""
    return cbor2.dumps(Decimal(text)) if codec == "cbor" else text.encode()


@pytest.mark.parametrize("codec", CODECS)
def test_erasure_after_retirement(codec: str) -> None:
    old, both, retired = schemas(codec)
    moved = both.write(both.read(old.dumps(OLD)))
    for secret in (b"secret-fax", b"secret-comment", _price(codec, "9.90"), _price(codec, "7.77")):
        assert secret in moved, "while hosts of version 1 live, they find what they wrote"
    assert old.loads(_lowered(both, moved)) == OLD

    document = retired.read(moved)
    document.purge()
    assert not document.unknown
    record = retired.write(document)
    for secret in (b"secret", _price(codec, "9.90"), _price(codec, "7.77"), b"comment", b"fax", b"kept"):
        assert secret not in record
    assert retired.loads(record) == both.loads(moved)
    assert record == retired.dumps(retired.loads(record)), "nothing is left of version 1, not even the flag"


def _lowered(schema: Schema[Any], record: bytes) -> bytes:
    """As a backfill back to version 1 would write it."""
    _origin, tree = schema._compiled.reader.read(record, None)
    return schema._compiled.writer.new(tree, 1).payload


def test_what_newer_hosts_keep_is_not_erased() -> None:
    old, both, _ = schemas("json")
    moved = both.write(both.read(old.dumps(OLD)))
    still_both = Schema(
        "shop.order",
        Order,
        Version(1, codec="json", framing="envelope"),
        Version(2, *STEPS),
        writes=2,
        keys={"lines": "sku"},
        reserved={"other"},
    )
    document = still_both.read(moved)
    document.purge()
    assert still_both.write(document) == moved


def test_a_declared_attribute_is_never_erased_and_strangers_stay() -> None:
    _, _, retired = schemas("json")
    document = retired.read(retired.dumps(Order("ada")).replace(b'{"buyer"', b'{"buyer"'))
    document.purge()
    assert document.value == Order("ada")
    bare = Schema(
        "shop.order", Order, Version(1, codec="json", framing="bare"), keys={"lines": "sku"}, reserved={"fax"}
    )
    document = bare.read(b'{"buyer":"ada","fax":"x","gift":1.10,"$kept":[]}'.replace(b',"$kept":[]', b""))
    document.purge()
    assert bare.write(document) == b'{"buyer":"ada","gift":1.10}'
