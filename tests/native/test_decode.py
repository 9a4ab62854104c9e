"""Reading without a tree and reading by one, held together: the same values, errors and counts for every payload."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.native.classes import any_model, any_value
from tests.native.mutated import FORMATS, mutated
from tests.native.pairs import needs_native
from tests.native.readings import check, decoder
from versioned_serde import Schema, Version
from versioned_serde.errors import KeylessListWarning
from versioned_serde.limits import Limits
from versioned_serde.testing.drawing import values
from versioned_serde.testing.histories import Nested
from versioned_serde.testing.releases import KINDS, Release
from versioned_serde.testing.strategies import histories, sources

pytestmark = needs_native
EACH = 50
"""Payloads for each made-up model."""


@pytest.fixture(autouse=True)
def _without_keys() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)
        yield


def plain(model: Any, codec: str, **more: Any) -> Schema[Any]:
    return Schema("read.both", model, Version(1, codec=codec, framing="envelope", checksum=False), **more)


@pytest.mark.parametrize("codec", FORMATS)
@given(seed=st.integers(0, 2**64))
def test_any_payload_of_any_model(codec: str, seed: int) -> None:
    random = Random(seed)
    model = any_model(random, 2)
    schema = plain(model, codec)
    assert decoder(schema) is not None
    for _ in range(5):
        record = schema.dumps(any_value(random, model))
        start = len(schema.lines[-1].start or b"")
        check(schema, record)
        for _ in range(EACH // 5):
            check(schema, record[:start] + mutated(random, FORMATS[codec], record[start:]))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), random=sources())
def test_made_up_schemas(kind: str, data: st.DataObject, random: Any) -> None:
    history = data.draw(histories(kind, codecs=tuple(FORMATS)))
    release = Release(history, history.newest, history.newest, kind)
    root = Nested(history.root)
    for _ in range(3):
        payload, headers = release.schema.pack(
            release.memory(root, values(random, history.root, history.newest, history.keyed))
        )
        check(release.schema, payload, headers)
        if (start := release.schema.lines[-1].start) is not None and release.schema.lines[-1].coding is None:
            form = FORMATS[release.schema.lines[-1].codec.name]
            check(release.schema, start + mutated(Random(0), form, payload[len(start) :]))


class Numbers(pydantic.BaseModel):
    a: float = 1.0
    b: int = 1
    c: str = ""
    d: list[float] = []
    e: dict[str, int] = {}


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        (b'{"a":0.0,"b":-0,"c":"-0,"}', False),
        (b'{"a":1.0,"b":-0,"c":"-0,"}', True),
        (b'{"a":0.0,"b":5,"c":"2024-01-01 -0.5 a-0"}', True),
        (b'{"a":-0}', False),
        (b'{"a":-0.0}', True),
        (b'{"d":[1,-0]}', False),
        (b'{"d":[1,-0 ,2]}', False),
        (b'{"a":' + b"1" * 300 + b"}", True),
        (b'{"a":0.' + b"1" * 637 + b"}", True),
        (b'{"a":0.' + b"1" * 639 + b"}", False),
        (b'{"c":"' + b"1" * 641 + b'"}', False),
        (b'{"c":"' + b"1" * 320 + b" " + b"1" * 600 + b'"}', True),
        (b'{"b":' + b"9" * 640 + b"}", True),
        (b'{"b":' + b"9" * 641 + b"}", False),
        (b'{"c":"' + b"x" * 5000 + b'","b":' + b"9" * 641 + b"}", False),
        (b'{"b":1,"b":1}', False),
        (b'{"b":1,"\\u0062":1}', False),
        (b'{"c":"","c":"x"}', False),
        (b'{"e":{"k":1,"k":1}}', False),
        (b'{"e":{"k":1,"\\\\":1,"\\"":1}}', True),
        (b'{"c":"' + b'\\"' * 300 + b'"}', True),
        (b'{"c":"' + b'"' * 2 + b'"}', False),
        (b'{"c":"\\ud800"}', False),
        (b'{"zz":1}', False),
        (b'{"b":1.0}', False),
        (b"{}", True),
        (b'{"e":{' + b",".join(b'"%d":1' % index for index in range(300)) + b"}}", True),
    ],
)
def test_what_the_parser_reads_in_another_manner(text: bytes, at_once: bool) -> None:
    schema = plain(Numbers, "json")
    assert check(schema, (schema.lines[-1].start or b"") + text) is at_once


@pytest.mark.parametrize(
    ("payload", "at_once"),
    [
        (b"\x82\xa1b\x01\xa1b\x01", False),
        (b"\x81\xa1e\x82\xa1k\x01\xa1k\x01", False),
        (b"\xde\x00\x02\xa1b\x01\xa1c\xd9\x01x", True),
        (b"\xdf\x00\x00\x00\x02\xa1b\x01\xa1c\xda\x00\x01x", True),
        (b"\x81\xa1c\xdb\x00\x00\x00\x01x", True),
        (b"\x81\xa1a\xca\x3f\xc0\x00\x00", True),
        (b"\x81\xa1a\x05", True),
        (b"\x81\xa1a\xcf\x00\x20\x00\x00\x00\x00\x00\x01", False),
        (b"\x81\xa1a\xcb\x43\x40\x00\x00\x00\x00\x00\x00", False),
        (b"\x81\xa1d\xdc\x00\x01\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00", True),
        (b"\x81\xa1b\xd3\x00\x00\x00\x00\x00\x00\x00\x07", True),
        (b"\x81\xa1b\xa17", False),
        (b"\x81\xa1b\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00", False),
        (b"\x81\xc4\x01b\x01", False),
        (b"\x80", True),
    ],
)
def test_what_messagepack_can_say_in_several_ways(payload: bytes, at_once: bool) -> None:
    schema = plain(Numbers, "msgpack")
    assert check(schema, (schema.lines[-1].start or b"") + payload) is at_once


class Rich(pydantic.BaseModel):
    a: Decimal | None = None
    b: datetime | None = None
    c: bytes = b""
    d: UUID | None = None


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        (b'{"a":"1.10"}', True),
        (b'{"a":1.10}', False),
        (b'{"a":"NaN"}', False),
        (b'{"a":"1_0"}', False),
        (b'{"b":"2024-02-29T01:02:03Z"}', True),
        (b'{"b":"2024-02-29 01:02:03"}', False),
        (b'{"c":"YQ=="}', True),
        (b'{"c":"YQ"}', False),
        (b'{"d":"123456781234567812345678123456 78"}', False),
        (b'{"d":"12345678-1234-5678-1234-567812345678"}', True),
    ],
)
def test_texts_are_read_as_they_always_are(text: bytes, at_once: bool) -> None:
    schema = plain(Rich, "json")
    assert check(schema, (schema.lines[-1].start or b"") + text) is at_once


def test_the_bounds_of_numbers_are_those_of_the_schema() -> None:
    schema = plain(Numbers, "json", limits=Limits(max_digits=30))
    start = schema.lines[-1].start or b""
    for count in range(27, 34):
        for sign in (b"", b"-"):
            for text in (b'{"b":%b}' % (sign + b"9" * count), b'{"a":%b.5}' % (sign + b"9" * count)):
                check(schema, start + text)


def test_a_long_number_anywhere() -> None:
    schema = plain(Numbers, "json")
    start = schema.lines[-1].start or b""
    for before in (*range(0, 660, 7), *range(620, 640)):
        assert not check(schema, start + b'{"c":"%b","b":%b}' % (b"x" * before, b"9" * 641))
        assert check(schema, start + b'{"c":"%b","b":%b}' % (b"x" * before, b"9" * 640))


def test_an_interrupt_is_passed_on() -> None:
    decode = pytest.importorskip("versioned_serde.native.decode")

    def interrupt(*_: Any) -> Any:
        raise KeyboardInterrupt

    made: Any = decode.Decoder(interrupt, decode.leaf("plain"), True, 640, 1_000)
    with pytest.raises(KeyboardInterrupt):
        made.decode(b"1")
