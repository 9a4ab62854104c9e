"""The framing `inline`: the tag is a member of the JSON object that is the payload.

So a JSONB column or a document store stays queryable. Only the members of the outermost object are looked at; where a
value ends is found by the standard library's scanner, and its text is passed on as it came. Norm:
`docs/spec/envelope-v1.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from versioned_serde.envelope.tag import MAX_VERSION, Tag, check_writable, is_schema_name, schema_id
from versioned_serde.errors import DeclarationError, LimitError, PayloadError, TagError, UnwritableValueError
from versioned_serde.items import json_exceeds, too_many
from versioned_serde.limits import DEFAULT_LIMITS, Limits

MEMBER = "$serde"
"""Reserved member: the tag."""
WRAPPED = "$value"
"""Reserved member beside the tag: the payload, where it is not an object."""
JSON_ID = 1
"""The only codec id that can travel inline."""

_TAG_ITEMS = 16
"""More items than a tag of this library has: the payload's own are counted when it is decoded."""
_FACTS = frozenset(("schema", "version", "min_reader", "mixed"))
_COLLIDING = re.compile(r"\$+(?:serde|value)")
_ESCAPED = re.compile(r"\$\$+(?:serde|value)")
_BLANKS = re.compile(r"[ \t\n\r]+")


def _refuse_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _short_integer(lexeme: str) -> int | str:
    # A version has ten digits at most; a longer lexeme is not worth a conversion, which is quadratic.
    return int(lexeme) if len(lexeme) <= 10 else lexeme


def _once(pairs: list[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise TagError("The tag has a member twice.", reason="duplicate-member")
    return tuple(pairs)


# Finds where a value ends: numbers stay text (no rounding, no limit of digits), objects are forgotten.
_SCANNER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=lambda _: None
)
# Reads the tag: an object is a tuple of pairs, which no list is; a float is text and so fits nowhere.
_TAG_READER = json.JSONDecoder(
    parse_int=_short_integer, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=_once
)


class _Member(NamedTuple):
    name: str
    start: int
    """Where the name's quote stands in the text."""
    value: int
    end: int


def join(schema: str, tag: Tag, payload: bytes) -> bytes:
    """The payload with its tag inside; see `joiner`."""
    return joiner(schema, tag)(payload)


def joiner(schema: str, tag: Tag) -> Callable[[bytes], bytes]:
    """Compiled for one tag: JSON text -> JSON text with the tag as first member. Raises like `opening`.

    The result raises `UnwritableValueError` where it notices that the payload is not JSON. It does not look for that:
    a payload in which no name can collide is not parsed.
    """
    head = opening(schema, tag)

    def attach(payload: bytes) -> bytes:
        if payload.startswith(b'{"') and not _may_name(payload):
            return b"%b,%b" % (head, payload[1:])
        try:
            text = payload.decode()
            members = _members(text)
        except (PayloadError, UnicodeDecodeError):
            raise UnwritableValueError("The payload is not JSON text, so it cannot carry an inline tag.") from None
        if members is None:
            return b'%b,"%b":%b}' % (head, WRAPPED.encode(), payload)
        parts = (_spelled(text, member, "$" + member.name, _COLLIDING) for member in members)
        return b"%b}" % b",".join((head, *(part.encode() for part in parts)))

    return attach


def opening(schema: str, tag: Tag) -> bytes:
    """The beginning of every record: an object with the tag as its first member, not closed.

    Raises:
        DeclarationError: for a tag that says more than an inline tag can, or that every reader would refuse.
    """
    check_writable(tag, schema)
    if tag.codec != JSON_ID or tag.coding or tag.checksum or tag.extensions:
        raise DeclarationError(
            "The framing `inline` carries the codec `json` without coding, checksum and extensions.",
            hint='Use framing="envelope".',
        )
    facts: dict[str, Any] = {"schema": schema, "version": tag.version, "min_reader": tag.min_reader}
    if tag.mixed:
        facts["mixed"] = True
    return json.dumps({MEMBER: facts}, separators=(",", ":")).encode()[:-1]


def split(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[str, Tag, bytes] | None:
    """Schema name, tag and the payload without it; None for JSON text without a tag.

    Text in which no name can be the reserved one is not parsed, so None does not say that it is JSON.

    Raises:
        TagError: with one of the reasons of the specification.
        PayloadError: not UTF-8, or not JSON.
        LimitError: nested too deep to be scanned, or too many items.
    """
    if not _may_name(data):
        return None
    if json_exceeds(data, limits.max_items + _TAG_ITEMS):
        raise too_many(limits)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise PayloadError("The record is not UTF-8, so it is no JSON text.") from None
    members = _members(text)
    found = next((member for member in members or () if member.name == MEMBER), None)
    if members is None or found is None:
        return None
    if len({member.name for member in members}) < len(members):
        raise TagError("The record has a member twice, so its tag cannot be trusted.", reason="duplicate-member")
    schema, tag = _read_tag(text, found)
    wrapped = next((member for member in members if member.name == WRAPPED), None)
    if wrapped is not None:
        if len(members) > 2 or text[wrapped.value] == "{":
            raise TagError(
                f"`{WRAPPED}` stands beside other members, or holds an object, which needs no wrapper.",
                reason="bad-wrapper",
            )
        return schema, tag, text[wrapped.value : wrapped.end].encode()
    parts = (_spelled(text, member, member.name[1:], _ESCAPED) for member in members if member is not found)
    return schema, tag, f"{{{','.join(parts)}}}".encode()


def names_tag(payload: bytes) -> bool:
    """Whether JSON text in UTF-8 has the reserved member, so that it would be taken for a tagged record."""
    return _may_name(payload) and any(member.name == MEMBER for member in _members(payload.decode()) or ())


def _may_name(data: bytes) -> bool:
    r"""Whether a member may be named `$serde` or `$value`, more `$` or not, each character perhaps as `\u00xx`."""
    # One byte is found many times faster than a word, and both are rare.
    return (b"$" in data and (b"$serde" in data or b"$value" in data)) or (b"\\" in data and b"\\u00" in data)


def _spelled(text: str, member: _Member, other_name: str, applies: re.Pattern[str]) -> str:
    """The member's own text, or with the other name where the pattern applies to its name."""
    if applies.fullmatch(member.name):
        return f'"{other_name}":{text[member.value : member.end]}'
    return text[member.start : member.end]


def _members(text: str) -> list[_Member] | None:
    """The members of the outermost object; None for another JSON value."""
    try:
        at = _blanks(text, 0)
        if text[at : at + 1] != "{":
            _, at = _SCANNER.raw_decode(text, at)
            members = None
        else:
            members, at = _members_from(text, at + 1)
        if _blanks(text, at) < len(text):
            raise ValueError("something follows the value")
    except ValueError:
        raise PayloadError("The record is not JSON.") from None
    except RecursionError:
        raise LimitError("The record is nested too deep.", limit="max_depth") from None
    return members


def _members_from(text: str, at: int) -> tuple[list[_Member], int]:
    members: list[_Member] = []
    at = _blanks(text, at)
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        if text[at : at + 1] != '"':
            raise ValueError("no name")
        name, colon = _SCANNER.raw_decode(text, at)
        colon = _blanks(text, colon)
        if text[colon : colon + 1] != ":":
            raise ValueError("no colon")
        value = _blanks(text, colon + 1)
        _, end = _SCANNER.raw_decode(text, value)
        members.append(_Member(name, at, value, end))
        at = _blanks(text, end)
        if text[at : at + 1] == "}":
            return members, at + 1
        if text[at : at + 1] != ",":
            raise ValueError("no comma")
        at = _blanks(text, at + 1)


def _blanks(text: str, at: int) -> int:
    """Where the next character that is not JSON's white space stands."""
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _read_tag(text: str, member: _Member) -> tuple[str, Tag]:
    pairs, _ = _TAG_READER.raw_decode(text, member.value)
    if type(pairs) is not tuple:
        raise TagError(f"`{MEMBER}` is not an object.", reason="malformed-tag")
    facts: dict[str, Any] = {}
    for name, value in pairs:
        if name not in _FACTS and not name.startswith("x_"):
            raise TagError("The tag has a member that this release does not know.", reason="unknown-member")
        facts[name] = value
    schema, version, min_reader = (facts.get(name) for name in ("schema", "version", "min_reader"))
    if type(schema) is not str or "version" not in facts or "min_reader" not in facts:
        raise TagError("The tag lacks one of schema, version and min_reader.", reason="malformed-tag")
    if facts.get("mixed", True) is not True:
        raise TagError("`mixed` is true or absent.", reason="malformed-tag")
    if not is_schema_name(schema):
        raise TagError("The tag's schema is no name of a schema.", reason="bad-schema-name")
    # `type`, because a bool is an int to isinstance.
    if type(version) is not int or not 1 <= version <= MAX_VERSION:
        raise TagError(f"The tag's version is not an integer of 1 to {MAX_VERSION}.", reason="bad-version")
    if type(min_reader) is not int or not 1 <= min_reader <= version:
        raise TagError("The tag's min_reader is not an integer of 1 to its version.", reason="bad-min-reader")
    return schema, Tag(schema_id(schema), version, min_reader, JSON_ID, mixed="mixed" in facts)
