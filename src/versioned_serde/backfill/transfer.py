"""One record in its store: read, rewritten, swapped; and what to do when others were there in between."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from versioned_serde.backfill.books import Outcome
from versioned_serde.backfill.quarantine import Quarantine, Quarantined
from versioned_serde.backfill.retrying import retried
from versioned_serde.backfill.rewriting import Rewriting, Unfit
from versioned_serde.errors import ConflictError
from versioned_serde.protocols import ScannedStore, Stored

_ATTEMPTS = 50
Done = Callable[[float], None]
"""Is told how many seconds a write took."""


class Transfer:
    """Rewrites records where they are.

    Args:
        rewriting: from bytes to bytes.
        store: where they are.
        quarantine: for those that cannot be rewritten.
        wait: called before each write.
        done: called after each write.
    """

    def __init__(
        self,
        rewriting: Rewriting[Any],
        store: ScannedStore,
        quarantine: Quarantine,
        wait: Callable[[], None] = lambda: None,
        done: Done = lambda seconds: None,
    ) -> None:
        self._rewriting = rewriting
        self._store = store
        self._quarantine = quarantine
        self._wait = wait
        self._done = done

    def __call__(self, key: str, stored: Stored) -> Outcome:
        """Rewrites one record, as it was read, or as others have left it meanwhile. Safe among threads.

        Raises:
            StoreError: the store refuses, again and again. The record is as it was.
        """
        for attempt in range(_ATTEMPTS):
            try:
                new = self._rewriting(stored)
            except Unfit as error:
                return self._quarantined(key, stored, error)
            if new is None:
                return Outcome.OVERTAKEN if attempt else Outcome.ALREADY
            token = stored.token
            payload, headers = new
            self._wait()
            start = time.perf_counter()
            swapped = retried(lambda: self._store.update(key, token, payload, headers))  # noqa: B023 - called at once
            self._done(time.perf_counter() - start)
            if swapped is not None:
                return Outcome.MIGRATED
            # A store that is behind for a moment may miss a record once.
            current = retried(lambda: self._store.get(key)) or retried(lambda: self._store.get(key))
            if current is None:
                return Outcome.DELETED
            if (current.payload, current.headers) == (payload, headers):
                return Outcome.MIGRATED  # by us, and the answer was lost; or by another worker, with the same bytes
            stored = current
            time.sleep(random.uniform(0, min(0.05, 0.001 * 2 ** min(attempt, 6))))  # noqa: S311 - no secret
        return self._quarantined(
            key, stored, ConflictError(f"Live writers were faster {_ATTEMPTS} times.", key=key, hint="Try it again.")
        )

    def _quarantined(self, key: str, stored: Stored, error: Exception) -> Outcome:
        self._quarantine.put(Quarantined.of(key, stored, error))
        return Outcome.QUARANTINED
