"""CBOR in whole records: what an old release does not know survives its edit byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.codecs.test_cbor import UNKNOWN
from versioned_serde import Schema, Version, add, plugins
from versioned_serde.limits import DEFAULT_LIMITS


@dataclass
class Old:
    buyer: str


@dataclass
class New:
    buyer: str
    gift: str | None = None


def versions(coding: str) -> tuple[Version, Version]:
    return Version(1, codec="cbor", coding=coding, framing="envelope", checksum=False), Version(2, add("gift"))


@pytest.mark.parametrize("coding", ["none", "lz4"])
@pytest.mark.parametrize("value", UNKNOWN)
def test_an_old_release_edits_around_what_it_does_not_know(coding: str, value: bytes) -> None:
    first, second = versions(coding)
    old = Schema("shop.order", Old, first)
    record = Schema("shop.order", New, first, second, writes=2).dumps(New("ada"))
    coder: Any = plugins.coding(coding)
    compress = bytes if coder is None else coder.compress
    before, after = (b"\xa2\x65buyer" + name + b"\x64gift" + value for name in (b"\x63ada", b"\x65grace"))

    document = old.read(record[:11] + compress(before))
    with document.edit() as order:
        order.buyer = "grace"
    written = old.write(document)[11:]
    assert (written if coder is None else coder.inflate(written, DEFAULT_LIMITS)) == after
