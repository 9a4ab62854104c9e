"""How many records of which version there are: by how they begin where that tells, else by a sample."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from zlib import crc32

from versioned_serde.backfill.lease import Counts
from versioned_serde.backfill.retrying import retried
from versioned_serde.envelope.binary import MAGIC, prefix, seal
from versioned_serde.envelope.headers import NAME
from versioned_serde.errors import ReadError
from versioned_serde.protocols import CountsStarts, ScannedStore, Stored
from versioned_serde.rewriting import counted_as, reason
from versioned_serde.schema import Schema

_CHECKED = re.compile(r'(?P<covered>.*);crc32="[0-9a-f]{8}"', re.DOTALL)


@dataclass(slots=True)
class Counted:
    """What there is.

    Attributes:
        how: `starts`: every record was counted, by what the store says of how it begins, so that a damaged payload goes
            unnoticed. `all`: every record was looked at. `sample`: some were.
        counts: (version, min_reader, mixed) -> records.
        unreadable: reason -> records that this release does not read.
    """

    how: Literal["starts", "all", "sample"]
    counts: Counts = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """How many records these are."""
        return sum(self.counts.values()) + sum(self.unreadable.values())

    def add(self, schema: Schema[Any], stored: Stored, number: int = 1) -> None:
        """So many more like this one."""
        try:
            what = counted_as(schema, stored)
        except ReadError as error:
            why = reason(error)
            self.unreadable[why] = self.unreadable.get(why, 0) + number
        else:
            self.counts[what] = self.counts.get(what, 0) + number


def counted(schema: Schema[Any], store: ScannedStore, *, pages: int = 10, batch: int = 200) -> Counted:
    """Counts what a store holds, without writing anything.

    Args:
        schema: whose records are there.
        store: where they are.
        pages: how many pages a sample has, from all over the store.
        batch: records of a page.

    Raises:
        StoreError: the store refuses, again and again.
    """
    if isinstance(store, CountsStarts) and all(line.framing in ("envelope", "headers") for line in schema.lines):
        return _by_starts(schema, store)
    return _by_sample(schema, store, pages, batch)


def _by_starts(schema: Schema[Any], store: CountsStarts) -> Counted:
    # As long as the longest tag, and hardly longer: what follows makes all records different. The tag of a newer
    # version may be longer, by a byte for each of its two numbers.
    size = max(len(prefix(line.tag())) for line in schema.lines) + 2
    found = Counted("starts")
    for start, headers, number in retried(lambda: list(store.starts(size))):
        found.add(schema, _sound(start or b"", headers), number)  # of no bytes, SQLite says NULL
    return found


def _sound(start: bytes, headers: Mapping[str, str]) -> Stored:
    """A record that begins so, with the checksums that it has if it is sound."""
    payload = seal(start) if start.startswith(MAGIC) else start
    sound = dict(headers)
    for name, value in sound.items():
        if name.lower() == NAME and (checked := _CHECKED.fullmatch(value)):
            covered = checked["covered"]
            sound[name] = f'{covered};crc32="{crc32(payload, crc32(covered.encode())):08x}"'
    return Stored(payload, sound, "")


def _by_sample(schema: Schema[Any], store: ScannedStore, pages: int, batch: int) -> Counted:
    positions = list(retried(lambda: store.partition(pages)))
    found = Counted("all")
    for after, until in zip(["", *positions], [*positions, ""], strict=True):
        page = retried(lambda: store.scan(after, until, batch))  # noqa: B023 - called at once
        for _, stored in page.records:
            found.add(schema, stored)
        if page.position:
            found.how = "sample"
    return found
