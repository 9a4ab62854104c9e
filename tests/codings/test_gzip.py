"""gzip: the common conformance, and what is its own."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.codings.gzip import plugin
from versioned_serde.errors import PayloadError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.testing.conformance.codings import SAMPLE, CodingConformance

CODING = plugin()


class TestConformance(CodingConformance):
    coding = CODING


@given(st.binary())
def test_others_read_it(payload: bytes) -> None:
    assert gzip.decompress(CODING.compress(payload)) == payload


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
