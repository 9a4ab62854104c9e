"""The facts in front of a payload."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from versioned_serde.errors import DeclarationError

MAX_VERSION = 2**31 - 1
"""Highest version that a tag can carry."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What the bytes say of themselves. A tag selects among the versions of an expected schema; it never names code.

    Attributes:
        schema_id: `schema_id(name)` of the schema.
        version: 1..MAX_VERSION.
        min_reader: 1..version: the lowest version whose readers can read the record.
        codec: codec id, a cross-check.
        coding: coding id, a cross-check; 0 is none.
        mixed: the payload holds more or less than its version declares.
        checksum: the record carries a CRC-32.
        extensions: (type, value) in the order of the block; odd types are critical.
    """

    schema_id: bytes
    version: int
    min_reader: int
    codec: int
    coding: int = 0
    mixed: bool = False
    checksum: bool = False
    extensions: tuple[tuple[int, bytes], ...] = ()


def schema_id(name: str) -> bytes:
    """First 4 bytes of SHA-256 of the schema's name in UTF-8."""
    return sha256(name.encode()).digest()[:4]


_SCHEMA_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")


def is_schema_name(name: str) -> bool:
    """Whether a tag can carry the name: 1 to 200 letters, digits, `.`, `_` and `-`, all ASCII.

    So it needs no escapes in JSON text and in a header's value.
    """
    return _SCHEMA_NAME.fullmatch(name) is not None


def check_writable(tag: Tag, schema: str | None = None) -> None:
    """Raises `DeclarationError` for a tag that every reader would refuse.

    Args:
        tag: what a writer is about to be compiled for.
        schema: its schema's name, where the framing carries it.
    """
    if not 1 <= tag.min_reader <= tag.version <= MAX_VERSION:
        raise DeclarationError(
            f"Version {tag.version} with min_reader {tag.min_reader} does not fit a tag.",
            hint=f"Both are at least 1, min_reader is at most the version, and that at most {MAX_VERSION}.",
        )
    if not 0 <= tag.codec <= 255 or not 0 <= tag.coding <= 255:
        raise DeclarationError(f"Codec id {tag.codec} and coding id {tag.coding} do not both fit into one byte.")
    if schema is not None and not (is_schema_name(schema) and schema_id(schema) == tag.schema_id):
        raise DeclarationError(f"The tag is not one of a schema `{schema}`, or no tag can carry that name.")
