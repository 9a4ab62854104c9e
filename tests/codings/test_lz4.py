"""lz4: the common conformance, and what is its own."""

from __future__ import annotations

import random
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.codings.conformance import SAMPLE, check_bomb, check_damage, check_hostile, check_round_trip
from versioned_serde.codings.lz4 import plugin
from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import DEFAULT_LIMITS, Limits

CODING = plugin()
LONG = random.Random(7).randbytes(100_000)
"""Does not get smaller, so its frame is inflated in several pieces."""


def unsized(payload: bytes) -> bytes:
    """A frame that says neither its size nor a checksum, as streams are written."""
    frame: bytes = lz4.frame.compress(payload, store_size=False)
    return frame


@given(st.binary() | st.binary(max_size=20).map(lambda part: part * 500))
def test_round_trip(payload: bytes) -> None:
    check_round_trip(CODING, payload)
    assert lz4.frame.decompress(CODING.compress(payload)) == payload
    assert CODING.inflate(unsized(payload), Limits(max_inflated=len(payload))) == payload


def test_round_trip_in_pieces() -> None:
    for payload in (LONG, LONG * 7, bytes(3_000_000)):
        check_round_trip(CODING, payload)
        for block_size in (lz4.frame.BLOCKSIZE_MAX64KB, lz4.frame.BLOCKSIZE_MAX4MB):
            frame = lz4.frame.compress(payload, store_size=False, block_size=block_size)
            assert CODING.inflate(frame, Limits(max_inflated=len(payload))) == payload


def test_damage() -> None:
    check_damage(CODING)


@given(st.binary() | st.binary().map(lambda rest: CODING.compress(SAMPLE)[:15] + rest))
def test_any_bytes(data: bytes) -> None:
    check_hostile(CODING, data)


@pytest.mark.parametrize("block_size", [lz4.frame.BLOCKSIZE_MAX64KB, lz4.frame.BLOCKSIZE_MAX4MB])
def test_bombs(block_size: int) -> None:
    bomb = lz4.frame.compress(bytes(100_000_000), block_size=block_size, store_size=False)
    # LZ4 makes 100 MB of zeros no smaller than this, so only the beginning of the bomb is what the check takes.
    assert len(bomb) > 390_000
    check_bomb(CODING, bomb[:199_999])


def test_a_frame_of_more_than_it_says_takes_no_time() -> None:
    context = lz4.frame.create_compression_context()
    head = lz4.frame.compress_begin(context, source_size=1)
    begun = time.process_time()
    with pytest.raises(PayloadError):
        CODING.inflate(head + unsized(LONG * 40)[len(lz4.frame.compress_begin(context)) :], DEFAULT_LIMITS)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("claimed", [1, len(SAMPLE) - 1, len(SAMPLE) + 1, 500_000, 100_000_000])
def test_a_size_that_is_not_true(claimed: int) -> None:
    context = lz4.frame.create_compression_context()
    head = lz4.frame.compress_begin(context, source_size=claimed)
    other = lz4.frame.create_compression_context()
    begun = lz4.frame.compress_begin(other)
    rest = lz4.frame.compress_chunk(other, SAMPLE) + lz4.frame.compress_flush(other)
    assert CODING.inflate(begun + rest, DEFAULT_LIMITS) == SAMPLE
    tracemalloc.start()
    try:
        with pytest.raises(PayloadError):
            CODING.inflate(head + rest, DEFAULT_LIMITS)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_the_size_in_the_header_is_enough_to_refuse() -> None:
    data = CODING.compress(bytes(100_000))
    with pytest.raises(LimitError):
        CODING.inflate(data[:20], Limits(max_inflated=1_000))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "The payload is not LZ4."),
        (b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd", "The payload is not LZ4."),  # a skippable frame
        (b"\x02\x21\x4c\x18\x00\x00\x00\x00", "The payload is not LZ4."),  # a legacy frame
        (CODING.compress(SAMPLE)[:-1], "The LZ4 payload is cut off."),
        (CODING.compress(SAMPLE)[:4], "The LZ4 payload was damaged."),
        (unsized(SAMPLE)[:-1], "The LZ4 payload is cut off."),
        (unsized(SAMPLE) + b"\x00", "There are bytes after the LZ4 payload."),
        (unsized(LONG)[:-1], "The LZ4 payload is cut off."),
        (unsized(LONG) + b"\x00", "There are bytes after the LZ4 payload."),
        (unsized(LONG) * 2, "There are bytes after the LZ4 payload."),
        (CODING.compress(SAMPLE)[:-1] + b"\x00", "The LZ4 payload was damaged."),
        (CODING.compress(SAMPLE) * 2, "There are bytes after the LZ4 payload."),
        (CODING.compress(SAMPLE) + bytes(100_000), "There are bytes after the LZ4 payload."),
        (CODING.compress(LONG)[:-1], "The LZ4 payload is cut off."),
        (CODING.compress(LONG) + b"\x00", "There are bytes after the LZ4 payload."),
    ],
)
def test_refusals_say_what(data: bytes, problem: str) -> None:
    with pytest.raises(PayloadError) as caught:
        CODING.inflate(data, DEFAULT_LIMITS)
    assert caught.value.problem == problem


def test_a_frame_that_ends_with_a_piece() -> None:
    ends = {len(unsized(LONG[:size])) % (16 * 1024): size for size in range(16_300, 16_400)}
    sound = unsized(LONG[: ends[0]])
    assert CODING.inflate(sound, DEFAULT_LIMITS) == LONG[: ends[0]]
    with pytest.raises(PayloadError, match="bytes after"):
        CODING.inflate(sound + b"\x00", DEFAULT_LIMITS)


def test_threads_do_not_share_a_context() -> None:
    payloads = [SAMPLE * (1 + number % 7) for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda payload: CODING.inflate(CODING.compress(payload), DEFAULT_LIMITS), payloads))
    assert found == payloads
