"""Keys as names of objects in S3, and headers as metadata of objects.

A key is its object's name, so that objects which were there before are found under the keys that one expects.
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
"""What is ours in a store's prefix. No key begins so."""
BESIDE: Final = f"{RESERVED}beside/"
"""What is not a record."""

_LONGEST: Final = 1_024
"""Bytes in an object's name: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"""
_METADATA: Final = 2_048
"""Bytes in an object's metadata, names and values together."""
_OTHERS: Final = "versioned-serde-headers"
"""The metadata that holds all headers which are none by themselves: JSON, in base64."""
_PLAIN_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
# Spaces at the ends are lost on the way, and of several in a row all but one.
_PLAIN_VALUE: Final = re.compile("[!-~]+(?: [!-~]+)*")


def name_of(key: str, prefix: str) -> str:
    """The name of a key's object.

    Args:
        key: any Unicode text.
        prefix: empty, or ending in `/`.

    Raises:
        StoreError: no object can have this name, or the place is ours.
    """
    name = prefix + key
    try:
        length = len(name.encode())
    except UnicodeEncodeError as error:
        raise StoreError(
            "The key is not valid Unicode text.", key=key, hint="Use a key without lone surrogates."
        ) from error
    if not 1 <= length <= _LONGEST:
        raise StoreError(
            f"An object's name has 1 to {_LONGEST} bytes; that of the key needs {length}.",
            key=key,
            hint="Use a shorter key." if length else "An empty key needs a store with a prefix.",
        )
    if key.startswith(RESERVED):
        raise StoreError(
            f"Keys do not begin with `{RESERVED}`: what is there is no record.", key=key, hint="Use another key."
        )
    return name


def to_metadata(headers: Mapping[str, str], key: str, *, empty_folder: bool = False) -> dict[str, str]:
    """Headers as metadata: those of plain ASCII, such as `serde-tag`, as they are, and the others together in one.

    Args:
        headers: those of the record.
        key: its key.
        empty_folder: whether others would take the object for a folder; then its metadata says that it is a record.

    Raises:
        StoreError: it is more than an object may have.
    """
    plain = {name: value for name, value in headers.items() if _is_plain(name, value)}
    others = {name: value for name, value in headers.items() if name not in plain}
    if others or empty_folder:
        plain[_OTHERS] = b64encode(json.dumps(others, sort_keys=True).encode()).decode()
    size = sum(len(name) + len(value) for name, value in plain.items())
    if size > _METADATA:
        raise StoreError(
            f"The headers need {size} bytes of metadata; an object has at most {_METADATA}.",
            key=key,
            hint="Use fewer headers, or the framing `envelope`, which needs none.",
        )
    return plain


def is_ours(metadata: Mapping[str, str]) -> bool:
    """Whether metadata says that the object is a record, whatever it looks like."""
    return any(name.lower() == _OTHERS for name in metadata)


def from_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    """The headers in an object's metadata, also in that of an object that others wrote."""
    # Some services write the names with capitals.
    found = {name.lower(): value for name, value in metadata.items()}
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
    return _PLAIN_NAME.fullmatch(name) is not None and _PLAIN_VALUE.fullmatch(value) is not None and name != _OTHERS
