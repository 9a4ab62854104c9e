from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.tags import extended_tags, tags
from versioned_serde.envelope.binary import MAGIC, open_, prefix, seal
from versioned_serde.envelope.tag import MAX_VERSION, Tag, is_schema_name, schema_id
from versioned_serde.errors import ChecksumError, DeclarationError, LimitError, TagError
from versioned_serde.limits import DEFAULT_LIMITS, Limits

TAG = Tag(schema_id("shop.order"), 300, 2, 1, checksum=True)


def framed(tag: Tag, payload: bytes) -> bytes:
    record = prefix(tag) + payload
    return seal(record) if tag.checksum else record


@given(extended_tags(), st.binary(max_size=300))
def test_round_trip(tag: Tag, payload: bytes) -> None:
    assert open_(framed(tag, payload), DEFAULT_LIMITS) == (tag, payload)


@given(tags(), tags())
def test_no_prefix_begins_another(one: Tag, other: Tag) -> None:
    # So a reader may compare the beginning of a record with prefixes that it knows.
    assert one == other or not prefix(one).startswith(prefix(other))


@given(extended_tags(), st.binary(max_size=40), st.data())
def test_damage_is_noticed(tag: Tag, payload: bytes, data: st.DataObject) -> None:
    record = framed(replace(tag, checksum=True), payload)
    at = data.draw(st.integers(0, len(record) * 8 - 1))
    flipped = bytearray(record)
    flipped[at // 8] ^= 1 << at % 8
    noticed(bytes(flipped))
    with pytest.raises(TagError):
        open_(record[: data.draw(st.integers(0, len(record) - 1))], DEFAULT_LIMITS)


@pytest.mark.parametrize("tag", [TAG, replace(TAG, mixed=True, extensions=((2, b"ab"),))], ids=["plain", "extended"])
def test_every_truncation_and_every_flipped_bit_is_noticed(tag: Tag) -> None:
    record = framed(tag, b'{"id":7,"note":"hello"}')
    for size in range(len(record)):
        with pytest.raises(TagError):
            open_(record[:size], DEFAULT_LIMITS)
    for at in range(len(record) * 8):
        flipped = bytearray(record)
        flipped[at // 8] ^= 1 << at % 8
        noticed(bytes(flipped))


def noticed(flipped: bytes) -> None:
    try:
        tag, _ = open_(flipped, DEFAULT_LIMITS)
    except TagError:
        return
    # The flag that announces the checksum cannot be protected by it: readers compare it with the declaration.
    assert not tag.checksum
    assert flipped[2] & 0b10 == 0


@given(st.binary(max_size=60), st.integers(0, 11))
def test_random_bytes_give_a_tag_or_a_typed_error(noise: bytes, kept: int) -> None:
    record = prefix(TAG)[:kept] + noise
    try:
        tag, payload = open_(record, DEFAULT_LIMITS)
    except (TagError, LimitError):
        return
    assert framed(tag, payload) == record  # what is accepted has one spelling


@given(extended_tags(), st.binary(max_size=20))
def test_the_bound_on_extensions(tag: Tag, payload: bytes) -> None:
    record = framed(tag, payload)
    size = len(prefix(tag)) - len(prefix(replace(tag, extensions=())))
    if tag.extensions:
        with pytest.raises(LimitError) as caught:
            open_(record, Limits(max_extensions=0))
        assert caught.value.limit == "max_extensions"
    assert open_(record, Limits(max_extensions=size)) == (tag, payload)


@pytest.mark.parametrize(
    "tag",
    [
        replace(TAG, version=0, min_reader=0),
        replace(TAG, min_reader=0),
        replace(TAG, min_reader=301),
        replace(TAG, version=MAX_VERSION + 1),
        replace(TAG, codec=256),
        replace(TAG, coding=-1),
        replace(TAG, schema_id=b"abc"),
        replace(TAG, extensions=((4, b""), (2, b""))),
        replace(TAG, extensions=((2, b""), (2, b""))),
        replace(TAG, extensions=((-2, b""),)),
        replace(TAG, extensions=((MAX_VERSION + 1, b""),)),
    ],
)
def test_an_unreadable_tag_is_never_written(tag: Tag) -> None:
    with pytest.raises(DeclarationError):
        prefix(tag)


@pytest.mark.parametrize(
    ("record", "kind", "text"),
    [
        (b"{}", TagError, "The record does not begin with FE C1: it is no envelope, or damaged."),
        (MAGIC, TagError, "The record ends inside its tag."),
        (
            MAGIC + b"\x20",
            TagError,
            (
                "The envelope is of format 2, and this release reads format 1."
                " A newer release of versioned_serde may read it."
            ),
        ),
        (MAGIC + b"\x18", TagError, "The envelope has a flag that this release does not know."),
        (
            framed(TAG, b"7")[:-1] + b"?",
            ChecksumError,
            "The record was damaged after it was written: its CRC-32 differs.",
        ),
        (
            prefix(replace(TAG, checksum=False, extensions=((2, bytes(5000)),))),
            LimitError,
            (
                "The tag has 5003 bytes of extensions."
                " If such data is legitimate, raise `Limits.max_extensions` for this schema."
            ),
        ),
    ],
)
def test_texts(record: bytes, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as caught:
        open_(record, DEFAULT_LIMITS)
    assert type(caught.value) is kind
    assert str(caught.value) == text


def test_names_of_schemas() -> None:
    assert all(map(is_schema_name, ["a", "shop.order", "A-b_c.9", "n" * 200]))
    assert not any(map(is_schema_name, ["", "n" * 201, "a b", "a\n", "ä", "a/b", '"', "٣"]))
