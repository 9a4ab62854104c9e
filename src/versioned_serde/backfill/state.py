"""What a run knows, in a store that all its workers reach: JSON documents, changed by compare-and-set alone.

    run/NAME            what was asked for, when it began and ended, where its shards begin
    shard/NAME/0000     how far a shard got, its books, and who works on it
    quarantine/NAME/…   a record that could not be rewritten
    settled/NAME        what became of such records when they were tried again
    control/NAME        what a person asks of a run that is under way
    timeline/NAME       how much was done when

Correctness depends on nothing else: not on the engine, not on clocks, not on who is alive.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from versioned_serde.backfill.retrying import retried
from versioned_serde.errors import BackfillError
from versioned_serde.protocols import ScannedStore

Plain = dict[str, Any]
_ATTEMPTS = 200
_STAMP = "stamp"


class Held(NamedTuple):
    """A document as it was read, and the token that changing it takes."""

    content: Plain
    token: str


class State:
    """Documents in a store; nothing else may be in it."""

    def __init__(self, store: ScannedStore) -> None:
        self._store = store

    def get(self, key: str) -> Held | None:
        """A document, or None."""
        stored = retried(lambda: self._store.get(key))
        if stored is None:
            return None
        try:
            content = json.loads(stored.payload)
            del content[_STAMP]
        except (ValueError, KeyError, TypeError) as error:
            raise BackfillError(
                f"`{key}` is not a document of a backfill.", hint="Give each backfill a place of its own for its state."
            ) from error
        return Held(content, stored.token)

    def insert(self, key: str, content: Plain) -> str | None:
        """The token of a new document, or None if there is one."""
        payload = _bytes(content)
        token = retried(lambda: self._store.insert(key, payload, {}))
        return token if token is not None else self._answered(key, payload)

    def update(self, key: str, token: str, content: Plain) -> str | None:
        """The token of the changed document, or None if somebody else changed it."""
        payload = _bytes(content)
        new = retried(lambda: self._store.update(key, token, payload, {}))
        return new if new is not None else self._answered(key, payload)

    def change(self, key: str, change: Callable[[Plain], Plain], *, first: Plain) -> Plain:
        """Changes a document, or the first content of one that is not there, as often as others are faster."""
        for _ in range(_ATTEMPTS):
            held = self.get(key)
            new = change(dict(first) if held is None else held.content)
            token = self.insert(key, new) if held is None else self.update(key, held.token, new)
            if token is not None:
                return new
        raise BackfillError(f"`{key}` is changed by others all the time.", hint="Look for what changes it.")

    def delete(self, key: str) -> None:
        """Takes a document out, whatever it holds."""
        while (stored := retried(lambda: self._store.get(key))) is not None:
            if retried(partial(self._store.delete, key, stored.token)):
                return

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin so."""
        return (key for key in list(self._store.keys()) if key.startswith(prefix))

    def _answered(self, key: str, payload: bytes) -> str | None:
        """Whether it was us, and only the answer was lost: the stamp in the document says so."""
        stored = retried(lambda: self._store.get(key))
        return stored.token if stored is not None and stored.payload == payload else None


def _bytes(content: Mapping[str, Any]) -> bytes:
    return json.dumps({**content, _STAMP: secrets.token_hex(8)}, ensure_ascii=False, sort_keys=True).encode()
