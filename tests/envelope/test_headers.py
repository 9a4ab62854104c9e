from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.tags import schemas, tags
from versioned_serde.envelope.headers import NAME, from_headers, header_writer, to_headers
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.errors import ChecksumError, DeclarationError, TagError

TAG = Tag(schema_id("shop.order"), 3, 2, 1, checksum=True)
TEXT = '1;schema="shop.order";version=3;min-reader=2;codec=1;coding=0'


@given(schemas, st.data(), st.binary(max_size=100))
def test_round_trip(schema: str, data: st.DataObject, payload: bytes) -> None:
    tag = data.draw(tags(schema))
    headers = to_headers(schema, tag, payload)
    assert from_headers(headers, payload) == (schema, tag)
    assert from_headers({"a": "b", NAME.title(): headers[NAME]}, payload) == (schema, tag)
    assert headers[NAME].isascii()
    assert len(headers[NAME]) <= 1024


def test_each_call_gives_a_new_dict() -> None:
    write = header_writer("shop.order", replace(TAG, checksum=False))
    write(b"")["x"] = "y"
    assert write(b"") == {NAME: TEXT}


def test_every_flipped_bit_and_every_truncation_is_noticed() -> None:
    payload = b'{"id":7}'
    value = to_headers("shop.order", replace(TAG, mixed=True), payload)[NAME]
    for at in range(len(value) * 7):
        flipped = bytearray(value.encode())
        flipped[at // 7] ^= 1 << at % 7
        with pytest.raises(TagError):
            from_headers({NAME: flipped.decode()}, payload)
    for at in range(len(payload) * 8):
        damaged = bytearray(payload)
        damaged[at // 8] ^= 1 << at % 8
        with pytest.raises(ChecksumError):
            from_headers({NAME: value}, bytes(damaged))
    for size in range(len(value)):
        try:
            found = from_headers({NAME: value[:size]}, payload)
        except TagError:
            continue
        # Cut exactly before the checksum, or before `mixed`: readers compare the fact with the declaration.
        assert found is not None
        assert not found[1].checksum


@given(st.text(max_size=60), st.integers(0, len(TEXT)))
def test_random_text_gives_a_tag_or_a_typed_error(noise: str, kept: int) -> None:
    try:
        from_headers({NAME: TEXT[:kept] + noise}, b"")
    except TagError:
        return


@pytest.mark.parametrize("value", [TEXT + ";x-a" * 100_000, TEXT + ';x-a="' + "a;x-" * 100_000, "1" * 100_000])
def test_long_values_are_refused_at_once(value: str) -> None:
    with pytest.raises(TagError) as caught:
        from_headers({NAME: value}, b"")
    assert caught.value.reason == "malformed-tag"


@pytest.mark.parametrize(
    ("schema", "tag"),
    [
        ("shop.order", replace(TAG, extensions=((2, b""),))),
        ("shop.order", replace(TAG, min_reader=4)),
        ("shop.invoice", TAG),
        ('a";x-b="', replace(TAG, schema_id=schema_id('a";x-b="'))),
    ],
)
def test_a_tag_that_a_header_cannot_say_is_never_written(schema: str, tag: Tag) -> None:
    with pytest.raises(DeclarationError):
        header_writer(schema, tag)


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({NAME: "nonsense"}, "The header `serde-tag` is not of the form of a tag."),
        ({NAME: TEXT, "Serde-Tag": TEXT}, "There is more than one header `serde-tag`."),
        (
            {NAME: "2;v=3"},
            (
                "The header `serde-tag` is of a format that this release does not know."
                " A newer release of versioned_serde may read it."
            ),
        ),
        ({NAME: TEXT.replace("=3", "=0")}, "The tag says version 0."),
        ({NAME: TEXT.replace("=2", "=4")}, "The tag says min_reader 4 of version 3."),
        ({NAME: TEXT.replace("=1", "=256")}, "The tag's codec or coding is above 255."),
        ({NAME: TEXT + ';crc32="00000000"'}, "The record was damaged after it was written: its CRC-32 differs."),
    ],
)
def test_texts(headers: dict[str, str], text: str) -> None:
    with pytest.raises(TagError) as caught:
        from_headers(headers, b"")
    assert str(caught.value) == text
