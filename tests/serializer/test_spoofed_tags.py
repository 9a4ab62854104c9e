"""Tags that say what they must not: each is refused, on every way of reading, and never gives a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pydantic
import pytest

from versioned_serde import LimitError, Schema, TagError, UnreadableVersionError, UnwritableValueError, Version, add
from versioned_serde.envelope.binary import prefix, seal, uvarint
from versioned_serde.envelope.headers import NAME, to_headers
from versioned_serde.envelope.inline import join
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.errors import PayloadError, ReadError, TagMismatchError
from versioned_serde.testing.laws import refusal

SCHEMA = "shop.order"


class Order(pydantic.BaseModel, extra="allow"):
    buyer: str
    note: str | None = None


def schema_of(*framings: Any, name: str = SCHEMA, **line: Any) -> Schema[Any]:
    """Versions 3, which is for readers of 2 and newer, 4, which adds an attribute, and one for each framing more."""
    first, *others = framings
    versions = [Version(3, codec="json", framing=first, min_reader=2, **line), Version(4, add("note"))]
    versions += [Version(number, framing=framing) for number, framing in enumerate(others, 5)]
    return Schema(name, Order, *versions, writes=versions[-1].number)


PLAIN = schema_of("envelope", checksum=False)
CHECKED = schema_of("envelope", checksum=True)
INLINE = schema_of("inline")
HEADERS = schema_of("headers", checksum=False)
SUMMED = schema_of("headers", checksum=True)
PAYLOAD = b'{"buyer":"ada"}'
TAG = PLAIN.lines[1].tag()
WINDOW = 100


def reason(schema: Schema[Any], data: bytes, headers: Mapping[str, str] | None = None) -> str | None:
    """The word for the refusal, or the error's name; None for a value."""
    error = refusal(schema, data, headers)
    if headers is None:
        # The way of the newest version's records, which `refusal` does not take.
        (other,) = schema.loads_many([data], errors="collect")
        assert isinstance(other, ReadError) == (error is not None)
        if error is not None:
            assert str(other) == str(error.inside("[0]"))
    return error.reason if isinstance(error, TagError) else None if error is None else type(error).__name__


def in_all_framings(tag: Tag) -> list[str | None]:
    """What becomes of a tag in an envelope, inline, and in a header."""
    header = to_headers(SCHEMA, tag, PAYLOAD)
    return [
        reason(PLAIN, prefix(tag) + PAYLOAD),
        reason(INLINE, join(SCHEMA, tag, PAYLOAD)),
        reason(HEADERS, PAYLOAD, header),
    ]


def test_the_tag_that_is_declared_is_believed() -> None:
    assert in_all_framings(TAG) == [None] * 3


# --- An inner tag against an outer one

CHANGES: list[dict[str, Any]] = [{"version": 3}, {"min_reader": 1}, {"mixed": True}, {"version": 4 + WINDOW}]


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("outer", [True, False])
def test_a_header_against_the_inline_tag_in_the_payload(change: dict[str, Any], outer: bool) -> None:
    both = schema_of("inline", "headers")
    other = replace(TAG, **change)
    within, beside = (TAG, other) if outer else (other, TAG)
    record = join(SCHEMA, within, PAYLOAD)
    assert reason(both, record, to_headers(SCHEMA, beside, record)) == "tags-disagree"


@pytest.mark.parametrize("change", [*CHANGES, {"codec": 2}, {"coding": 1}, {"schema_id": b"else"}], ids=str)
@pytest.mark.parametrize("outer", [True, False])
def test_a_header_against_the_envelope_that_is_the_payload(change: dict[str, Any], outer: bool) -> None:
    both = schema_of("envelope", "headers", checksum=False)
    other = replace(TAG, **change)
    within, beside = (TAG, other) if outer else (other, TAG)
    if outer and "schema_id" in change:
        beside = replace(TAG, schema_id=schema_id("shop.other"))
    record = prefix(within) + PAYLOAD
    name = SCHEMA if beside.schema_id == TAG.schema_id else "shop.other"
    assert reason(both, record, to_headers(name, beside, record)) == "tags-disagree"


def test_two_tags_that_agree_are_those_of_one_record() -> None:
    both = schema_of("inline", "headers")
    record = join(SCHEMA, TAG, PAYLOAD)
    assert reason(both, record, to_headers(SCHEMA, TAG, record)) is None
    newest = both.lines[-1].tag()
    inlined = join(SCHEMA, newest, PAYLOAD)
    # The version's records have no inline tag, whatever a header says.
    assert reason(both, inlined, to_headers(SCHEMA, newest, inlined)) == "differs-from-declaration"


def test_a_value_cannot_bring_a_tag_of_its_own() -> None:
    # Beside inline tags it would be read as one, and be gone or make the record unreadable.
    both = schema_of("inline", "headers")
    facts = {"schema": SCHEMA, "version": 5, "min_reader": 5, "mixed": True}
    for brought in (facts, 1):
        value = Order.model_validate({"buyer": "ada", "$serde": brought})
        with pytest.raises(UnwritableValueError, match="is named `\\$serde`") as caught:
            both.pack(value)
        assert caught.value.version == 5
        document = both.read(*both.pack(Order(buyer="ada")))
        document.set(value)
        with pytest.raises(UnwritableValueError):
            both.write_packed(document)
        for alone in (INLINE, HEADERS, PLAIN):
            assert alone.unpack(*alone.pack(value)) == value
    within = Order.model_validate({"buyer": "$serde", "inner": {"$serde": facts}, "$$serde": 1})
    assert both.unpack(*both.pack(within)) == within


# --- A schema of another kind


def test_the_tag_of_another_schema() -> None:
    other = replace(TAG, schema_id=schema_id("shop.other"))
    assert reason(PLAIN, prefix(other) + PAYLOAD) == "wrong-schema"
    assert reason(INLINE, join("shop.other", other, PAYLOAD)) == "wrong-schema"
    assert reason(HEADERS, PAYLOAD, to_headers("shop.other", other, PAYLOAD)) == "wrong-schema"


def test_another_schema_whose_id_is_the_same() -> None:
    one, other = "shop.s41962", "shop.s55881"
    tag = replace(TAG, schema_id=schema_id(one))
    assert reason(schema_of("inline", name=other), join(one, tag, PAYLOAD)) == "wrong-schema"
    assert (
        reason(schema_of("headers", name=other, checksum=False), PAYLOAD, to_headers(one, tag, PAYLOAD))
        == "wrong-schema"
    )
    # An envelope has no name: the payload is then held against the shape.
    assert reason(schema_of("envelope", name=other, checksum=False), prefix(tag) + b'{"amount":1}') == "PayloadError"


# --- A forged version or min_reader


@pytest.mark.parametrize(
    ("version", "min_reader", "expected"),
    [
        (3, 2, None),  # another listed version: its codec checks the payload, and it is not more than a claim
        (2, 2, "UnreadableVersionError"),  # not listed any more
        (5, 2, None),
        (4 + WINDOW, 2, None),
        (5 + WINDOW, 2, "UnreadableVersionError"),
        (2**31 - 1, 2, "UnreadableVersionError"),
        (5, 5, "UnreadableVersionError"),
        (5, 3, "differs-from-declaration"),
        (4, 1, "differs-from-declaration"),
        (4, 3, "differs-from-declaration"),
        (4, 4, "differs-from-declaration"),
        (5 + WINDOW, 1, "UnreadableVersionError"),
    ],
)
def test_a_forged_version_or_min_reader(version: int, min_reader: int, expected: str | None) -> None:
    tag = replace(TAG, version=version, min_reader=min_reader)
    assert in_all_framings(tag) == [expected] * 3
    error = refusal(PLAIN, prefix(tag) + PAYLOAD)
    if isinstance(error, UnreadableVersionError):
        assert (error.version, error.known_versions) == (version, (3, 4))


@pytest.mark.parametrize(
    ("version", "min_reader", "expected"),
    [
        (0, 0, "bad-version"),
        (0, 1, "bad-version"),
        (4, 0, "bad-min-reader"),
        (4, 5, "bad-min-reader"),
        (4, 2**31 - 1, "bad-min-reader"),
        (2**31, 2, "bad-version"),
    ],
)
def test_numbers_that_no_tag_has(version: int, min_reader: int, expected: str) -> None:
    start = prefix(TAG)[:9]
    expected_of_envelope = "bad-varint" if version == 2**31 else expected
    assert reason(PLAIN, start + uvarint(version) + uvarint(min_reader) + PAYLOAD) == expected_of_envelope
    text = b'{"$serde":{"schema":"shop.order","version":%d,"min_reader":%d},"buyer":"ada"}'
    assert reason(INLINE, text % (version, min_reader)) == expected
    header = to_headers(SCHEMA, TAG, b"")[NAME].replace("version=4", f"version={version}")
    assert reason(HEADERS, PAYLOAD, {NAME: header.replace("min-reader=2", f"min-reader={min_reader}")}) == expected


@pytest.mark.parametrize("version", ["-1", "4.0", "true", '"4"', "null", "[4]", "{}", "4e0", "9" * 5_000])
def test_versions_that_are_no_integers(version: str) -> None:
    text = f'{{"$serde":{{"schema":"shop.order","version":{version},"min_reader":1}},"buyer":"ada"}}'
    assert reason(INLINE, text.encode()) == "bad-version"
    header = to_headers(SCHEMA, TAG, b"")[NAME].replace("version=4", f"version={version}")
    assert reason(HEADERS, PAYLOAD, {NAME: header}) in {"malformed-tag", "bad-version"}


# --- Flags that differ from the declaration


def test_mixed_is_a_flag_of_the_record_and_not_of_its_version() -> None:
    assert in_all_framings(replace(TAG, mixed=True)) == [None] * 3
    assert reason(INLINE, join(SCHEMA, replace(TAG, mixed=True), PAYLOAD).replace(b"true", b"false")) == "malformed-tag"


def test_mixed_does_not_make_undeclared_attributes_of_another_version_known() -> None:
    bare = Schema(
        "shop.bare", Order, Version(1, codec="json", framing="bare"), Version(2, framing="envelope"), writes=2
    )
    tag = replace(bare.lines[0].tag(mixed=True), checksum=True)
    assert reason(bare, seal(prefix(tag) + PAYLOAD)) == "differs-from-declaration"


def test_a_checksum_that_was_taken_away_or_added() -> None:
    bare = replace(CHECKED.lines[1].tag(), checksum=False)
    assert reason(CHECKED, prefix(bare) + PAYLOAD) == "differs-from-declaration"
    assert reason(PLAIN, seal(prefix(replace(TAG, checksum=True)) + PAYLOAD)) == "differs-from-declaration"
    assert reason(SUMMED, PAYLOAD, to_headers(SCHEMA, TAG, PAYLOAD)) == "differs-from-declaration"
    assert (
        reason(HEADERS, PAYLOAD, to_headers(SCHEMA, replace(TAG, checksum=True), PAYLOAD)) == "differs-from-declaration"
    )


@pytest.mark.parametrize("change", [{"codec": 2}, {"codec": 200}, {"coding": 1}, {"coding": 255}], ids=str)
def test_another_codec_or_coding_than_the_version_has(change: dict[str, Any]) -> None:
    other = replace(TAG, **change)
    assert reason(PLAIN, prefix(other) + PAYLOAD) == "differs-from-declaration"
    assert reason(HEADERS, PAYLOAD, to_headers(SCHEMA, other, PAYLOAD)) == "differs-from-declaration"


def test_the_framing_of_another_version() -> None:
    both = schema_of("inline", "envelope")
    assert reason(both, prefix(TAG) + PAYLOAD) == "differs-from-declaration"
    assert (
        reason(both, join(SCHEMA, replace(both.lines[-1].tag(), checksum=False), PAYLOAD)) == "differs-from-declaration"
    )


# --- What must be understood


@pytest.mark.parametrize("first", [0x18, 0x19, 0x1F, 0x00, 0x20, 0xF0])
def test_an_unknown_bit_or_format(first: int) -> None:
    start = prefix(TAG)
    forged = start[:2] + bytes([first]) + start[3:] + PAYLOAD
    assert reason(PLAIN, forged) == ("unknown-flag" if first >> 4 == 1 else "unknown-format")


def test_extensions_are_ignored_or_refused_by_their_type() -> None:
    def extended(*extensions: tuple[int, bytes]) -> bytes:
        return prefix(replace(TAG, extensions=extensions)) + PAYLOAD

    assert reason(PLAIN, extended((0, b""), (2, b"x" * 100), (2**31 - 2, b"y"))) is None
    assert reason(PLAIN, extended((1, b""))) == "unknown-extension"
    assert reason(PLAIN, extended((2, b"x"), (2**31 - 1, b"y"))) == "unknown-extension"
    assert reason(PLAIN, extended((2, b"x" * 4_090))) is None
    assert isinstance(refusal(PLAIN, extended((2, b"x" * 4_096))), LimitError)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (b"\x00", "bad-extensions"),
        (b"\x04\x04\x00\x02\x00", "bad-extensions"),  # out of order
        (b"\x04\x02\x00\x02\x00", "bad-extensions"),  # twice
        (b"\x02\x02\x01", "bad-extensions"),  # overruns the block
        (b"\x01\x02", "bad-extensions"),
        (b"\x03\x82\x00\x00", "bad-varint"),
        (b"\x03\x02\x80\x00", "bad-varint"),
        (b"\x82\x00\x02\x00", "bad-varint"),
        (b"\x82\x80\x80\x80\x80\x00\x02\x00", "bad-varint"),
        (b"\xff\x1f" + b"\x02\x00", "truncated"),
    ],
)
def test_malformed_extensions(block: bytes, expected: str) -> None:
    start = prefix(TAG)
    assert reason(PLAIN, start[:2] + bytes([start[2] | 4]) + start[3:] + block + PAYLOAD) == expected


@pytest.mark.parametrize(
    "numbers", [b"\x84\x00\x02", b"\x04\x82\x00", b"\x84\x80\x80\x80\x00\x02", b"\xff\xff\xff\xff\x08\x02"]
)
def test_numbers_that_are_not_in_their_one_form(numbers: bytes) -> None:
    assert reason(PLAIN, prefix(TAG)[:9] + numbers + PAYLOAD) == "bad-varint"


@pytest.mark.parametrize("old", ["version=4", "min-reader=2", "codec=1", "coding=0"])
def test_numbers_of_a_header_that_are_not_in_their_one_form(old: str) -> None:
    name, number = old.split("=")
    for other in (f"0{number}", f"+{number}", f" {number}", f"{number}.0", f'"{number}"', "", "٤"):
        header = to_headers(SCHEMA, TAG, b"")[NAME].replace(old, f"{name}={other}")
        assert reason(HEADERS, PAYLOAD, {NAME: header}) == "malformed-tag"


# --- Names that occur twice, or in disguise

INLINE_TAG = '"$serde":{"schema":"shop.order","version":4,"min_reader":2}'
OTHER_TAG = INLINE_TAG.replace('"version":4', '"version":3')


@pytest.mark.parametrize(
    "text",
    [
        f'{{{INLINE_TAG},{INLINE_TAG},"buyer":"ada"}}',
        f'{{{INLINE_TAG},"buyer":"ada",{OTHER_TAG}}}',
        f'{{{INLINE_TAG},{OTHER_TAG.replace("$serde", "u0024serde")},"buyer":"ada"}}'.replace('"u0024', '"\\u0024'),
        f'{{{OTHER_TAG.replace("$serde", "$s0065rde")},{INLINE_TAG},"buyer":"ada"}}'.replace("$s0065", "$s\\u0065"),
        f'{{{INLINE_TAG},"buyer":"ada","buyer":"eve"}}',
        f'{{{INLINE_TAG},"buyer":"ada","b\\u0075yer":"eve"}}',
        f'{{{INLINE_TAG},"buyer":"ada","gift":1,"gift":1}}',
        f'{{{INLINE_TAG.replace("{", "{" + chr(34) + "version" + chr(34) + ":4,", 1)},"buyer":"ada"}}',
        f'{{{INLINE_TAG[:-1]},"x_a":1,"x_a":1}},"buyer":"ada"}}',
        f'{{{INLINE_TAG[:-1]},"x_a":{{"b":1,"b":2}}}},"buyer":"ada"}}',
        f'{{{INLINE_TAG[:-1]},"x_a":[{{"b":1,"\\u0062":2}}]}},"buyer":"ada"}}',
    ],
)
def test_a_name_that_occurs_twice_beside_or_in_the_tag(text: str) -> None:
    assert reason(INLINE, text.encode()) == "duplicate-member"


@pytest.mark.parametrize(
    "text",
    [
        '"gift":{"a":1,"a":2}',
        '"gift":[[{"a":1,"b":{"c":1,"\\u0063":2}}]]',
        '"$kept":[{"step":"a","step":"b"}]',
        '"buyer":{"a":1,"a":2}',
    ],
)
def test_a_name_that_occurs_twice_anywhere_in_the_payload(text: str) -> None:
    buyer = "" if "buyer" in text else '"buyer":"ada",'
    assert reason(INLINE, f"{{{INLINE_TAG},{buyer}{text}}}".encode()) == "PayloadError"


def test_a_reserved_name_in_disguise_is_the_reserved_name() -> None:
    hidden = f'{{{INLINE_TAG.replace("$serde", "U0024serde")},"buyer":"ada"}}'.replace("U0024", "\\u0024")
    assert reason(INLINE, hidden.encode()) is None
    wrong = hidden.replace('"version":4', '"version":0')
    assert reason(INLINE, wrong.encode()) == "bad-version"
    assert reason(HEADERS, wrong.encode(), to_headers(SCHEMA, TAG, b"")) is None  # no inline tag is declared there
    escaped = f'{{{INLINE_TAG},"buyer":"ada","\\u0024$serde":7}}'
    assert INLINE.loads(escaped.encode()) == Order.model_validate({"buyer": "ada", "$serde": 7})


@pytest.mark.parametrize(
    "text", [f'{{{INLINE_TAG},"$value":1,"buyer":"ada"}}', f'{{{INLINE_TAG},"$value":{{"buyer":"ada"}}}}']
)
def test_a_wrapper_where_none_belongs(text: str) -> None:
    assert reason(INLINE, text.encode()) == "bad-wrapper"


@pytest.mark.parametrize("member", ['"checksum":true', '"codec":2', '"Version":9', '"x":1', '"min-reader":1', '"":0'])
def test_a_member_of_the_tag_that_must_be_understood(member: str) -> None:
    assert reason(INLINE, f'{{{INLINE_TAG[:-1]},{member}}},"buyer":"ada"}}'.encode()) == "unknown-member"


def test_two_headers_of_the_name() -> None:
    header = to_headers(SCHEMA, TAG, b"")[NAME]
    assert reason(HEADERS, PAYLOAD, {NAME: header, NAME.upper(): header}) == "duplicate-header"


@pytest.mark.parametrize(
    "more", [";mixed;mixed", ";version=3", ";codec=2", ";extensions", ";x-A=1", '"', "\n", ";x-a=1\r\nx: y"]
)
def test_what_a_header_cannot_say(more: str) -> None:
    header = to_headers(SCHEMA, TAG, b"")[NAME] + more
    assert reason(HEADERS, PAYLOAD, {NAME: header}) == "malformed-tag"


def test_errors_are_of_the_documented_kinds() -> None:
    mismatch = refusal(PLAIN, prefix(replace(TAG, codec=2)) + PAYLOAD)
    assert isinstance(mismatch, TagMismatchError)
    assert isinstance(refusal(INLINE, f"{{{INLINE_TAG}".encode()), PayloadError)
