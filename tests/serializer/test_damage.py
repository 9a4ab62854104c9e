"""Damage to records with a checksum, where none may be bare: every truncation and every bit is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import settings

from tests.fuzzing.targets import CODECS, CODINGS
from tests.protos.build import classes
from versioned_serde import ReadError, Schema, Version, add, plugins, retype
from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.testing.laws import as_version

MESSAGES = classes(
    """
    message Line
    string sku = 1
    optional int32 count = 2
    message Old
    string buyer = 1
    repeated Line lines = 2
    int64 total = 3
    optional string note = 4
    message Order
    string buyer = 1
    repeated Line lines = 2
    string total = 3
    optional string note = 4
    optional string gift = 5
    """
)
CHOSEN = 40
"""Of so many damages the quick profile tries one."""


@dataclass
class Line:
    sku: str
    count: int | None = None


@dataclass
class Order:
    buyer: str
    total: Decimal
    lines: list[Line] = field(default_factory=list)
    note: str | None = None


@dataclass
class NewerOrder(Order):
    gift: str | None = None


ORDERS = [
    Order("ada", Decimal("1.00")),
    Order("eve", Decimal("9.995"), [Line("a", 1), Line("b")], "soon"),
    Order("\0é\U0001f600", Decimal("-0.001"), note=""),
    Order("", Decimal("1E+3"), [Line("x" * 40, -1)]),
    Order("a" * 50, Decimal("0.125"), [Line(str(number), number) for number in range(5)]),
]


@dataclass(frozen=True)
class Form:
    """How the records of a sample are written."""

    codec: str
    coding: str

    def schema(self, model: Any, *more: Version, writes: int = 3) -> Schema[Any]:
        old, new = self.codec, self.codec
        if self.codec == "protobuf":
            old, new = (Protobuf(MESSAGES[name]) for name in ("Old", "Order"))  # type: ignore[assignment]
        cents = retype("total", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda euros: int(euros * 100))
        return Schema(
            "damaged.order",
            model,
            Version(1, codec=old, coding=self.coding, framing="envelope", checksum=True),
            Version(2, add("note")),
            Version(3, cents, codec=new),
            *more,
            writes=writes,
            keys={"lines": "sku"},
        )

    def samples(self) -> Iterator[tuple[str, bytes]]:
        """Records of each sort, with its name."""
        schema = self.schema(Order)
        retains = plugins.codec(self.codec).retains_unknown if self.codec != "protobuf" else True
        for order in ORDERS:
            yield "newest", schema.dumps(order)
            yield "converted", as_version(schema, 2, replace(order, total=Decimal(3))).payload
        if not retains:
            return
        newer = self.schema(NewerOrder, Version(4, add("gift")), writes=4)
        for order in ORDERS:
            # Of the newest value `total` loses digits on the way down, so a complement keeps them.
            yield "complement", as_version(schema, 1, order).payload
            document = schema.read(newer.dumps(NewerOrder(**vars(order), gift="flowers")))
            document.set(Order(order.buyer + "!", order.total, order.lines, order.note))
            yield "mixed", schema.write(document)


FORMS = [Form(codec, coding) for codec in CODECS if codec != "pickle" for coding in ("none", *CODINGS)]


@cache
def records(form: Form) -> list[tuple[str, bytes]]:
    return list(form.samples())


def thorough() -> bool:
    return settings.get_current_profile_name() in {"longer", "thorough"}


def damages(record: bytes) -> Iterator[bytes]:
    """Every beginning of a record, and the record with each bit of it turned over."""
    for end in range(len(record)):
        yield record[:end]
    for at in range(len(record)):
        for bit in range(8):
            damaged = bytearray(record)
            damaged[at] ^= 1 << bit
            yield bytes(damaged)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.codec}-{form.coding}")
def test_every_truncation_and_every_bit_is_found(form: Form) -> None:
    schema = form.schema(Order)
    for number, (sort, record) in enumerate(records(form)):
        assert schema.identify(record).mixed == (sort in {"mixed", "complement"})
        schema.read(record)
        for count, damaged in enumerate(damages(record)):
            # What is not behind the checksum, the first bytes and lengths, is always tried.
            if not thorough() and count % CHOSEN != number % CHOSEN and damaged[3:] != record[3:]:
                continue
            for read in (schema.loads, schema.read):
                with pytest.raises(ReadError):
                    read(damaged)


def test_there_are_two_hundred_samples_of_all_sorts() -> None:
    sorts = [sort for form in FORMS for sort, _ in records(form)]
    assert len(sorts) >= 200
    assert {sort: sorts.count(sort) >= 50 for sort in set(sorts)} == dict.fromkeys(
        ("newest", "converted", "complement", "mixed"), True
    )


def test_the_samples_hold_what_they_are_named_after() -> None:
    form = Form("json", "none")
    by_sort = {sort: record for sort, record in reversed(records(form)) if b"eve" in record}
    assert by_sort["complement"].count(b"$kept") == 1
    assert b"flowers" in by_sort["mixed"]
    assert b"$kept" not in by_sort["converted"]
