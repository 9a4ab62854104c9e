"""Records one after the other in a file or through a socket: the length of each, then its bytes.

The length is a varint, as in the streams of protobuf's `writeDelimitedTo` and `parseDelimitedFrom`, so that other
programs can take such a stream apart. The rules are in `docs/spec/delimited.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from versioned_serde.envelope.binary import MAX_UVARINT, uvarint
from versioned_serde.errors import LimitError, StreamError, UnwritableValueError
from versioned_serde.limits import DEFAULT_LIMITS, Limits

_PIECE = 1 << 20
"""Bytes asked for at once, so that a length alone does not take memory."""


class Writable(Protocol):
    """A binary file that blocks and writes all of what it is given: opened with `open`, or by `socket.makefile`."""

    def write(self, data: bytes, /) -> object: ...


class Readable(Protocol):
    """A binary file that blocks; it may give fewer bytes than it is asked for, and none only at its end."""

    def read(self, size: int, /) -> bytes: ...


def write_delimited(stream: Writable, records: Iterable[bytes]) -> int:
    """Writes records, each behind its length; tells how many. It does not flush.

    Raises:
        UnwritableValueError: a record of 2**31 bytes or more, with its index in the path. Those before are written.
    """
    index = -1
    for index, record in enumerate(records):
        if len(record) > MAX_UVARINT:
            raise UnwritableValueError(f"A record of {len(record)} bytes is longer than a stream can say.").inside(
                f"[{index}]"
            )
        stream.write(uvarint(len(record)))
        stream.write(record)
    return index + 1


def read_delimited(stream: Readable, limits: Limits = DEFAULT_LIMITS) -> Iterator[bytes]:
    """The records of a stream, one by one, each before anything behind it is read.

    Args:
        stream: where they come from.
        limits: of them, `max_bytes` bounds each record.

    Raises:
        LimitError: a length is above `limits.max_bytes`. Nothing of that record has been read.
        StreamError: the stream ends inside a record or its length, or a length is malformed. All errors have the
            record's index in the path; what follows in the stream cannot be found any more.
    """
    index = 0
    while (size := _length(stream, index)) is not None:
        if size > limits.max_bytes:
            raise LimitError(f"A record in a stream has {size} bytes.", limit="max_bytes").inside(f"[{index}]")
        yield _exactly(stream, size, index)
        index += 1


def _length(stream: Readable, index: int) -> int | None:
    """The next length, in its shortest form; None at the end of the stream."""
    value = shift = 0
    while byte := stream.read(1):
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            if value <= MAX_UVARINT and (byte[0] or not shift):
                return value
            break
        shift += 7
        if shift > 28:
            break
    else:
        if not shift:
            return None
        raise _ended(index)
    raise StreamError("The length of a record is not in its shortest form, or above 2147483647.").inside(f"[{index}]")


def _exactly(stream: Readable, size: int, index: int) -> bytes:
    first = stream.read(min(size, _PIECE)) if size else b""
    if len(first) == size:
        return first
    pieces = [first]
    left = size - len(first)
    while left:
        if not pieces[-1]:
            raise _ended(index)
        pieces.append(stream.read(min(left, _PIECE)))
        left -= len(pieces[-1])
    return b"".join(pieces)


def _ended(index: int) -> StreamError:
    return StreamError("The stream ends inside a record: it was cut off.").inside(f"[{index}]")
