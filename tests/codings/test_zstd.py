"""zstd: the common conformance, and what is its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.codings.conformance import SAMPLE, check_bomb, check_damage, check_hostile, check_round_trip
from versioned_serde.codings.zstd import plugin
from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import DEFAULT_LIMITS, Limits

CODING = plugin()


def unsized(payload: bytes, window_log: int = 20) -> bytes:
    """A frame that does not say its content size, as streams are written."""
    settings = zstandard.ZstdCompressionParameters(window_log=window_log)
    stream = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    return stream.compress(payload) + stream.flush()


@given(st.binary() | st.binary(max_size=20).map(lambda part: part * 500))
def test_round_trip(payload: bytes) -> None:
    check_round_trip(CODING, payload)
    assert CODING.inflate(unsized(payload), Limits(max_inflated=len(payload))) == payload


def test_damage() -> None:
    check_damage(CODING)


@given(st.binary() | st.binary().map(lambda rest: CODING.compress(SAMPLE)[:6] + rest))
def test_any_bytes(data: bytes) -> None:
    check_hostile(CODING, data)


def test_bombs() -> None:
    zeros = bytes(100_000_000)
    check_bomb(CODING, zstandard.ZstdCompressor().compress(zeros))
    check_bomb(CODING, unsized(zeros))


def test_a_frame_of_more_than_it_says_is_refused() -> None:
    # A single segment of 300 bytes whose header says 256: the size field is 2 bytes, less 256.
    data = bytearray(zstandard.ZstdCompressor().compress(bytes(300)))
    assert zstandard.frame_content_size(bytes(data)) == 300
    data[5:7] = b"\x00\x00"
    assert zstandard.frame_content_size(bytes(data)) == 256
    with pytest.raises(PayloadError):
        CODING.inflate(bytes(data), DEFAULT_LIMITS)


def test_the_size_in_the_header_is_enough_to_refuse() -> None:
    data = zstandard.ZstdCompressor().compress(bytes(100_000))
    with pytest.raises(LimitError):
        CODING.inflate(data[:12], Limits(max_inflated=1_000))


@pytest.mark.parametrize(
    "data",
    [
        unsized(SAMPLE)[:-1],
        unsized(SAMPLE) + b"\x00",
        unsized(SAMPLE) + unsized(b""),
        unsized(SAMPLE * 300) + unsized(bytes(1000)),
        unsized(SAMPLE, window_log=27),  # 128 MiB of memory before the first byte comes out
        b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd",  # a skippable frame
    ],
)
def test_frames_that_are_refused(data: bytes) -> None:
    with pytest.raises(PayloadError):
        CODING.inflate(data, DEFAULT_LIMITS)


def test_threads_have_their_own_contexts() -> None:
    payloads = [SAMPLE * (1 + number % 7) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda payload: CODING.inflate(CODING.compress(payload), DEFAULT_LIMITS), payloads))
    assert found == payloads


def test_refusals_say_what() -> None:
    data = CODING.compress(SAMPLE)
    with pytest.raises(PayloadError, match=r"^The payload is not zstd\.$"):
        CODING.inflate(data[1:], DEFAULT_LIMITS)
    with pytest.raises(PayloadError, match=r"^The zstd payload was damaged or cut off, or there are bytes after it\.$"):
        CODING.inflate(data[:-1], DEFAULT_LIMITS)
