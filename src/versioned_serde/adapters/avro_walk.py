"""Walks over Avro's binary form without making anything of it, before a library decodes it.

fastavro believes what the bytes say: five of them make a list of two million nulls, an index of -1 counts from the end
of an enum, any byte but zero is true, and of two members of a map one is lost. So each payload is first walked over,
in its length, with a count of what it holds, and is decoded only if Avro's specification allows every byte of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from versioned_serde.adapters.reading import MAP_PLACE
from versioned_serde.errors import LimitError, PayloadError, ReadError

_INT = range(-(2**31), 2**31)
# A string that does not end is taken to the end of the text: to look for it again at each quote within would take ages.
_json_items = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(,|[\[{](?!\s*[\]}]))', re.DOTALL).finditer


class Cursor:
    """A place in a payload, and how much more may be found in it.

    Args:
        data: the payload.
        most: how many list elements and members it may hold.
    """

    __slots__ = ("at", "data", "left", "most")

    def __init__(self, data: bytes, most: int) -> None:
        self.data: bytes = data
        self.at: int = 0
        self.most: int = most
        self.left: int = most

    def long(self) -> int:
        """Takes an int of up to 64 bits."""
        data, at = self.data, self.at
        value = shift = 0
        try:
            while (byte := data[at]) >= 0x80:
                if shift == 63:
                    raise _too_long()
                value |= (byte & 0x7F) << shift
                shift += 7
                at += 1
        except IndexError:
            raise _cut_off() from None
        value |= byte << shift
        if value >> 64:
            raise _too_long()
        self.at = at + 1
        return (value >> 1) ^ -(value & 1)

    def take(self, length: int) -> bytes:
        """Takes so many bytes."""
        start = self.at
        self.skip(length)
        return self.data[start : self.at]

    def skip(self, length: int) -> None:
        """Passes over so many bytes."""
        if length < 0:
            raise PayloadError("A length is negative.")
        if length > len(self.data) - self.at:
            raise _cut_off()
        self.at += length

    def count(self, number: int) -> None:
        """Counts so many elements or members."""
        self.left -= number
        if self.left < 0:
            raise LimitError(f"The payload holds more than {self.most} list elements and members.", limit="max_items")


Walk = Callable[[Cursor], None]
"""Passes over one value. Raises `PayloadError`, with the path, or `LimitError`."""


def _cut_off() -> PayloadError:
    return PayloadError("The payload ends within a value.")


def _too_long() -> PayloadError:
    return PayloadError("An int has more than 64 bits.")


def check(walk: Walk, data: bytes, most: int) -> None:
    """Raises `PayloadError` or `LimitError` unless the bytes are one value, to the end."""
    cursor = Cursor(data, most)
    walk(cursor)
    if cursor.at != len(data):
        raise PayloadError("Bytes follow after the end of the value.")


def null(cursor: Cursor) -> None:
    """Takes no bytes."""


def absent(cursor: Cursor) -> None:
    """A field that was counted and stands for no attribute."""
    cursor.left += 1


def boolean(cursor: Cursor) -> None:
    """Exactly 0 or 1."""
    if cursor.take(1) not in (b"\0", b"\1"):
        raise PayloadError("A boolean is neither 0 nor 1.")


def integer(cursor: Cursor) -> None:
    """An int of 32 bits."""
    if cursor.long() not in _INT:
        raise PayloadError("An int has more than 32 bits.")


def long(cursor: Cursor) -> None:
    """An int of 64 bits."""
    cursor.long()


def sized(cursor: Cursor) -> None:
    """A string or bytes."""
    cursor.skip(cursor.long())


def json_text(cursor: Cursor) -> None:
    """A string of JSON text, of which the elements and members count."""
    text = cursor.take(cursor.long())
    cursor.count(sum(1 for found in _json_items(text) if found.lastindex))


def kept(cursor: Cursor) -> None:
    """JSON text in a field that is no attribute itself."""
    absent(cursor)
    json_text(cursor)


def fixed(size: int) -> Walk:
    """So many bytes."""
    return lambda cursor: cursor.skip(size)


def enum(symbols: int) -> Walk:
    """The place of one of so many symbols."""

    def walk(cursor: Cursor) -> None:
        if not 0 <= cursor.long() < symbols:
            raise PayloadError("An enum has no symbol of that number.")

    return walk


def union(branches: Sequence[Walk]) -> Walk:
    """The place of a branch, and its value."""

    def walk(cursor: Cursor) -> None:
        index = cursor.long()
        if not 0 <= index < len(branches):
            raise PayloadError("A union has no branch of that number.")
        branches[index](cursor)

    return walk


def record(fields: Sequence[tuple[str, Walk]]) -> Walk:
    """The fields, by the names for a path; each counts unless it is `absent`."""

    def walk(cursor: Cursor) -> None:
        name = ""
        try:
            for name, field in fields:  # noqa: B007 - for the path
                cursor.left -= 1
                field(cursor)
                cursor.count(0)
        except ReadError as error:
            raise error.inside(name) from None

    return walk


def array(item: Walk) -> Walk:
    """Items in blocks. What the blocks say is believed within what may be counted, so items of no bytes do no harm."""

    def walk(cursor: Cursor) -> None:
        found = 0
        try:
            while (count := cursor.long()) != 0:
                end = _block(cursor, count)
                for _ in range(abs(count)):
                    item(cursor)
                    found += 1
                _check_end(cursor, end)
        except ReadError as error:
            raise error.inside(f"[{found}]") from None

    return walk


def map_(value: Walk) -> Walk:
    """Members in blocks; no name occurs twice."""

    def walk(cursor: Cursor) -> None:
        names: set[bytes] = set()
        try:
            while (count := cursor.long()) != 0:
                end = _block(cursor, count)
                for _ in range(abs(count)):
                    name = cursor.take(cursor.long())
                    if name in names:
                        raise PayloadError("A name occurs twice in a map.")
                    names.add(name)
                    value(cursor)
                _check_end(cursor, end)
        except ReadError as error:
            raise error.inside(MAP_PLACE) from None

    return walk


def _block(cursor: Cursor, count: int) -> int | None:
    """Begins a block; a negative count says that its length follows. Gives its end, if that is known."""
    cursor.count(abs(count))
    if count > 0:
        return None
    length = cursor.long()
    return cursor.at + length


def _check_end(cursor: Cursor, end: int | None) -> None:
    if end is not None and cursor.at != end:
        raise PayloadError("A block is not as long as it says.")
