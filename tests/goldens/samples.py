"""The golden samples: one schema each, and the records that it wrote.

A sample is never changed once a release has frozen it. What a later release brings gets a sample of its own, with
`since`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from tests.goldens.models import (
    PLAIN,
    SMALL,
    Card,
    Cash,
    Color,
    Event,
    FormerLine,
    FormerOrder,
    Line,
    Order,
    Payment,
    Plain,
    Row,
)
from tests.protos.build import classes
from versioned_serde import Packed, Schema, Version, add, remove, rename, retype, widen_enum, within

FIRST = "0.1.0"
CODECS = {"json": FIRST, "msgpack": FIRST, "xml": FIRST}
CODINGS = {"none": FIRST, "gzip": FIRST, "zstd": FIRST}


@dataclass(frozen=True)
class Sample:
    """A schema, and how its records are made.

    Attributes:
        name: the schema's name.
        since: the first release that has it.
        reader: the schema that reads.
        write: gives the records, by name.
    """

    name: str
    since: str
    reader: Schema[Any]
    write: Callable[[], dict[str, Packed]]


def release(text: str) -> tuple[int, ...]:
    """A release as something that can be compared."""
    return tuple(map(int, text.split(".")))


def samples() -> Iterator[Sample]:
    """All samples."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lists without keys
        for (codec, codec_since), (coding, coding_since) in product(CODECS.items(), CODINGS.items()):
            yield _plain(codec, coding, max(codec_since, coding_since, key=release))
        yield _payments()
        yield _messages()
        for framing in ("inline", "headers", "bare"):
            yield _framed(framing)
        yield _kinds("msgspec", Event, {"set": Event("a", 7), "unset": Event("a")})
        yield _kinds(
            "mapping",
            Row,
            {"set": {"key": "a", "value": 7}, "null": {"key": "a", "value": None}, "absent": {"key": "a"}},
        )
        yield _order("json")
        yield _order("msgpack")


def _plain(codec: str, coding: str, since: str) -> Sample:
    schema = Schema(f"golden.plain.{codec}.{coding}", Plain, Version(1, codec=codec, coding=coding, framing="envelope"))
    return Sample(schema.name, since, schema, lambda: {"full": schema.pack(PLAIN), "small": schema.pack(SMALL)})


def _payments() -> Sample:
    schema = Schema("golden.payment", Payment, Version(1, codec="json", framing="envelope", checksum=False))
    return Sample(
        schema.name,
        FIRST,
        schema,
        lambda: {"card": schema.pack(Payment(Card("card", "4"))), "cash": schema.pack(Payment(Cash("cash", 3)))},
    )


def _messages() -> Sample:
    order = classes(
        """
        message Line
        string sku = 1
        message Order
        string buyer = 1
        optional int64 total = 2
        repeated Line lines = 3
        map int32 prices = 4
        """
    )["Order"]
    schema = Schema("golden.protobuf", order, Version(1, codec="protobuf", framing="envelope"), keys={"lines": "sku"})
    full = order(buyer="ada", total=0, lines=[{"sku": "a"}], prices={"x": 1})
    return Sample(schema.name, FIRST, schema, lambda: {"full": schema.pack(full), "empty": schema.pack(order())})


def _framed(framing: Any) -> Sample:
    schema = Schema(f"golden.framed.{framing}", Event, Version(1, codec="json", framing=framing))
    return Sample(schema.name, FIRST, schema, lambda: {"event": schema.pack(Event("a", 7))})


def _kinds(kind: str, model: Any, values: dict[str, Any]) -> Sample:
    schema = Schema(f"golden.kind.{kind}", model, Version(1, codec="msgpack", framing="envelope"))
    return Sample(schema.name, FIRST, schema, lambda: {name: schema.pack(value) for name, value in values.items()})


def _steps(*, closing: bool) -> list[Version]:
    """The versions of the history after the first, the last one if it closes it."""
    lines = [
        Version(2, add("note")),
        Version(
            3,
            rename("customer", "buyer"),
            retype("total", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda euros: int(euros * 100)),
        ),
    ]
    if closing:
        blue = within("lines", widen_enum("color", Color.BLUE))
        lines.append(Version(4, remove("fax", was=str | None), blue))
    return lines


ORDER = Order(buyer="ada", total=Decimal("9.905"), note="n", lines=[Line(sku="a", color=Color.BLUE), Line(sku="b")])


def _order(codec: str) -> Sample:
    name = f"golden.order.{codec}"
    first = Version(1, codec=codec, framing="envelope")

    def newest(writes: int) -> Schema[Order]:
        return Schema(name, Order, first, *_steps(closing=True), writes=writes, keys={"lines": "sku"})

    def edited() -> Packed:
        """By a release that does not know the last version; it is mixed then."""
        former = Schema(name, FormerOrder, first, *_steps(closing=False), writes=3, keys={"lines": "sku"})
        document = former.read(newest(4).dumps(ORDER))
        with document.edit() as order:
            order.lines = [*reversed(order.lines), FormerLine(sku="c")]
        return former.write_packed(document)

    def write() -> dict[str, Packed]:
        # Version 2 has no half cents, so those records hold what was lost.
        new = {f"version {writes}": newest(writes).pack(ORDER) for writes in (2, 3, 4)}
        return {**new, "edited by the release before": edited()}

    return Sample(name, FIRST, newest(4), write)
