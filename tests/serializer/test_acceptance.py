"""Which records a reader accepts, by the vectors of the specification."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from versioned_serde import Schema, TagMismatchError, UnreadableVersionError, Version, add
from versioned_serde.envelope.recognize import Recognized
from versioned_serde.envelope.tag import Tag

VECTORS = json.loads((Path(__file__).parents[2] / "docs/spec/vectors/v1/acceptance.json").read_text())["vectors"]


@dataclass
class Order:
    x: int
    y: int | None = None


ORDERS = Schema(
    "shop.order",
    Order,
    Version(4, codec="json", framing="envelope", min_reader=2),
    Version(5, codec="msgpack"),
    Version(6, add("y")),
    writes=6,
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_reader_accepts_what_the_specification_says(vector: dict[str, Any]) -> None:
    declared = {
        str(line.number): {
            "min_reader": line.min_reader,
            "codec": line.codec.id,
            "coding": 0,
            "framing": line.framing,
            "checksum": line.checksum,
        }
        for line in ORDERS.lines
    }
    assert declared == vector["reader"]["versions"]  # the schema above is the vectors' reader
    facts = dict(vector["tag"])
    framing = facts.pop("framing")
    tag = Tag(**{**facts, "schema_id": bytes.fromhex(facts["schema_id"])})
    found = Recognized(framing, None, tag, b"")
    reader = ORDERS._compiled.reader
    if "read_as" in vector:
        reader._check_schema(found)
        assert reader._line(tag, framing).number == vector["read_as"]
        return

    def accept() -> None:
        reader._check_schema(found)
        reader._line(tag, framing)

    with pytest.raises((TagMismatchError, UnreadableVersionError)) as caught:
        accept()
    assert getattr(caught.value, "reason", "unreadable-version") == vector["reason"]


def test_a_name_is_compared_where_ids_collide() -> None:
    """`shop.s41962` and `shop.s55881` have the same id, so only the name in an inline tag tells them apart."""
    one, other = (
        Schema(name, Order, Version(1, codec="json", framing="inline")) for name in ("shop.s41962", "shop.s55881")
    )
    assert one.id == other.id
    with pytest.raises(TagMismatchError) as caught:
        other.loads(one.dumps(Order(1)))
    assert caught.value.reason == "wrong-schema"
