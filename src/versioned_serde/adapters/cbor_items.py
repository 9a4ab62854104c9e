"""Where the items of a CBOR payload begin and end, without a look at what they mean.

cbor2 gives values, and where it stands in the stream after each; so to find the end of a value that nobody declared, it
would have to be built first: its dates, regular expressions and shared references too, and once again at each level of
nesting. Here the heads of items are walked over, once and iteratively: RFC 8949, section 3 and appendix C. That checks
that the payload is one well-formed item, and the bounds, before any value is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from versioned_serde.adapters.reading import ENTRY_NESTING
from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import Limits

INT, NEGATIVE, BYTES, STR, LIST, MAP, TAG, SIMPLE = range(8)
"""The major types."""
DATETIME, POSITIVE, NEGATED, DECIMAL, UUID, DATE = 0, 2, 3, 4, 37, 1004
"""Tags of the registry of CBOR tags, as they are used here."""
_BREAK = 0xFF
_INDEFINITE = -1
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
"""Bytes of the argument that follow a head's first byte, by its low five bits."""
_UNCOUNTED = ENTRY_NESTING + 2
"""Levels that may come on top of the limit: of a complement, with a wrapper around a value in it. A declared decimal
with a large mantissa has fewer: tag, list, tag. Whoever reads what is not declared looks at `Item.height`."""


class Item(NamedTuple):
    """One item of a payload.

    Attributes:
        data: the whole payload.
        ends: where each list, map and string in parts ends and how high it is (`height`), by where it begins; empty
            lists and maps aside.
        at: where the item begins.
        end: where it ends.
    """

    data: bytes
    ends: dict[int, tuple[int, int]]
    at: int
    end: int

    @property
    def major(self) -> int:
        """The major type."""
        return self.data[self.at] >> 5

    @property
    def argument(self) -> int:
        """A tag's number; otherwise what the head says."""
        return _head(self.data, self.at)[1]

    @property
    def content(self) -> Item:
        """What a tag stands before."""
        return Item(self.data, self.ends, _head(self.data, self.at)[2], self.end)

    @property
    def height(self) -> int:
        """How many lists, maps and tags are nested in the item, itself counted."""
        height, start = 0, self.at
        major, _, at = _head(self.data, start)
        while major == TAG:
            height, start = height + 1, at
            major, _, at = _head(self.data, start)
        if (found := self.ends.get(start)) is not None:
            return height + found[1]
        return height + (major in {LIST, MAP})

    @property
    def whole(self) -> bytes:
        """The item's own bytes: a copy."""
        return self.data[self.at : self.end]

    def within(self) -> list[Item]:
        """A list's elements; a map's keys and values in turn."""
        data, ends, found = self.data, self.ends, list[Item]()
        _, argument, at = _head(data, self.at)
        if argument == 0:
            return found
        while at < self.end and data[at] != _BREAK:
            end = _end(data, ends, at)
            found.append(Item(data, ends, at, end))
            at = end
        return found


def _end(data: bytes, ends: dict[int, tuple[int, int]], at: int) -> int:
    """Where an item of a payload ends that was walked over."""
    start = at
    major, argument, at = _head(data, at)
    while major == TAG:
        start = at
        major, argument, at = _head(data, at)
    if major in {BYTES, STR}:
        return at + argument if argument != _INDEFINITE else ends[start][0]
    if major in {LIST, MAP} and argument:
        return ends[start][0]
    return at


def outline(data: bytes, limits: Limits) -> Item:
    """The one item that a payload is.

    Raises:
        PayloadError: it is not exactly one well-formed item.
        LimitError: it has more list elements and members than `limits.max_items`, or is nested deeper than
            `limits.max_depth` by more than what may come on top of it. A part of a string counts as an element, and so
            does a tag directly behind another.
    """
    walk = _Walk(data, limits)
    if walk.run() != len(data):
        raise PayloadError("There are bytes after the CBOR payload.")
    return Item(data, walk.ends, 0, len(data))


def too_deep(limits: Limits) -> LimitError:
    """The error for items nested deeper than the limit."""
    return LimitError(f"Objects, lists and tags are nested deeper than {limits.max_depth}.", limit="max_depth")


@dataclass(slots=True)
class _Open:
    """An item whose end has not come yet.

    Attributes:
        start: where it begins.
        major: list, map or tag.
        left: how many items are still to come in it; for one without a length, less than 0 and one less for each.
        number: whether it is the list of a decimal: a part of one number, whose elements are not counted.
        height: of the highest item within so far.
    """

    start: int
    major: int
    left: int
    number: bool = False
    height: int = 0


class _Walk:
    """One walk over the heads of a payload."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.limits = limits
        self.ends: dict[int, tuple[int, int]] = {}
        self._open: list[_Open] = []
        self._items = 0

    def run(self) -> int:
        """Where the first item ends."""
        at = 0
        while True:
            start = at
            major, argument, at = _head(self.data, at)
            height = 0
            if major == SIMPLE and argument == _INDEFINITE:
                height = self._break(at)
            elif major in {BYTES, STR}:
                at = self._string(start, major, argument, at)
            elif major == TAG:
                if self._open and self._open[-1].major == TAG:
                    self._count(1)
                self._enter(start, TAG, 1)
                continue
            elif major in {LIST, MAP}:
                if argument:
                    self._list(start, major, argument, at)
                    continue
                height = 1
            if self._finished(at, height):
                return at

    def _count(self, more: int) -> None:
        self._items += more
        if self._items > self.limits.max_items:
            raise LimitError(
                f"The payload has more than {self.limits.max_items} list elements and members of objects.",
                limit="max_items",
            )

    def _enter(self, start: int, major: int, left: int, *, number: bool = False) -> None:
        if len(self._open) >= self.limits.max_depth + _UNCOUNTED:
            raise too_deep(self.limits)
        self._open.append(_Open(start, major, left, number))

    def _list(self, start: int, major: int, argument: int, at: int) -> None:
        if argument == _INDEFINITE:
            self._enter(start, major, _INDEFINITE)
            return
        inside = argument * 2 if major == MAP else argument
        if inside > len(self.data) - at:  # each takes a byte at least
            raise _cut_off()
        number = argument == 2 and self._is_number(start)
        if not number:
            self._count(argument)
        self._enter(start, major, inside, number=number)

    def _is_number(self, start: int) -> bool:
        """Whether the list at `start` stands behind the tag of a decimal fraction that is in no other one."""
        if not self._open or self._open[-1].major != TAG or any(around.number for around in self._open):
            return False
        return _head(self.data, self._open[-1].start)[1] == DECIMAL

    def _string(self, start: int, major: int, argument: int, at: int) -> int:
        """The end of a string: past its bytes, or past all its parts, each of which has a length."""
        if argument != _INDEFINITE:
            return self._past(at, argument)
        while True:
            if self.data[at : at + 1] == b"\xff":
                self.ends[start] = at + 1, 0
                return at + 1
            self._count(1)
            part, size, at = _head(self.data, at)
            if part != major or size == _INDEFINITE:
                raise _malformed()
            at = self._past(at, size)

    def _past(self, at: int, size: int) -> int:
        if size > len(self.data) - at:
            raise _cut_off()
        return at + size

    def _break(self, at: int) -> int:
        """Closes the innermost item, which must be one without a length. Returns its height."""
        if not self._open:
            raise _malformed()
        closed = self._open.pop()
        # A key without a value leaves an even number.
        if closed.left >= 0 or (closed.major == MAP and closed.left % 2 == 0):
            raise _malformed()
        self.ends[closed.start] = at, closed.height + 1
        return closed.height + 1

    def _finished(self, at: int, height: int) -> bool:
        """An item ended; so do those that waited for nothing else. Whether none is open any more."""
        while self._open:
            around = self._open[-1]
            around.height = max(around.height, height)
            around.left -= 1
            if around.left < 0 and (around.major == LIST or around.left % 2):
                self._count(1)
            if around.left != 0:
                return False
            self._open.pop()
            height = around.height + 1
            if around.major != TAG:
                self.ends[around.start] = at, height
        return True


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument (-1: none, the length is not said, or it is the break), and where the head ends."""
    if at >= len(data):
        raise _cut_off()
    first = data[at]
    major, low = first >> 5, first & 31
    if low < 24:
        return major, low, at + 1
    if low == 31 and major not in {INT, NEGATIVE, TAG}:
        return major, _INDEFINITE, at + 1
    if low not in _SIZES:
        raise _malformed()
    end = at + 1 + _SIZES[low]
    if end > len(data):
        raise _cut_off()
    argument = int.from_bytes(data[at + 1 : end], "big")
    if first == 0xF8 and argument < 32:
        raise _malformed()
    return major, argument, end


def _cut_off() -> PayloadError:
    return PayloadError("The CBOR payload is cut off.")


def _malformed() -> PayloadError:
    return PayloadError("The payload is not CBOR.")
