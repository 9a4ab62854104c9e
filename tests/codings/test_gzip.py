"""gzip: the common conformance, and what is its own."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.codings.conformance import SAMPLE, check_bomb, check_damage, check_hostile, check_round_trip
from versioned_serde.codings.gzip import plugin
from versioned_serde.errors import PayloadError
from versioned_serde.limits import DEFAULT_LIMITS

CODING = plugin()


@given(st.binary() | st.binary(max_size=20).map(lambda part: part * 500))
def test_round_trip(payload: bytes) -> None:
    check_round_trip(CODING, payload)
    assert gzip.decompress(CODING.compress(payload)) == payload


def test_damage() -> None:
    check_damage(CODING)


@given(st.binary() | st.binary().map(lambda rest: CODING.compress(SAMPLE)[:10] + rest))
def test_any_bytes(data: bytes) -> None:
    check_hostile(CODING, data)


def test_bomb() -> None:
    check_bomb(CODING, gzip.compress(bytes(100_000_000)))


def test_there_is_no_time_stamp_and_no_name() -> None:
    assert CODING.compress(SAMPLE)[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


def test_zlib_and_raw_deflate_are_not_gzip() -> None:
    for bits in (15, -15):
        compressor = zlib.compressobj(wbits=bits)
        with pytest.raises(PayloadError, match=r"^The payload is not gzip, or it was damaged\.$"):
            CODING.inflate(compressor.compress(SAMPLE) + compressor.flush(), DEFAULT_LIMITS)


def test_refusals_say_what() -> None:
    data = CODING.compress(SAMPLE)
    with pytest.raises(PayloadError, match=r"^The gzip payload is cut off\.$"):
        CODING.inflate(data[:-1], DEFAULT_LIMITS)
    with pytest.raises(PayloadError, match=r"^There are bytes after the gzip payload\.$"):
        CODING.inflate(data + data, DEFAULT_LIMITS)
