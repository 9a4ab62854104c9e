"""The framing `envelope`: a binary tag, the payload, perhaps a CRC-32.

A record is `prefix(tag) + payload`, and that through `seal` where the tag says `checksum`. The prefix does not depend
on the payload, so a writer is compiled with it. Layout and reasons: `docs/spec/envelope-v1.md`.
"""

from __future__ import annotations

from zlib import crc32

from versioned_serde.envelope.tag import Tag, check_writable
from versioned_serde.errors import ChecksumError, DeclarationError, LimitError, TagError
from versioned_serde.limits import Limits

MAGIC = b"\xfe\xc1"
"""First bytes of every envelope; no text, and not the start of a payload of any codec that has an id."""

_FORMAT = 1
_MIXED, _CHECKSUM, _EXTENSIONS, _UNKNOWN = 1, 2, 4, 8
_FIXED = 9  # magic, format and flags, codec, coding, schema id
_SMALLEST = _FIXED + 2
CRC_SIZE = 4
"""Bytes of the checksum at the end of a checked record."""
MAX_UVARINT = 2**31 - 1
"""The highest number that a varint of this library says."""


def prefix(tag: Tag) -> bytes:
    """Everything in front of the payload.

    Raises:
        DeclarationError: for a tag that every reader would refuse.
    """
    check_writable(tag)
    if len(tag.schema_id) != 4:
        raise DeclarationError(f"A schema id has 4 bytes, not {len(tag.schema_id)}.")
    flags = _MIXED * tag.mixed | _CHECKSUM * tag.checksum | _EXTENSIONS * bool(tag.extensions)
    framed = MAGIC + bytes((_FORMAT << 4 | flags, tag.codec, tag.coding)) + tag.schema_id
    framed += uvarint(tag.version) + uvarint(tag.min_reader)
    if tag.extensions:
        types = [type_ for type_, _ in tag.extensions]
        if types != sorted(set(types)) or not 0 <= types[0] <= types[-1] <= MAX_UVARINT:
            raise DeclarationError("The types of extensions do not strictly ascend, or do not fit a tag.")
        block = b"".join(uvarint(type_) + uvarint(len(value)) + value for type_, value in tag.extensions)
        framed += uvarint(len(block)) + block
    return framed


def seal(framed: bytes) -> bytes:
    """Appends the CRC-32 of prefix and payload, for a tag that says `checksum`."""
    return framed + crc32(framed).to_bytes(CRC_SIZE, "big")


def open_(data: bytes, limits: Limits) -> tuple[Tag, bytes]:
    """Tag and payload of an envelope.

    The checksum is verified before anything that it protects is parsed, so that damage is called damage.

    Raises:
        TagError: with one of the reasons of the specification.
        ChecksumError: the bytes were damaged.
        LimitError: the extension block exceeds `limits.max_extensions`.
    """
    if data[:2] != MAGIC:
        raise TagError("The record does not begin with FE C1: it is no envelope, or damaged.", reason="no-tag")
    if len(data) < 3:
        raise _truncated()
    first = data[2]
    if first >> 4 != _FORMAT:
        raise TagError(
            f"The envelope is of format {first >> 4}, and this release reads format {_FORMAT}.",
            reason="unknown-format",
            hint="A newer release of versioned_serde may read it.",
        )
    if first & _UNKNOWN:
        raise TagError("The envelope has a flag that this release does not know.", reason="unknown-flag")
    end = len(data)
    if first & _CHECKSUM:
        end -= CRC_SIZE
    if end < _SMALLEST:
        raise _truncated()
    if first & _CHECKSUM and crc32(memoryview(data)[:end]) != int.from_bytes(data[end:], "big"):
        raise ChecksumError("The record was damaged after it was written: its CRC-32 differs.", reason="bad-checksum")
    version, at = _read_uvarint(data, _FIXED, end)
    if not version:
        raise TagError("The tag says version 0.", reason="bad-version")
    min_reader, at = _read_uvarint(data, at, end)
    if not 1 <= min_reader <= version:
        raise TagError(f"The tag says min_reader {min_reader} of version {version}.", reason="bad-min-reader")
    extensions: tuple[tuple[int, bytes], ...] = ()
    if first & _EXTENSIONS:
        size, at = _read_uvarint(data, at, end)
        if size > limits.max_extensions:
            raise LimitError(f"The tag has {size} bytes of extensions.", limit="max_extensions")
        if size > end - at:
            raise _truncated()
        extensions = _read_extensions(data[at : at + size])
        at += size
    tag = Tag(
        data[5:9],
        version,
        min_reader,
        data[3],
        data[4],
        mixed=bool(first & _MIXED),
        checksum=bool(first & _CHECKSUM),
        extensions=extensions,
    )
    return tag, data[at:end]


def _read_extensions(block: bytes) -> tuple[tuple[int, bytes], ...]:
    extensions: list[tuple[int, bytes]] = []
    at, last = 0, -1
    while at < len(block) or last < 0:
        type_, at = _read_uvarint(block, at, len(block), "bad-extensions")
        size, at = _read_uvarint(block, at, len(block), "bad-extensions")
        if type_ <= last or size > len(block) - at:
            raise TagError("The tag's extensions are not in order or overrun their block.", reason="bad-extensions")
        if type_ % 2:
            # No type is assigned yet, so every critical one is unknown.
            raise TagError(f"The tag has the critical extension {type_}, unknown here.", reason="unknown-extension")
        extensions.append((type_, block[at : at + size]))
        at, last = at + size, type_
    return tuple(extensions)


def uvarint(value: int) -> bytes:
    """A number of 0 to 2**31-1 in seven bits a byte, the lowest first; in its shortest form."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_uvarint(data: bytes, at: int, end: int, overrun: str = "truncated") -> tuple[int, int]:
    """Value and where it ends. Only the shortest form of 0..2**31-1 is accepted, so each tag has one spelling."""
    value = shift = 0
    while at < end:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if (not byte and shift) or value > MAX_UVARINT:
                break
            return value, at
        shift += 7
        if shift > 28:
            break
    else:
        raise _truncated(overrun)
    raise TagError("An integer of the tag is not in its shortest form, or above 2147483647.", reason="bad-varint")


def _truncated(reason: str = "truncated") -> TagError:
    return TagError("The record ends inside its tag.", reason=reason)
