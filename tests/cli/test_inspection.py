from __future__ import annotations

import gzip
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.shop import Order, newer, orders, registry
from versioned_serde.cli.inspection import Id, inspect
from versioned_serde.envelope.binary import prefix, seal
from versioned_serde.envelope.headers import to_headers
from versioned_serde.envelope.inline import join
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.limits import Limits

PAYLOAD = b'{"buyer":"ada"}'


def tag(**changes: Any) -> Tag:
    return replace(Tag(schema_id("shop.order"), version=3, min_reader=2, codec=1), **changes)


def test_an_envelope_without_a_registry() -> None:
    record = seal(prefix(tag(mixed=True, checksum=True, extensions=((4, b"\1\2"),))) + PAYLOAD)
    found = inspect(record)
    assert (found.understood, found.complete, found.problem, found.reason, found.guess) == (True, True, "", "", "")
    facts = found.tag
    assert facts is not None
    assert (facts.framing, facts.schema, facts.schema_id) == ("envelope", None, schema_id("shop.order").hex())
    assert (facts.version, facts.min_reader) == (3, 2)
    assert (facts.codec, facts.coding) == (Id(1, "json"), Id(0, "none"))
    assert facts.flags == ("mixed", "checksum", "extensions")
    assert (facts.checksum, facts.extensions) == ("good", {4: "0102"})
    assert facts.tag_bytes is not None
    assert facts.tag_bytes + facts.payload_bytes + 4 == len(record)
    assert facts.payload_bytes == facts.inflated_bytes == len(PAYLOAD)
    assert found.reading is None


def test_an_inline_tag_names_its_schema() -> None:
    found = inspect(join("shop.order", tag(), PAYLOAD))
    assert found.understood
    assert found.tag is not None
    assert (found.tag.framing, found.tag.schema, found.tag.tag_bytes) == ("inline", "shop.order", None)
    assert found.tag.payload_bytes == len(PAYLOAD)


@pytest.mark.parametrize("name", ["serde-tag", "Serde-Tag"])
def test_a_tag_in_a_header(name: str) -> None:
    header = to_headers("shop.order", tag(checksum=True, codec=200, coding=100), b"\xff")
    found = inspect(b"\xff", {name: header["serde-tag"], "content-type": "x"})
    assert found.understood
    assert found.tag is not None
    assert (found.tag.framing, found.tag.schema, found.tag.checksum) == ("headers", "shop.order", "good")
    assert (found.tag.codec, found.tag.coding) == (Id(200, "private"), Id(100, "not assigned"))
    assert found.tag.inflated_bytes is None
    assert found.tag.inflation == "the coding is not known here"


def test_other_headers_are_no_tag() -> None:
    found = inspect(b"x", {"content-type": "x"})
    assert (found.reason, found.guess) == ("no-tag", "text")


def test_a_bad_checksum_shows_what_the_record_seems_to_say() -> None:
    record = bytearray(seal(prefix(tag(checksum=True)) + PAYLOAD))
    record[-6] ^= 1
    header = to_headers("shop.order", tag(checksum=True), PAYLOAD)
    for found in (inspect(bytes(record)), inspect(PAYLOAD + b" ", header)):
        assert not found.understood
        assert found.reason == "bad-checksum"
        assert found.tag is not None
        assert (found.tag.version, found.tag.checksum) == (3, "bad")


def test_a_tag_that_is_damaged_beyond_its_checksum() -> None:
    record = bytearray(seal(prefix(tag(checksum=True)) + PAYLOAD))
    record[9] = 0
    found = inspect(bytes(record))
    assert (found.understood, found.reason, found.tag) == (False, "bad-checksum", None)
    assert found.guess == "an envelope of versioned_serde, damaged or of a newer format"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"", "empty"),
        (b"hello", "no-tag"),
        (b"\xfe\xc1", "truncated"),
        (b"\xfe\xc1\x20" + bytes(20), "unknown-format"),
        (b"\xfe\xc1\x18" + bytes(20), "unknown-flag"),
        (b'{"$serde":1}', "malformed-tag"),
        (b'{"$serde":1', "no-tag"),
    ],
)
def test_what_is_not_understood_has_the_reason_of_the_specification(record: bytes, reason: str) -> None:
    found = inspect(record)
    assert (found.understood, found.reason, found.tag) == (False, reason, None)
    assert found.problem
    assert found.guess


def test_a_record_above_the_bound_is_not_read() -> None:
    found = inspect(b"\xfe\xc1" + bytes(99), limits=Limits(max_bytes=100), registry=registry)
    assert (found.understood, found.complete, found.reason, found.reading) == (False, False, "too-large", None)
    assert found.problem == "It is larger than the bound of 100 bytes for a record."


def test_a_coded_payload_is_inflated() -> None:
    found = inspect(prefix(tag(coding=1)) + gzip.compress(PAYLOAD * 100))
    assert found.understood
    assert found.tag is not None
    assert found.tag.coding == Id(1, "gzip")
    assert (found.tag.inflated_bytes, found.tag.inflation) == (len(PAYLOAD) * 100, "")


def test_inflation_is_bounded() -> None:
    bomb = prefix(tag(coding=1)) + gzip.compress(bytes(2_000_000))
    found = inspect(bomb, limits=Limits(max_inflated=1_000_000))
    assert not found.understood
    assert found.tag is not None
    assert found.tag.inflated_bytes is None
    assert "max_inflated" in found.problem


def test_a_coded_payload_that_is_damaged_is_a_problem() -> None:
    found = inspect(prefix(tag(coding=1)) + PAYLOAD)
    assert not found.understood
    assert found.tag is not None
    assert found.problem == found.tag.inflation != ""


def test_a_coding_that_is_not_installed_is_no_fault_of_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "versioned_serde.codings.lz4", raising=False)
    monkeypatch.setitem(sys.modules, "lz4", None)
    monkeypatch.setitem(sys.modules, "lz4.frame", None)
    found = inspect(prefix(tag(coding=3)) + PAYLOAD)
    assert found.understood
    assert found.tag is not None
    assert found.tag.inflated_bytes is None
    assert "lz4" in found.tag.inflation


def test_a_registry_shows_the_value_and_what_it_does_not_understand() -> None:
    found = inspect(newer.dumps(Order("ada", 3, "ring")), registry=registry)
    assert found.understood
    assert found.tag is not None
    assert found.tag.schema == "shop.order"
    reading = found.reading
    assert reading is not None
    assert (reading.schema, reading.versions, reading.version) == ("shop.order", (1, 2), 3)
    assert (reading.why_not, reading.value) == ("", "OldOrder(buyer='ada', total=3)")
    assert [(each.path, each.held, each.data) for each in reading.unknown] == [("gift", "json", b'"ring"')]


def test_a_registry_says_why_it_cannot_read() -> None:
    found = inspect(prefix(tag(version=3, min_reader=3)) + PAYLOAD, registry=registry)
    assert not found.understood
    assert found.tag is not None
    assert found.reading is not None
    assert found.reading.value == ""
    assert found.reading.why_not == (
        "shop.order version 3: The record needs a reader of version 3 or newer. This process reads 1, 2. "
        "Deploy a release that lists version 3, or roll its writers back; do not overwrite it."
    )


def test_a_schema_that_the_registry_lacks() -> None:
    record = prefix(tag(schema_id=schema_id("other"))) + PAYLOAD
    for found, why_not in (
        (inspect(record, registry=registry), f"The registry has no schema with the id {schema_id('other').hex()}."),
        (inspect(record, registry=registry, schema="other"), "The registry has no schema `other`."),
        (inspect(record, registry=registry, schema="shop.heartbeat"), "The registry has no schema `shop.heartbeat`."),
        (inspect(PAYLOAD, registry=registry), "Nothing says of which schema it is; name one with --schema."),
    ):
        assert not found.understood
        assert found.reading is not None
        assert found.reading.why_not == why_not


def test_a_bare_record_needs_its_schema() -> None:
    found = inspect(PAYLOAD, registry=registry, schema="shop.order")
    assert (found.understood, found.problem, found.guess, found.tag) == (True, "", "", None)
    assert found.reading is not None
    assert (found.reading.version, found.reading.value) == (1, "OldOrder(buyer='ada', total=0)")


def test_a_bug_of_the_service_is_named_and_not_shown() -> None:
    found = inspect(PAYLOAD, registry=registry, schema="shop.failing")
    assert not found.understood
    assert found.reading is not None
    assert "KeyError" in found.reading.why_not
    assert "a bug of the service" not in found.reading.why_not


def test_what_no_plug_in_should_raise_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(orders, "read", fail)
    found = inspect(PAYLOAD, registry=registry, schema="shop.order")
    assert not found.understood
    assert found.reading is not None
    assert found.reading.why_not == "The service's own code failed with ZeroDivisionError."


def test_long_values_are_cut() -> None:
    record = orders.dumps(orders.model("a" * 1_000_000, 1))
    reading = inspect(record, registry=registry).reading
    assert reading is not None
    assert reading.why_not == ""
    assert len(reading.value) < 3_000


def test_unknown_attributes_are_bounded() -> None:
    members = b",".join(b'"x%d":%d' % (number, number) for number in range(60))
    start = prefix(tag(version=2, mixed=True, checksum=True))
    reading = inspect(seal(start + b'{"buyer":"ada",%b}' % members), registry=registry).reading
    assert reading is not None
    assert reading.why_not == ""
    assert (len(reading.unknown), reading.more_unknown) == (50, 10)


heads = st.sampled_from([b"", b"\xfe\xc1", prefix(tag()), prefix(tag(checksum=True)), b'{"$serde":', b"\x1f\x8b"])
header_values = st.text(max_size=20) | st.just('1;schema="shop.order";version=1;min-reader=1;codec=1;coding=1')


@given(heads, st.binary(max_size=60), st.none() | header_values, st.sampled_from([None, "shop.order", "shop.inline"]))
def test_any_bytes_are_described(head: bytes, rest: bytes, header: str | None, schema: str | None) -> None:
    headers = None if header is None else {"serde-tag": header}
    with_registry = inspect(head + rest, headers, registry, schema)
    alone = inspect(head + rest, headers)
    assert alone.reading is None
    assert with_registry.reading is not None
    for found in (alone, with_registry):
        assert found.understood or found.problem or (found.reading and found.reading.why_not)


@given(st.integers(0, 200), st.integers(0, 255))
def test_a_damaged_record_is_described(at: int, byte: int) -> None:
    record = bytearray(newer.dumps(Order("ada", 3, "ring")))
    record[at % len(record)] = byte
    inspect(bytes(record), None, registry)
