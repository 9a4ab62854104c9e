"""What every coding must do."""

from __future__ import annotations

import tracemalloc

import pytest

from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import Coding

SAMPLE = b"".join(b'{"order":%d,"total":"%d.50"}' % (number, number * 7) for number in range(50))


def check_round_trip(coding: Coding, payload: bytes) -> None:
    """The payload comes back, and the bytes are always the same."""
    data = coding.compress(payload)
    assert coding.compress(payload) == data
    assert coding.inflate(data, DEFAULT_LIMITS) == payload
    assert coding.inflate(data, Limits(max_inflated=len(payload))) == payload
    if payload:
        with pytest.raises(LimitError) as caught:
            coding.inflate(data, Limits(max_inflated=len(payload) - 1))
        assert caught.value.limit == "max_inflated"


def check_damage(coding: Coding) -> None:
    """No bytes but those of exactly one compressed payload are taken."""
    for payload in (SAMPLE, b""):
        data = coding.compress(payload)
        damaged = [data[:length] for length in range(len(data))]
        damaged += [data + b"\x00", data + data, data + coding.compress(b""), b"\x00" + data]
        for each in damaged:
            with pytest.raises(PayloadError):
                coding.inflate(each, DEFAULT_LIMITS)
    data = coding.compress(SAMPLE)
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        check_hostile(coding, changed, SAMPLE)


def check_hostile(coding: Coding, data: bytes, sound: bytes | None = None) -> None:
    """Any bytes give a payload or a typed error. `sound`: the only payload that may come out."""
    try:
        payload = coding.inflate(data, Limits(max_inflated=1_000_000))
    except (PayloadError, LimitError):
        return
    assert len(payload) <= 1_000_000
    assert sound is None or payload == sound


def check_bomb(coding: Coding, bomb: bytes) -> None:
    """A small payload that inflates to 100 MB stops at the limit, and little memory was taken until then."""
    assert len(bomb) < 200_000
    tracemalloc.start()
    try:
        with pytest.raises(LimitError) as caught:
            coding.inflate(bomb, Limits(max_inflated=1_000_000))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.limit == "max_inflated"
