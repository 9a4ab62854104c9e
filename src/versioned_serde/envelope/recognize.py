"""Which framing a record has, among those that its location may hold.

What is not declared is not looked for: bytes from elsewhere never choose how they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from versioned_serde.envelope.binary import MAGIC, open_
from versioned_serde.envelope.headers import from_headers
from versioned_serde.envelope.inline import JSON_ID, split
from versioned_serde.envelope.tag import Tag
from versioned_serde.errors import LimitError, PayloadError, TagError, TagMismatchError
from versioned_serde.limits import Limits


class Recognized(NamedTuple):
    """A record taken apart.

    Attributes:
        framing: `envelope`, `inline`, `headers` or `bare`; of two tags the one nearer to the payload.
        schema: the schema's name, where a tag carries it; an envelope carries the id alone.
        tag: None for a bare record.
        payload: what the coding and the codec get.
    """

    framing: str
    schema: str | None
    tag: Tag | None
    payload: bytes


def recognize(framings: frozenset[str], data: bytes, headers: Mapping[str, str] | None, limits: Limits) -> Recognized:
    """Takes a record apart.

    Args:
        framings: what the location may hold.
        data: the record, or what stands beside the headers.
        headers: None where the location has none.
        limits: the schema's bounds.

    Raises:
        TagError: no tag where one must be, or one with a fault.
        TagMismatchError: two tags disagree.
        ChecksumError: the bytes were damaged.
        PayloadError: an inline tag is declared and the record is not JSON.
        LimitError: the record or its extensions are too large.
    """
    if len(data) > limits.max_bytes:
        raise LimitError(f"The record has {len(data)} bytes.", limit="max_bytes")
    beside = from_headers(headers, data) if headers and "headers" in framings else None
    if beside is not None:
        schema, tag = beside
        # Only JSON can hold an inline tag; other payloads must not be parsed as if they could.
        textual = (tag.codec, tag.coding) == (JSON_ID, 0)
        within = _within(framings if textual else framings - {"inline"}, data, limits)
        if within is None:
            return Recognized("headers", schema, tag, data)
        _check_agreement(schema, tag, within)
        return Recognized(within.framing, schema, within.tag, within.payload)
    if not data:
        raise TagError("The record is empty.", reason="empty")
    within = _within(framings, data, limits)
    if within is not None:
        return within
    if "bare" in framings:
        return Recognized("bare", None, None, data)
    raise TagError(
        f"The record has no tag, and this location holds {', '.join(sorted(framings))} only.",
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
