"""zstd: the common conformance, and what is its own."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.codings.zstd import plugin
from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.testing.conformance.codings import SAMPLE, CodingConformance

CODING = plugin()


def unsized(payload: bytes, window_log: int = 20) -> bytes:
    """A frame that does not say its content size, as streams are written."""
    settings = zstandard.ZstdCompressionParameters(window_log=window_log)
    stream = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    return stream.compress(payload) + stream.flush()


class TestConformance(CodingConformance):
    coding = CODING

    def bombs(self) -> Iterable[bytes]:
        return [*super().bombs(), unsized(bytes(100_000_000))]


@given(st.binary() | st.binary(max_size=20).map(lambda part: part * 500))
def test_a_frame_that_does_not_say_its_size_is_read(payload: bytes) -> None:
    assert CODING.inflate(unsized(payload), Limits(max_inflated=len(payload))) == payload


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


def test_refusals_say_what() -> None:
    data = CODING.compress(SAMPLE)
    with pytest.raises(PayloadError, match=r"^The payload is not zstd\.$"):
        CODING.inflate(data[1:], DEFAULT_LIMITS)
    with pytest.raises(PayloadError, match=r"^The zstd payload was damaged or cut off, or there are bytes after it\.$"):
        CODING.inflate(data[:-1], DEFAULT_LIMITS)
