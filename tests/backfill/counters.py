"""A schema of which four live writers edit records while a backfill rewrites them, as three releases declare it.

version 1    {"total": ...} as JSON
version 2    {"count": ...} as MessagePack: nobody who does not list it reads it
version 3    {"count": ..., "extra": ...}: whoever lists 2 reads and edits it
"""

from __future__ import annotations

import msgspec

from versioned_serde import Schema, Version, add, rename

NAME = "tests.counter"
OLDEST = 1
NEWEST = 3


class First(msgspec.Struct):
    """As the release before the prepared one has it; it wrote what is there when a backfill begins."""

    total: int


class Old(msgspec.Struct):
    count: int


class New(msgspec.Struct):
    count: int
    extra: int = 0


_FIRST = Version(1, codec="json", framing="envelope")
_SECOND = Version(2, rename("total", "count"), codec="msgpack")
first = Schema(NAME, First, _FIRST)
old = Schema(NAME, Old, _FIRST, _SECOND, writes=1)
"""The release before: prepared for version 2, and still writes 1."""
new = Schema(NAME, New, _FIRST, _SECOND, Version(3, add("extra")), writes=3)
"""The release that carries out the backfill."""


def as_old(count: int) -> bytes:
    """A record of version 1."""
    return old.dumps(Old(count))


def as_new(count: int, extra: int = 0) -> bytes:
    """A record of version 3."""
    return new.dumps(New(count, extra))
