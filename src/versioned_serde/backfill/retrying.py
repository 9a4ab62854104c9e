"""Calls of a store, again after what passes by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from versioned_serde.errors import MissingExtraError, StoreError

try:
    import stamina
except ImportError as _error:  # pragma: no cover - tested in an environment without it
    raise MissingExtraError(
        "A backfill needs stamina, which is not installed.", hint="pip install 'versioned-serde[backfill]'"
    ) from _error

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
