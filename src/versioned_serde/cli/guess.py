"""What bytes without a tag look like. Guesses, for people: a reader never chooses by them."""

from __future__ import annotations

import codecs
import json
import re
from typing import Final

from versioned_serde.adapters.cbor_items import MAP, Item, outline
from versioned_serde.adapters.cbor_items import STR as CBOR_STR
from versioned_serde.errors import ReadError
from versioned_serde.limits import DEFAULT_LIMITS

_MAGIC: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "an LZ4 frame"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "a zip archive"),
    (b"Obj\x01", "an Avro file"),
    (b"\xd9\xd9\xf7", "CBOR, which says so itself"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\xfe\xc1", "an envelope of versioned_serde, damaged or of a newer format"),
)
_LONGEST_PARSED: Final = 1_000_000
"""Characters, or bytes of CBOR; a guess is not worth the memory that a parsed payload takes."""
_MARKUP: Final = re.compile(r"\s*<[?!/A-Za-z_:]")
_BYTE_ORDER_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def looks_like(data: bytes) -> str:
    """A guess, as the end of the sentence "it looks like ..."."""
    if not data:
        return "nothing: it is empty"
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[0] == 0x80 and len(data) > 2 and 2 <= data[1] <= 5:
        return f"a Python pickle of protocol {data[1]}, which must not be loaded to look at it"
    if data.startswith(b"\xc3\x01") and len(data) >= 10:
        return f"an Avro object whose schema has the fingerprint {data[2:10][::-1].hex()}"
    text = _text(data)
    if text is not None:
        return _looks_like(text)
    if data[0] == 0 and len(data) > 5 and (id_ := int.from_bytes(data[1:5], "big")):
        return f"a message whose schema has the id {id_} in a Confluent schema registry"
    if _is_cbor_object(data):
        return "CBOR, an object"
    return "nothing known"


def _is_cbor_object(data: bytes) -> bool:
    """Whether the bytes are exactly one CBOR map with names: that is seldom chance, unlike a number or a text."""
    if data[0] >> 5 != MAP or len(data) > _LONGEST_PARSED:
        return False
    try:
        members = outline(data, DEFAULT_LIMITS).within()
    except ReadError:
        return False
    names: list[Item] = members[::2]
    return bool(names) and all(name.major == CBOR_STR for name in names)


def _looks_like(text: str) -> str:
    named = "; it names `$serde`, so it may have had an inline tag" if '"$serde"' in text else ""
    if _MARKUP.match(text):
        return "XML or HTML"
    if len(text) > _LONGEST_PARSED:
        return f"long text{', perhaps JSON' if text.lstrip()[:1] in ('{', '[') else ''}{named}"
    try:
        # Numbers stay text: no conversion that takes quadratic time.
        json.loads(text, parse_int=str, parse_float=str)
    except ValueError:
        return f"text{named}"
    except RecursionError:
        return f"text, perhaps JSON that is nested very deep{named}"
    return "JSON"


def _text(data: bytes) -> str | None:
    """The bytes as text, if they are text: decodable and without the control characters that text does not have.

    The last character may be incomplete, because the bytes may be only the beginning of a record.
    """
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data)
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else text
