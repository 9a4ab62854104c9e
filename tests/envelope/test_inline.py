from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.tags import inline_tag, payloads, schemas, tags
from versioned_serde.envelope.inline import join, joiner, split
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.errors import DeclarationError, LimitError, PayloadError, TagError, UnwritableValueError

TAG = Tag(schema_id("shop.order"), 3, 2, 1)
HEAD = b'{"$serde":{"schema":"shop.order","version":3,"min_reader":2}'


def lexical(text: bytes) -> Any:
    """JSON with objects as lists of pairs and numbers as text, so that order, duplicates and lexemes count."""
    return json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=lambda pairs: ("object", *pairs))


@given(schemas, st.data(), payloads())
def test_round_trip(schema: str, data: st.DataObject, payload: bytes) -> None:
    tag = inline_tag(data.draw(tags(schema)))
    record = join(schema, tag, payload)
    found = split(record)
    assert found is not None
    assert found[:2] == (schema, tag)
    assert lexical(found[2]) == lexical(payload)
    assert json.loads(record)["$serde"]["version"] == tag.version
    assert record.startswith(b'{"$serde":')


@given(payloads().filter(lambda payload: payload.lstrip().startswith(b"{")), st.randoms(use_true_random=False))
def test_the_members_may_be_reordered(payload: bytes, random: Any) -> None:
    members = list(lexical_members(join("shop.order", TAG, payload)))
    random.shuffle(members)
    found = split(b"{" + b" ,".join(members) + b"}")
    assert found is not None
    assert found[:2] == ("shop.order", TAG)
    assert sorted(map(repr, lexical(found[2])[1:])) == sorted(map(repr, lexical(payload)[1:]))


def lexical_members(record: bytes) -> list[bytes]:
    """The members of an object as text, by another way than the library's."""
    text, depth, quoted, start, at = record.decode(), 0, False, 1, 0
    found = []
    while at < len(text):
        letter = text[at]
        if quoted:
            at += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        if not quoted and ((letter == "," and depth == 1) or depth == 0):
            found.append(text[start:at].encode())
            start = at + 1
        at += 1
    return found


@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), st.integers(0, 62), st.integers(0, 2))
def test_random_bytes_give_a_tag_or_a_typed_error(noise: bytes, kept: int, mode: int) -> None:
    record = [HEAD[:kept] + noise, HEAD + b"," + noise + b"}", noise + b"$serde"][mode]
    try:
        found = split(record)
    except (TagError, PayloadError):
        return
    if found is not None:
        json.loads(found[2])


@given(st.integers(0, 200), st.integers(0, 7))
def test_damage_gives_a_tag_or_a_typed_error(at: int, bit: int) -> None:
    record = bytearray(join("shop.order", TAG, b'{"id":7,"$value":"\\u00e9","a":[1.10,{"b":null}]}'))
    record[at % len(record)] ^= 1 << bit
    try:
        split(bytes(record))
    except (TagError, PayloadError):
        return


def test_a_payload_without_collisions_is_not_parsed() -> None:
    assert join("shop.order", TAG, b'{"id": not json}') == HEAD + b',"id": not json}'


@pytest.mark.parametrize("payload", [b"", b"{", b"nope", b"[1", b'{"$serde":}', b"{} {}", b"\xff", b'{"\\u0024serde"}'])
def test_what_is_not_json_gets_no_tag_where_that_is_noticed(payload: bytes) -> None:
    with pytest.raises(UnwritableValueError, match="not JSON text"):
        join("shop.order", TAG, payload)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_deep_nesting(opening: bytes) -> None:
    with pytest.raises(LimitError) as caught:
        split(HEAD + b',"a":' + opening * 200_000)
    assert caught.value.limit == "max_depth"
    with pytest.raises(LimitError):
        split(HEAD[:-1] + b',"x_a":' + opening * 200_000)


def test_long_numbers_are_not_converted() -> None:
    digits = b"9" * 1_000_000
    assert split(HEAD + b',"id":' + digits + b"}") == ("shop.order", TAG, b'{"id":' + digits + b"}")
    with pytest.raises(TagError) as caught:
        split(HEAD.replace(b":3", b":" + digits) + b"}")
    assert caught.value.reason == "bad-version"


@pytest.mark.parametrize(
    "tag",
    [
        replace(TAG, codec=2),
        replace(TAG, coding=1),
        replace(TAG, checksum=True),
        replace(TAG, extensions=((2, b""),)),
        replace(TAG, version=0),
        replace(TAG, schema_id=b"abcd"),
    ],
)
def test_a_tag_that_inline_cannot_say_is_never_written(tag: Tag) -> None:
    with pytest.raises(DeclarationError):
        joiner("shop.order", tag)


def test_a_name_that_needs_escapes_is_never_written() -> None:
    with pytest.raises(DeclarationError, match=re.escape("no tag can carry that name")):
        joiner('a"b', replace(TAG, schema_id=schema_id('a"b')))


@pytest.mark.parametrize(
    ("record", "text"),
    [
        (HEAD + b',"$serde":1}', "The record has a member twice, so its tag cannot be trusted."),
        (b'{"$serde":3}', "`$serde` is not an object."),
        (b'{"$serde":{"zone":3}}', "The tag has a member that this release does not know."),
        (b'{"$serde":{"version":3}}', "The tag lacks one of schema, version and min_reader."),
        (HEAD.replace(b"3", b"true") + b"}", "The tag's version is not an integer of 1 to 2147483647."),
        (HEAD.replace(b"2}", b"4}") + b"}", "The tag's min_reader is not an integer of 1 to its version."),
        (HEAD.replace(b"2}", b'2,"mixed":false}') + b"}", "`mixed` is true or absent."),
        (HEAD.replace(b"shop.order", b"shop order") + b"}", "The tag's schema is no name of a schema."),
        (HEAD + b"]", "The record is not JSON."),
        (HEAD + b"\xff}", "The record is not UTF-8, so it is no JSON text."),
        (
            HEAD + b',"$value":1,"id":7}',
            "`$value` stands beside other members, or holds an object, which needs no wrapper.",
        ),
    ],
)
def test_texts(record: bytes, text: str) -> None:
    with pytest.raises((TagError, PayloadError)) as caught:
        split(record)
    assert str(caught.value) == text
