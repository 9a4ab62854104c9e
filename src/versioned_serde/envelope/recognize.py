"""Which framing a record has, among those that its location may hold.

What is not declared is not looked for: bytes from elsewhere never choose how they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from versioned_serde.envelope.binary import MAGIC, open_
from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.envelope.headers import from_headers
from versioned_serde.envelope.inline import JSON_ID, split
from versioned_serde.envelope.tag import Tag
from versioned_serde.errors import LimitError, PayloadError, TagError, TagMismatchError
from versioned_serde.limits import Limits


class Recognized(NamedTuple):
    """A record taken apart.

    Attributes:
        framing: `envelope`, `inline`, `headers`, `bare`, or the sign of another system; of two tags the one nearer to
            the payload.
        schema: the schema's name, where a tag carries it; an envelope carries the id alone.
        tag: None for a record that is bare or bears the sign of another system.
        payload: what the coding and the codec get.
    """

    framing: str | ForeignFraming
    schema: str | None
    tag: Tag | None
    payload: bytes


def recognize(
    framings: frozenset[str],
    data: bytes,
    headers: Mapping[str, str] | None,
    limits: Limits,
    foreign: Sequence[ForeignFraming] = (),
) -> Recognized:
    """Takes a record apart.

    Args:
        framings: what the location may hold.
        data: the record, or what stands beside the headers.
        headers: None where the location has none.
        limits: the schema's bounds.
        foreign: signs of other systems that the location may hold besides.

    Raises:
        TagError: no tag where one must be, or one with a fault.
        TagMismatchError: two tags disagree, or the sign of another system is not one of those declared.
        ChecksumError: the bytes were damaged.
        PayloadError: an inline tag is declared and the record is not JSON.
        LimitError: the record or its extensions are too large.
    """
    if len(data) > limits.max_bytes:
        raise LimitError(f"The record has {len(data)} bytes.", limit="max_bytes")
    beside = from_headers(headers, data) if headers and "headers" in framings else None
    if beside is not None:
        schema, tag = beside
        # Signs beside the data alone: a payload may begin like a sign in front of one.
        if _bears([each for each in foreign if each.headers], data, headers):
            raise _disagreement("a sign of another system beside it and its headers")
        # Only JSON can hold an inline tag; other payloads must not be parsed as if they could.
        textual = (tag.codec, tag.coding) == (JSON_ID, 0)
        within = _within(framings if textual else framings - {"inline"}, data, limits)
        if within is None:
            return Recognized("headers", schema, tag, data)
        _check_agreement(schema, tag, within)
        return Recognized(within.framing, schema, within.tag, within.payload)
    if not data:
        if (signed := _signed(foreign, data, headers)) is not None:
            return signed  # no bytes may be a message, and the sign stands beside them
        raise TagError("The record is empty.", reason="empty")
    within = _within(framings, data, limits)
    if within is not None:
        if _bears(foreign, data, headers):
            raise _disagreement(f"a sign of another system and its {within.framing} tag")
        return within
    if (signed := _signed(foreign, data, headers)) is not None:
        return signed
    if "bare" in framings:
        return Recognized("bare", None, None, data)
    raise TagError(
        f"The record has no tag, and this location holds"
        f" {', '.join([*sorted(framings), *(each.name for each in foreign)])} only.",
        reason="no-tag",
        hint="It is damaged, or it is from before the first tagged version: then declare that version as `bare`.",
    )


def _within(framings: frozenset[str], data: bytes, limits: Limits) -> Recognized | None:
    """The tag that is part of the data, if there is one."""
    if "envelope" in framings and data.startswith(MAGIC):
        tag, payload = open_(data, limits)
        return Recognized("envelope", None, tag, payload)
    if "inline" in framings:
        try:
            found = split(data, limits)
        except PayloadError:
            if framings & {"bare", "headers"}:
                # The payload of another framing, in another codec, that happens to have the reserved name in it.
                return None
            raise
        if found is not None:
            return Recognized("inline", *found)
    return None


def _signed(foreign: Sequence[ForeignFraming], data: bytes, headers: Mapping[str, str] | None) -> Recognized | None:
    """The record as another system marked it, if it did."""
    other: TagMismatchError | None = None
    for each in foreign:
        try:
            payload = each.open(data, headers)
        except TagMismatchError as error:
            other = error
            continue
        if payload is not None:
            return Recognized(each, None, None, payload)
    if other is not None:
        raise other
    return None


def _bears(foreign: Sequence[ForeignFraming], data: bytes, headers: Mapping[str, str] | None) -> bool:
    """Whether a tagged record bears a declared sign as well. One that is not declared says nothing against its tag."""
    try:
        return _signed(foreign, data, headers) is not None
    except TagMismatchError:
        return False


def _disagreement(what: str) -> TagMismatchError:
    return TagMismatchError(f"The record bears {what}, which cannot both be right.", reason="tags-disagree")


def _check_agreement(schema: str, tag: Tag, within: Recognized) -> None:
    facts = ("schema_id", "version", "min_reader", "codec", "coding", "mixed")
    differing = [fact for fact in facts if getattr(tag, fact) != getattr(within.tag, fact)]
    if within.schema not in (None, schema):
        differing.append("schema")
    if differing:
        raise TagMismatchError(
            f"The record's headers and its {within.framing} tag disagree on {', '.join(differing)}.",
            reason="tags-disagree",
        )
