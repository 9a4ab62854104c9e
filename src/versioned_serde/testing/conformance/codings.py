"""What every coding must do: `CodingConformance`."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterable
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import Coding
from versioned_serde.testing.conformance import checks
from versioned_serde.testing.conformance.checks import SECRET

SAMPLE = b"".join(b'{"order":%d,"total":"%d.50"}' % (number, number * 7) for number in range(50))
"""A payload as services have them."""
_BOMB = 100_000_000
_MEMORY = 20_000_000
"""Bytes that inflating to a bound of 1 MB may take: buffers of the library included, the whole payload not."""
_BOUND = Limits(max_inflated=1_000_000)


class CodingConformance:
    """The promises of `protocols.Coding`, each a test. A subclass says which coding, and pytest collects them.

        class TestMyCoding(CodingConformance):
            coding = MyCoding()

    Attributes:
        coding: the coding.
    """

    coding: Coding

    def bombs(self) -> Iterable[bytes]:
        """Small data that inflate to 100 MB, one for each form that the library's readers know."""
        return [self.coding.compress(bytes(_BOMB))]

    def test_the_name_and_the_id_are_fit_for_a_tag(self) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", self.coding.name), self.coding.name
        assert self.coding.name != "none"
        assert type(self.coding.id) is int
        own = type(self.coding).__module__.startswith("versioned_serde.")
        assert self.coding.id in (range(1, 128) if own else range(128, 256)), "128 to 255 are for codings of others"

    def test_a_payload_comes_back(self) -> None:
        @given(st.binary() | st.binary(max_size=20).map(lambda part: part * 500))
        def check(payload: bytes) -> None:
            data = self.coding.compress(payload)
            assert type(data) is bytes
            found = self.coding.inflate(data, DEFAULT_LIMITS)
            assert type(found) is bytes
            assert found == payload

        check()

    def test_the_same_payload_gives_the_same_bytes(self) -> None:
        @given(st.binary())
        def check(payload: bytes) -> None:
            with patch("time.time", return_value=1.0e9):
                data = self.coding.compress(payload)
            assert self.coding.compress(payload) == data

        check()

    def test_a_payload_may_be_as_large_as_the_bound_and_no_larger(self) -> None:
        @given(st.binary(min_size=1) | st.binary(min_size=1, max_size=20).map(lambda part: part * 500))
        def check(payload: bytes) -> None:
            data = self.coding.compress(payload)
            assert self.coding.inflate(data, Limits(max_inflated=len(payload))) == payload
            with pytest.raises(LimitError) as caught:
                self.coding.inflate(data, Limits(max_inflated=len(payload) - 1))
            assert caught.value.limit == "max_inflated"

        check()

    def test_no_more_than_the_bound_is_ever_in_memory(self) -> None:
        for bomb in self.bombs():
            tracemalloc.start()
            try:
                with pytest.raises(LimitError) as caught:
                    self.coding.inflate(bomb, _BOUND)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert caught.value.limit == "max_inflated"
            assert peak < _MEMORY + len(bomb), f"{peak:,} bytes were taken for a bound of {_BOUND.max_inflated:,}"

    def test_a_truncated_payload_is_refused(self) -> None:
        for payload in (SAMPLE, b""):
            data = self.coding.compress(payload)
            for length in range(len(data)):
                with pytest.raises(PayloadError):
                    self.coding.inflate(data[:length], DEFAULT_LIMITS)

    def test_bytes_before_and_after_a_payload_are_refused(self) -> None:
        for payload in (SAMPLE, b""):
            data = self.coding.compress(payload)
            for each in (data + b"\x00", data + data, data + self.coding.compress(b""), b"\x00" + data):
                with pytest.raises(PayloadError):
                    self.coding.inflate(each, DEFAULT_LIMITS)

    def _inflated(self, data: bytes) -> bytes | None:
        """The payload, or None where it was refused as it may be."""
        try:
            return self.coding.inflate(data, _BOUND)
        except (PayloadError, LimitError):
            return None

    def test_damage_is_refused_or_does_not_matter(self) -> None:
        data = self.coding.compress(SAMPLE)
        for at in range(len(data)):
            for bits in (0x55, 0x01, 0x80):
                changed = data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]
                assert self._inflated(changed) in (None, SAMPLE), f"byte {at} was changed, and the payload with it"

    def test_any_bytes_give_a_payload_or_a_typed_error(self) -> None:
        data = self.coding.compress(SAMPLE)

        @given(st.binary() | st.builds(lambda length, rest: data[:length] + rest, st.integers(0, 20), st.binary()))
        def check(given_: bytes) -> None:
            payload = self._inflated(given_)
            assert payload is None or len(payload) <= _BOUND.max_inflated

        check()

    def test_an_error_tells_no_payload(self) -> None:
        secret = SECRET.encode() * 3
        for data in (secret, self.coding.compress(secret) + secret, self.coding.compress(secret)[:-1]):
            with pytest.raises(PayloadError) as caught:
                self.coding.inflate(data, DEFAULT_LIMITS)
            assert SECRET not in checks.logged(caught.value)

    def test_threads_do_not_meet(self) -> None:
        payloads = [SAMPLE * (1 + number % 7) for number in range(200)]

        def there_and_back(payload: bytes) -> bytes:
            return self.coding.inflate(self.coding.compress(payload), DEFAULT_LIMITS)

        assert checks.in_threads(there_and_back, payloads) == payloads
