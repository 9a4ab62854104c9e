"""Serialized descriptors, taken apart no further than somebody looks.

A descriptor set of a company has tens of thousands of messages, most of which are in both sets byte for byte. So the
bytes are cut into messages here, and compared; a parser sees only what differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_VARINT: Final = 0
_FIXED64: Final = 1
_BYTES: Final = 2
_GROUP: Final = 3
_GROUP_END: Final = 4
_FIXED32: Final = 5


class WireError(ValueError):
    """Bytes that are not a protobuf message."""


class Span(NamedTuple):
    """A field in serialized bytes.

    Attributes:
        number: the field's number.
        tag: where its tag begins.
        start: where its value begins, after the length where it has one.
        end: where its value ends.
        value: the number, of a varint; otherwise 0.
        sized: whether it is a text, bytes or a message.
    """

    number: int
    tag: int
    start: int
    end: int
    value: int
    sized: bool


def varint(data: bytes, position: int) -> tuple[int, int]:
    """A varint and the position after it.

    Raises:
        WireError: there is none.
    """
    found = shift = 0
    while shift < 70:
        if position >= len(data):
            raise WireError("it ends within a number")
        byte = data[position]
        position += 1
        found |= (byte & 0x7F) << shift
        if byte < 0x80:
            return found, position
        shift += 7
    raise WireError("a number has more than ten bytes")


def spans(data: bytes, start: int, end: int) -> Iterator[Span]:
    """The fields of the message in `data[start:end]`, in their order.

    Raises:
        WireError: it is none.
    """
    position = start
    while position < end:
        tag = position
        key, position = varint(data, position)
        number, kind = key >> 3, key & 7
        value = 0
        if kind == _BYTES:
            size, begin = varint(data, position)
            position = begin + size
        elif kind == _VARINT:
            begin = position
            value, position = varint(data, position)
        elif kind in (_FIXED64, _FIXED32):
            begin = position
            position += 8 if kind == _FIXED64 else 4
        elif kind == _GROUP:
            begin = position
            position = _group_end(data, position, end)
        else:
            raise WireError(f"a field has the wire type {kind}")
        if position > end or number == 0:
            raise WireError("a field ends after its message" if number else "a field has the number 0")
        yield Span(number, tag, begin, position, value, kind == _BYTES)


def _group_end(data: bytes, position: int, end: int) -> int:
    depth = 1
    while depth and position < end:
        key, position = varint(data, position)
        match key & 7:
            case 0:
                _, position = varint(data, position)
            case 1:
                position += 8
            case 2:
                size, begin = varint(data, position)
                position = begin + size
            case 3:
                depth += 1
            case 4:
                depth -= 1
            case 5:
                position += 4
            case kind:
                raise WireError(f"a field has the wire type {kind}")
    if depth:
        raise WireError("a group has no end")
    return position


def key_of(path: tuple[int, ...]) -> bytes:
    """A path as the packed field of a source location has it."""
    try:
        if max(path, default=0) < 0x80:
            return bytes(path)
    except ValueError:
        pass
    found = bytearray()
    for each in path:
        rest = each
        while rest >= 0x80:
            found.append(rest & 0x7F | 0x80)
            rest >>= 7
        found.append(rest)
    return bytes(found)
