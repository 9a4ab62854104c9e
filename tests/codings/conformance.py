"""Checks of `versioned_serde.testing.conformance.codings`, for tests that call them one by one."""

from __future__ import annotations

import contextlib
from unittest.mock import patch

from versioned_serde.errors import LimitError, PayloadError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.protocols import Coding
from versioned_serde.testing.conformance.codings import SAMPLE, CodingConformance

__all__ = ["SAMPLE", "check_bomb", "check_damage", "check_hostile", "check_round_trip"]


def _tested(coding: Coding) -> CodingConformance:
    tested = CodingConformance()
    tested.coding = coding
    return tested


def check_round_trip(coding: Coding, payload: bytes) -> None:
    assert coding.inflate(coding.compress(payload), DEFAULT_LIMITS) == payload


def check_damage(coding: Coding) -> None:
    tested = _tested(coding)
    tested.test_a_truncated_payload_is_refused()
    tested.test_bytes_before_and_after_a_payload_are_refused()
    tested.test_damage_is_refused_or_does_not_matter()


def check_hostile(coding: Coding, data: bytes) -> None:
    with contextlib.suppress(PayloadError, LimitError):
        coding.inflate(data, Limits(max_inflated=1_000_000))


def check_bomb(coding: Coding, bomb: bytes) -> None:
    tested = _tested(coding)
    with patch.object(tested, "bombs", lambda: [bomb]):
        tested.test_no_more_than_the_bound_is_ever_in_memory()
