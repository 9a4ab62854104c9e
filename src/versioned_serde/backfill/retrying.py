"""Calls of a store, again after what passes by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import stamina

from versioned_serde.errors import StoreError

R = TypeVar("R")


def retried(call: Callable[[], R], *, attempts: int = 8, seconds: float = 30.0) -> R:
    """What the call gives, after at most so many attempts within so many seconds, with growing, jittered pauses.

    Raises:
        StoreError: one that does not pass, or the last one.
    """
    for attempt in stamina.retry_context(
        on=_transient, attempts=attempts, timeout=seconds, wait_initial=0.05, wait_max=5.0, wait_jitter=0.5
    ):
        with attempt:
            return call()
    raise AssertionError("the last attempt raises")  # pragma: no cover


def _transient(error: Exception) -> bool:
    return isinstance(error, StoreError) and error.transient
