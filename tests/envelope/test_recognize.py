from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.tags import inline_tag, payloads, schemas, tags
from versioned_serde.envelope.binary import prefix, seal
from versioned_serde.envelope.headers import NAME, to_headers
from versioned_serde.envelope.inline import join
from versioned_serde.envelope.recognize import Recognized, recognize
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.errors import LimitError, PayloadError, TagError, TagMismatchError
from versioned_serde.limits import DEFAULT_LIMITS, Limits

FRAMINGS = ("envelope", "inline", "headers", "bare")
LOCATIONS = [frozenset(some) for size in range(1, 5) for some in combinations(FRAMINGS, size)]
TAG = Tag(schema_id("shop.order"), 3, 2, 1)


@given(st.sampled_from(LOCATIONS), schemas, st.data(), payloads())
def test_whatever_a_location_declares_is_recognized(
    framings: frozenset[str], schema: str, data: st.DataObject, payload: bytes
) -> None:
    tag = data.draw(tags(schema))
    if "envelope" in framings:
        record = prefix(tag) + payload
        found = recognize(framings, seal(record) if tag.checksum else record, None, DEFAULT_LIMITS)
        assert found == Recognized("envelope", None, tag, payload)
    if "inline" in framings:
        record = join(schema, inline_tag(tag), payload)
        assert recognize(framings, record, {}, DEFAULT_LIMITS)[:3] == ("inline", schema, inline_tag(tag))
    if "headers" in framings and "inline" not in framings:
        found = recognize(framings, payload, to_headers(schema, tag, payload), DEFAULT_LIMITS)
        assert found == Recognized("headers", schema, tag, payload)


@given(st.sampled_from(LOCATIONS), st.binary(max_size=60), st.none() | st.text(max_size=40))
def test_random_bytes_give_a_record_or_a_typed_error(framings: frozenset[str], data: bytes, header: str | None) -> None:
    try:
        found = recognize(framings, data, None if header is None else {NAME: header}, DEFAULT_LIMITS)
    except (TagError, PayloadError, LimitError):
        return
    assert found.framing in framings
    assert (found.framing == "bare") == (found.tag is None)


def test_names_are_compared_where_both_tags_have_one() -> None:
    one, other = "shop.s41962", "shop.s55881"
    tag = Tag(schema_id(one), 3, 2, 1)
    assert schema_id(other) == tag.schema_id
    both = frozenset(("inline", "headers"))
    record = join(one, tag, b"{}")
    assert recognize(both, record, to_headers(one, tag, record), DEFAULT_LIMITS).schema == one
    with pytest.raises(TagMismatchError, match="disagree on schema"):
        recognize(both, record, to_headers(other, tag, record), DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("framings", "data", "headers", "kind", "text"),
    [
        ("envelope", b"", None, TagError, "The record is empty."),
        (
            "envelope inline",
            b"{}",
            None,
            TagError,
            (
                "The record has no tag, and this location holds envelope, inline only."
                " It is damaged, or it is from before the first tagged version: then declare that version as `bare`."
            ),
        ),
        (
            "envelope headers",
            prefix(TAG),
            to_headers("shop.order", Tag(TAG.schema_id, 4, 2, 3), b""),
            TagMismatchError,
            "The record's headers and its envelope tag disagree on version, codec.",
        ),
        (
            "bare",
            bytes(10),
            None,
            LimitError,
            "The record has 10 bytes. If such data is legitimate, raise `Limits.max_bytes` for this schema.",
        ),
    ],
)
def test_texts(framings: str, data: bytes, headers: dict[str, str] | None, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as caught:
        recognize(frozenset(framings.split()), data, headers, Limits(max_bytes=9 if framings == "bare" else 99))
    assert type(caught.value) is kind
    assert str(caught.value) == text
