"""The framing `headers`: the tag stands beside the payload, in one header of a message or of a stored object.

The value is a structured field (RFC 9651): an Item with parameters, in one fixed order and spelling, so that a regular
expression reads it. Norm: `docs/spec/envelope-v1.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from zlib import crc32

from versioned_serde.envelope.tag import MAX_VERSION, Tag, check_writable, schema_id
from versioned_serde.errors import ChecksumError, DeclarationError, TagError

NAME = "serde-tag"
"""Name of the header, compared without regard to case."""

_MAX_LENGTH = 1_024
_FORMAT = "1"
_NUMBER = "0|[1-9][0-9]{0,9}"
_PRIVATE = r';x-[a-z0-9_.*-]{1,60}(?:=(?:-?[0-9]{1,15}|"[ !#-\[\]-~]{0,200}"))?'
_VALUE = re.compile(
    r'(?P<covered>1;schema="(?P<schema>[A-Za-z0-9._-]{1,200})"'
    rf";version=(?P<version>{_NUMBER});min-reader=(?P<min_reader>{_NUMBER})"
    rf";codec=(?P<codec>{_NUMBER});coding=(?P<coding>{_NUMBER})(?P<mixed>;mixed)?(?:{_PRIVATE})*)"
    r'(?:;crc32="(?P<crc>[0-9a-f]{8})")?'
)
_OTHER_FORMAT = re.compile(rf"(?!1(?:;|$))(?:{_NUMBER})(?:;.*)?", re.DOTALL)


def to_headers(schema: str, tag: Tag, payload: bytes) -> dict[str, str]:
    """The one header for a payload; see `header_writer`."""
    return header_writer(schema, tag)(payload)


def header_writer(schema: str, tag: Tag) -> Callable[[bytes], dict[str, str]]:
    """Compiled for one tag: payload -> the header, as a new dict.

    Raises:
        DeclarationError: for a tag that a header cannot carry, or that every reader would refuse.
    """
    check_writable(tag, schema)
    if tag.extensions:
        raise DeclarationError("The framing `headers` carries no extensions.", hint='Use framing="envelope".')
    text = (
        f'{_FORMAT};schema="{schema}";version={tag.version};min-reader={tag.min_reader}'
        f";codec={tag.codec};coding={tag.coding}{';mixed' if tag.mixed else ''}"
    )
    if not tag.checksum:
        return lambda _: {NAME: text}
    start = crc32(text.encode())
    return lambda payload: {NAME: f'{text};crc32="{crc32(payload, start):08x}"'}


def from_headers(headers: Mapping[str, str], payload: bytes) -> tuple[str, Tag] | None:
    """Schema name and tag; None if there is no such header.

    Raises:
        TagError: with one of the reasons of the specification.
        ChecksumError: header or payload were damaged.
    """
    values = [value for name, value in headers.items() if name.lower() == NAME]
    if not values:
        return None
    if len(values) > 1:
        raise TagError(f"There is more than one header `{NAME}`.", reason="duplicate-header")
    match = _VALUE.fullmatch(values[0]) if len(values[0]) <= _MAX_LENGTH else None
    if match is None:
        if len(values[0]) <= _MAX_LENGTH and _OTHER_FORMAT.fullmatch(values[0]):
            raise TagError(
                f"The header `{NAME}` is of a format that this release does not know.",
                reason="unknown-format",
                hint="A newer release of versioned_serde may read it.",
            )
        raise TagError(f"The header `{NAME}` is not of the form of a tag.", reason="malformed-tag")
    crc = match["crc"]
    if crc is not None and crc32(payload, crc32(match["covered"].encode())) != int(crc, 16):
        raise ChecksumError("The record was damaged after it was written: its CRC-32 differs.", reason="bad-checksum")
    version, min_reader = int(match["version"]), int(match["min_reader"])
    codec, coding = int(match["codec"]), int(match["coding"])
    if not 1 <= version <= MAX_VERSION:
        raise TagError(f"The tag says version {version}.", reason="bad-version")
    if not 1 <= min_reader <= version:
        raise TagError(f"The tag says min_reader {min_reader} of version {version}.", reason="bad-min-reader")
    if codec > 255 or coding > 255:
        raise TagError("The tag's codec or coding is above 255.", reason="malformed-tag")
    tag = Tag(
        schema_id(match["schema"]),
        version,
        min_reader,
        codec,
        coding,
        mixed=match["mixed"] is not None,
        checksum=crc is not None,
    )
    return match["schema"], tag
