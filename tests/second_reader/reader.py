"""A second reader, from `docs/spec/envelope-v1.md` alone. It shares no line with the library and imports none of it.

It reads tags, extensions and the three framings, in the order of checks of the page. What is refused is a `Refused`
with the page's word for the reason.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any
from zlib import crc32

from tests.second_reader.text import JsonError, members, names_twice, value_of

MAX = 2147483647
Facts = dict[str, Any]


class Refused(Exception):  # noqa: N818  the page says "refused"
    """The reason is the message."""


def schema_id(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:8]


# Framing `envelope`


def envelope(record: bytes, most_extensions: int = 4096) -> tuple[Facts, bytes]:
    """The tag and the payload."""
    if record[:2] != b"\xfe\xc1":
        raise Refused("no-tag")
    if len(record) < 3:
        raise Refused("truncated")
    if record[2] >> 4 != 1:
        raise Refused("unknown-format")
    flags = record[2] & 15
    if flags & 8:
        raise Refused("unknown-flag")
    checked = bool(flags & 2)
    if len(record) < (15 if checked else 11):
        raise Refused("truncated")
    if checked:
        record, crc = record[:-4], record[-4:]
        if crc32(record) != int.from_bytes(crc, "big"):
            raise Refused("bad-checksum")
    version, at = uvarint(record, 9)
    if version < 1:
        raise Refused("bad-version")
    min_reader, at = uvarint(record, at)
    if not 1 <= min_reader <= version:
        raise Refused("bad-min-reader")
    block: list[list[Any]] = []
    if flags & 4:
        length, at = uvarint(record, at)
        if length > most_extensions:
            raise Refused("extensions-too-large")
        if at + length > len(record):
            raise Refused("truncated")
        block = extensions(record[at : at + length])
        at += length
    facts = {
        "schema_id": record[5:9].hex(),
        "version": version,
        "min_reader": min_reader,
        "codec": record[3],
        "coding": record[4],
        "mixed": bool(flags & 1),
        "checksum": checked,
        "extensions": block,
    }
    return facts, record[at:]


def uvarint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins there, and where it ends."""
    number = 0
    for length in range(5):
        if at + length >= len(data):
            raise Refused("truncated")
        byte = data[at + length]
        number |= (byte & 127) << (7 * length)
        if byte < 128:
            if number > MAX or (byte == 0 and length > 0):
                raise Refused("bad-varint")
            return number, at + length + 1
    raise Refused("bad-varint")


def extensions(block: bytes) -> list[list[Any]]:
    """Types and values, in hexadecimal."""
    found: list[list[Any]] = []
    at = 0
    if not block:
        raise Refused("bad-extensions")
    while at < len(block):
        try:
            type_, at = uvarint(block, at)
            size, at = uvarint(block, at)
        except Refused as refused:
            # Within the block it is the block that is wrong.
            raise Refused("bad-extensions" if str(refused) == "truncated" else str(refused)) from None
        if at + size > len(block) or (found and type_ <= found[-1][0]):
            raise Refused("bad-extensions")
        found.append([type_, block[at : at + size].hex()])
        at += size
    if any(type_ % 2 for type_, _ in found):
        raise Refused("unknown-extension")
    return found


# Framing `inline`


def inline(record: bytes) -> tuple[Facts, str] | None:
    """The tag, with the schema's name, and the payload's text; None if there is no tag."""
    if not any(sign in record for sign in (b"$serde", b"$value", b"\\u00")):
        return None
    try:
        text = record.decode()
        found = members(text)
    except (UnicodeDecodeError, JsonError):
        raise Refused("not-json") from None
    if found is None or "$serde" not in [name for name, _, _ in found]:
        return None
    names = [name for name, _, _ in found]
    if len(set(names)) < len(names):
        raise Refused("duplicate-member")
    facts = inline_tag(next(value for name, _, value in found if name == "$serde"))
    rest = [(name, spelled, value) for name, spelled, value in found if name != "$serde"]
    if "$value" in names:
        if len(rest) > 1 or rest[0][2].startswith("{"):
            raise Refused("bad-wrapper")
        return facts, rest[0][2]
    told = []
    for name, spelled, value in rest:
        colliding = re.fullmatch(r"\$\$+(serde|value)", name)
        told.append(f'"{name[1:]}":{value}' if colliding else f"{spelled}{value}")
    return facts, "{" + ",".join(told) + "}"


def inline_tag(text: str) -> Facts:
    found = members(text) if text.startswith("{") else None
    if found is None:
        raise Refused("malformed-tag")
    tag: dict[str, str] = {}
    for name, _, value in found:
        if name in tag or names_twice(value):
            raise Refused("duplicate-member")
        if name not in ("schema", "version", "min_reader", "mixed") and not name.startswith("x_"):
            raise Refused("unknown-member")
        tag[name] = value
    if not {"schema", "version", "min_reader"} <= tag.keys() or not tag["schema"].startswith('"'):
        raise Refused("malformed-tag")
    if tag.get("mixed", "true") != "true":
        raise Refused("malformed-tag")
    schema = value_of(tag["schema"])
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,200}", schema):
        raise Refused("bad-schema-name")
    version = whole(tag["version"])
    if version is None or not 1 <= version <= MAX:
        raise Refused("bad-version")
    min_reader = whole(tag["min_reader"])
    if min_reader is None or not 1 <= min_reader <= version:
        raise Refused("bad-min-reader")
    return {"schema": schema, "version": version, "min_reader": min_reader, "mixed": "mixed" in tag}


def whole(lexeme: str) -> int | None:
    """A number that is spelled as an integer of few digits."""
    return int(lexeme) if re.fullmatch(r"-?[0-9]{1,10}", lexeme) else None


# Framing `headers`

NUMBER = r"(?:0|[1-9][0-9]{0,9})"
PRIVATE = r';x-[a-z0-9_.*-]{1,60}(?:=(?:-?[0-9]{1,15}|"[\x20-\x21\x23-\x5b\x5d-\x7e]{0,200}"))?'
TAG = (
    rf'(1;schema="([A-Za-z0-9._-]{{1,200}})";version=({NUMBER});min-reader=({NUMBER})'
    rf';codec=({NUMBER});coding=({NUMBER})(;mixed)?(?:{PRIVATE})*)(?:;crc32="([0-9a-f]{{8}})")?'
)


def headers(found: dict[str, str], payload: bytes) -> Facts | None:
    """The tag, with the schema's name; None if there is none."""
    values = [value for name, value in found.items() if name.lower() == "serde-tag"]
    if not values:
        return None
    if len(values) > 1:
        raise Refused("duplicate-header")
    match = re.fullmatch(TAG, values[0]) if len(values[0]) <= 1024 else None
    if match is None:
        other = re.match(rf"({NUMBER})(;|\Z)", values[0])
        known = other is None or other[1] == "1" or len(values[0]) > 1024
        raise Refused("malformed-tag" if known else "unknown-format")
    covered, schema, version, min_reader, codec, coding, mixed, crc = match.groups()
    if crc is not None and crc32(covered.encode() + payload) != int(crc, 16):
        raise Refused("bad-checksum")
    if not 1 <= int(version) <= MAX:
        raise Refused("bad-version")
    if not 1 <= int(min_reader) <= int(version):
        raise Refused("bad-min-reader")
    if int(codec) > 255 or int(coding) > 255:
        raise Refused("malformed-tag")
    return {
        "schema": schema,
        "version": int(version),
        "min_reader": int(min_reader),
        "codec": int(codec),
        "coding": int(coding),
        "mixed": mixed is not None,
        "checksum": crc is not None,
    }


# Signs of other systems


def sign(declared: list[Facts], record: bytes, beside: dict[str, str]) -> tuple[int, bytes] | None:
    """Which of the declared signs a record bears, and its payload; None if it bears none of these systems."""
    found = {name.lower(): value for name, value in beside.items()}
    another = False
    for index, each in enumerate(declared):
        if "confluent" in each and record.startswith(b"\0"):
            if record[:5] == b"\0" + each["confluent"].to_bytes(4, "big"):
                return index, record[5:]
            another = True
        elif "single-object" in each and record.startswith(b"\xc3\x01"):
            if record[2:10].hex() == each["single-object"]:
                return index, record[10:]
            another = True
        elif "dataschema" in each and "ce-dataschema" in found:
            type_ = found.get("content-type", "application/json").split(";")[0].strip().lower()
            if (found["ce-dataschema"], type_) == (each["dataschema"], each["datacontenttype"]):
                return index, record
            another = True
    if another:
        raise Refused("other-foreign-sign")
    return None


def bears(declared: list[Facts], record: bytes, beside: dict[str, str]) -> bool:
    """Whether a tagged record bears a declared sign, too."""
    try:
        return sign(declared, record, beside) is not None
    except Refused:
        return False


def with_signs(declared: list[Facts], framings: list[str], record: bytes, beside: dict[str, str]) -> Facts:
    """The sign and the payload, or the framing of the record's tag."""
    if "headers" in framings and "serde-tag" in {name.lower() for name in beside}:
        events = [each for each in declared if "dataschema" in each]
        if bears(events, record, beside):
            raise Refused("tags-disagree")
        return {"framing": location(framings, record, beside)[0]}
    tagged = "envelope" in framings and record.startswith(b"\xfe\xc1")
    if tagged and bears(declared, record, beside):
        raise Refused("tags-disagree")
    found = None if tagged else sign(declared, record, beside)
    if found is not None:
        return {"sign": found[0], "payload": found[1].hex()}
    return {"framing": location(framings, record, beside)[0]}


# Which framing a record has


def location(
    framings: list[str], record: bytes, beside: dict[str, str], most: int = 64 << 20
) -> tuple[str, str | None, Facts | None, bytes]:
    """Framing, schema, the tag with the schema's id, payload."""
    if len(record) > most:
        raise Refused("too-large")
    outer = headers(beside, record) if "headers" in framings else None
    if outer is None and not record:
        raise Refused("empty")
    if "envelope" in framings and record.startswith(b"\xfe\xc1"):
        facts, payload = envelope(record)
        return agreed(outer, ("envelope", None, facts, payload))
    if "inline" in framings and (outer is None or (outer["codec"], outer["coding"]) == (1, 0)):
        try:
            inner = inline(record)
        except Refused as refused:
            if str(refused) != "not-json" or not {"bare", "headers"} & set(framings):
                raise
            inner = None
        if inner is not None:
            facts = {"codec": 1, "coding": 0, **inner[0]}
            return agreed(outer, ("inline", facts["schema"], facts, inner[1].encode()))
    if outer is not None:
        return "headers", outer["schema"], with_id(outer), record
    if "bare" in framings:
        return "bare", None, None, record
    raise Refused("no-tag")


def agreed(
    outer: Facts | None, inner: tuple[str, str | None, Facts, bytes]
) -> tuple[str, str | None, Facts | None, bytes]:
    framing, schema, facts, payload = inner
    facts = with_id(facts)
    if outer is not None:
        told = with_id(outer)
        same = all(
            told[fact] == facts[fact] for fact in ("schema_id", "version", "min_reader", "codec", "coding", "mixed")
        )
        if not same or schema not in (None, outer["schema"]):
            raise Refused("tags-disagree")
        schema = outer["schema"]
    return framing, schema, facts, payload


def with_id(facts: Facts) -> Facts:
    """The facts with the schema's id instead of its name."""
    told = {"schema_id": schema_id(facts["schema"]) if "schema" in facts else facts["schema_id"], **facts}
    return {name: told[name] for name in ("schema_id", "version", "min_reader", "codec", "coding", "mixed")}


# Acceptance


def accept(reader: Facts, tag: Facts) -> int:
    """The version whose reader is chosen."""
    if tag["schema_id"] != schema_id(reader["schema"]) or tag.get("schema", reader["schema"]) != reader["schema"]:
        raise Refused("wrong-schema")
    listed = {int(version): declared for version, declared in reader["versions"].items()}
    newest, version = max(listed), tag["version"]
    if version not in listed:
        if not (newest < version <= newest + reader["version_window"] and tag["min_reader"] <= newest):
            raise Refused("unreadable-version")
        version = newest
    declared = listed[version]
    if any(tag[fact] != declared[fact] for fact in ("min_reader", "codec", "coding", "framing", "checksum")):
        raise Refused("differs-from-declaration")
    return int(version)
