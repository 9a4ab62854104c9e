"""Keys as names of objects in S3, and headers as metadata of objects.

A key is its object's name, so that objects which were there before are found under the keys that one expects. What
cannot be a name (an empty part, `..`, a control character) is in a folder of ours, as the hex digits of its UTF-8,
which keep the order of keys. So each key has one name, and no two have the same.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping
from typing import Final

from versioned_serde.errors import StoreError

RESERVED: Final = ".versioned-serde/"
"""What is ours in a store's prefix. A key that begins so is not its object's name."""
ODD: Final = f"{RESERVED}keys/"
"""Records whose keys cannot be names."""
BESIDE: Final = f"{RESERVED}beside/"
"""What is not a record."""

_LONGEST: Final = 1_024
"""Bytes in an object's name: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""
# The library that sends the requests takes no control characters, and XML, in which names are listed, no U+FFFE.
_NEVER: Final = re.compile("[\0-\x1f\x7f\ufffe\uffff]")
_METADATA: Final = 2_048
"""Bytes in an object's metadata, names and values together."""
_OTHERS: Final = "versioned-serde-headers"
"""The metadata that holds all headers which are none by themselves: JSON, in base64."""
_PLAIN_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
# Spaces at the ends are lost on the way, and of several in a row all but one.
_PLAIN_VALUE: Final = re.compile("[!-~]+(?: [!-~]+)*")
_OBJECTS_OWN: Final = frozenset(
    ("cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "storage-class")
)
"""Names under which the library hands out properties of the object instead of metadata."""


def is_name(text: str) -> bool:
    """Whether this can be the name of an object that the library finds, and finds again in a list."""
    return not _NEVER.search(text) and all(part not in ("", ".", "..") for part in text.split("/"))


def name_of(key: str, prefix: str) -> str:
    """The name within the prefix.

    Args:
        key: any Unicode text.
        prefix: empty, or ending in `/`; it counts in the length.

    Raises:
        StoreError: the key is no text, or too long.
    """
    try:
        encoded = key.encode()
    except UnicodeEncodeError as error:
        raise StoreError(
            "The key is not valid Unicode text.", key=key, hint="Use a key without lone surrogates."
        ) from error
    name = key if is_name(key) and not f"{key}/".startswith(RESERVED) else f"{ODD}{encoded.hex() or '-'}"
    length = len(prefix.encode()) + len(name.encode())
    if length > _LONGEST:
        raise StoreError(
            f"The key needs an object's name of {length} bytes; a name has at most {_LONGEST}.",
            key=key,
            hint="Use a shorter key; one with control characters or empty parts takes two bytes for each of its own.",
        )
    return name


def key_of(name: str) -> str | None:
    """The key of a name within the prefix, or None for an object that is not a record's."""
    try:
        odd = name.startswith(RESERVED)
        key = bytes.fromhex(name.removeprefix(ODD).removeprefix("-")).decode() if odd else name
    except ValueError:
        return None
    return key if name_of(key, "") == name else None


def to_metadata(headers: Mapping[str, str], key: str) -> dict[str, str]:
    """Headers as metadata: those of plain ASCII, such as `serde-tag`, as they are, and the others together in one.

    Raises:
        StoreError: it is more than an object may have.
    """
    plain = {name: value for name, value in headers.items() if _is_plain(name, value)}
    others = {name: value for name, value in headers.items() if name not in plain}
    if others:
        plain[_OTHERS] = b64encode(json.dumps(others, sort_keys=True).encode()).decode()
    size = sum(len(name) + len(value) for name, value in plain.items())
    if size > _METADATA:
        raise StoreError(
            f"The headers need {size} bytes of metadata; an object has at most {_METADATA}.",
            key=key,
            hint="Use fewer headers, or the framing `envelope`, which needs none.",
        )
    return plain


def from_metadata(attributes: Mapping[str, str]) -> dict[str, str]:
    """The headers in an object's metadata, also in that of an object that others wrote."""
    found = {name: value for name, value in attributes.items() if name.lower() not in _OBJECTS_OWN}
    text = found.get(_OTHERS)
    if text is None:
        return found
    try:
        others = json.loads(b64decode(text, validate=True))
    except (Error, ValueError):
        return found
    if not isinstance(others, dict) or not all(isinstance(value, str) for value in others.values()):
        return found
    del found[_OTHERS]
    return found | others


def _is_plain(name: str, value: str) -> bool:
    return (
        _PLAIN_NAME.fullmatch(name) is not None
        and _PLAIN_VALUE.fullmatch(value) is not None
        and name not in _OBJECTS_OWN
        and name != _OTHERS
    )
