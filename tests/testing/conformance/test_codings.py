"""A coding that breaks a promise is caught by the check of that promise."""

from __future__ import annotations

import bz2
import gzip
import itertools
import threading
import zlib

import pytest

from tests.testing.conformance.failing import failure
from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import Limits
from versioned_serde.testing.conformance.codings import CodingConformance


class Bz2:
    name = "bz2"
    id = 200

    def compress(self, payload: bytes) -> bytes:
        return bz2.compress(payload)

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        inflater = bz2.BZ2Decompressor()
        try:
            payload = inflater.decompress(data, limits.max_inflated + 1)
        except OSError:
            raise PayloadError("The payload is not bz2.") from None
        if len(payload) > limits.max_inflated:
            raise LimitError("The payload inflates to too much.", limit="max_inflated")
        if not inflater.eof or inflater.unused_data:
            raise PayloadError("The bz2 payload is cut off, or something follows it.")
        return payload


class TestASoundCoding(CodingConformance):
    coding = Bz2()


class InflatesFirst(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        super().inflate(data, Limits(max_inflated=2**31))
        return super().inflate(data, limits)


class LeaksOSError(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        bz2.BZ2Decompressor().decompress(data, 10)
        return super().inflate(data, limits)


class TakesWhatWasCutOff(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        try:
            return bz2.BZ2Decompressor().decompress(data, limits.max_inflated)
        except OSError:
            raise PayloadError("The payload is not bz2.") from None


class TakesWhatFollows(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        inflater = bz2.BZ2Decompressor()
        try:
            inflater.decompress(data, limits.max_inflated + 1)
        except OSError:
            raise PayloadError("The payload is not bz2.") from None
        return super().inflate(data[: len(data) - len(inflater.unused_data)], limits)


class StampsTheTime(Bz2):
    def compress(self, payload: bytes) -> bytes:
        return gzip.compress(payload)


class Draws(Bz2):
    numbers = itertools.cycle((1, 2))

    def compress(self, payload: bytes) -> bytes:
        return bz2.compress(payload, next(self.numbers))


class OneTooFew(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        return super().inflate(data, Limits(max_inflated=limits.max_inflated - 1))


class OneTooMany(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        return super().inflate(data, Limits(max_inflated=limits.max_inflated + 1))


class Cuts(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        return super().inflate(data, Limits())[: limits.max_inflated]


class KnowsNoChecksum(Bz2):
    """Deflate without the header and the checksum of zlib and gzip."""

    def compress(self, payload: bytes) -> bytes:
        compressor = zlib.compressobj(wbits=-15)
        return compressor.compress(payload) + compressor.flush()

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        inflater = zlib.decompressobj(wbits=-15)
        try:
            payload = inflater.decompress(data, limits.max_inflated + 1)
        except zlib.error:
            raise PayloadError("The payload is not deflate.") from None
        if not inflater.eof or inflater.unused_data:
            raise PayloadError("The payload is cut off, or something follows it.")
        return payload


class ShowsThePayload(Bz2):
    def inflate(self, data: bytes, limits: Limits) -> bytes:
        try:
            return super().inflate(data, limits)
        except PayloadError:
            raise PayloadError(f"Not bz2: {data!r}") from None


class MeetsItselfInThreads(Bz2):
    def __init__(self) -> None:
        self.payload = b""
        self.compressed = threading.Event()

    def compress(self, payload: bytes) -> bytes:
        self.payload = payload
        self.compressed.wait(1e-4)
        return bz2.compress(self.payload)


class TakesAReservedId(Bz2):
    id = 1


BROKEN: list[tuple[Bz2, str]] = [
    (InflatesFirst(), "test_no_more_than_the_bound_is_ever_in_memory"),
    (LeaksOSError(), "test_any_bytes_give_a_payload_or_a_typed_error"),
    (LeaksOSError(), "test_damage_is_refused_or_does_not_matter"),
    (TakesWhatWasCutOff(), "test_a_truncated_payload_is_refused"),
    (TakesWhatFollows(), "test_bytes_before_and_after_a_payload_are_refused"),
    (TakesWhatWasCutOff(), "test_bytes_before_and_after_a_payload_are_refused"),
    (StampsTheTime(), "test_the_same_payload_gives_the_same_bytes"),
    (StampsTheTime(), "test_a_payload_comes_back"),
    (Draws(), "test_the_same_payload_gives_the_same_bytes"),
    (OneTooFew(), "test_a_payload_may_be_as_large_as_the_bound_and_no_larger"),
    (OneTooMany(), "test_a_payload_may_be_as_large_as_the_bound_and_no_larger"),
    (Cuts(), "test_a_payload_may_be_as_large_as_the_bound_and_no_larger"),
    (KnowsNoChecksum(), "test_damage_is_refused_or_does_not_matter"),
    (ShowsThePayload(), "test_an_error_tells_no_payload"),
    (MeetsItselfInThreads(), "test_threads_do_not_meet"),
    (TakesAReservedId(), "test_the_name_and_the_id_are_fit_for_a_tag"),
]


@pytest.mark.parametrize(("coding", "check"), BROKEN, ids=[f"{type(each).__name__}-{test}" for each, test in BROKEN])
def test_a_broken_promise_is_caught(coding: Bz2, check: str) -> None:
    tested = CodingConformance()
    tested.coding = coding
    failure(tested, check)
