"""Whether a store really compares before it sets. Some that look as if they did do not."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

from versioned_serde.backfill.retrying import retried
from versioned_serde.errors import SerdeError, StoreError, UnsafeStoreError
from versioned_serde.protocols import ScannedStore, Stored

_RACERS = 4
_RACES = 3


def probe(store: ScannedStore) -> None:
    """Writes a record beside the records, and tries what must fail.

    A write with a stale token must be refused, an insert of a key that is there as well, and of several writers that
    start at once from the same token all but one.

    Raises:
        UnsafeStoreError: something was accepted that must not be.
        StoreError: the store cannot be used at all.
    """
    place = store.beside("probe")
    try:
        # From the beginning, where the store failed in between: an answer that was lost would look like a refusal.
        retried(lambda: _probe(place))
    finally:
        if (close := getattr(place, "close", None)) is not None:
            close()


def _probe(place: ScannedStore) -> None:
    key = f"probe-{secrets.token_hex(8)}"  # others may probe at the same time
    try:
        _stale(place, key)
        for race in range(_RACES):
            _race(place, key, race)
    except UnsafeStoreError:
        with suppress(StoreError):  # what is known now is not to be hidden by it, or to wait for it
            _forget(place, key)
        raise
    _forget(place, key)


def _stale(place: ScannedStore, key: str) -> None:
    first = place.insert(key, b"first", {}) or _written(place, key, b"first")
    if first is None:
        raise _unsafe("It says that a record is there which is not.")
    if place.insert(key, b"other", {}) is not None:
        raise _unsafe("It accepts an insert of a key that is there, and so writes over what is stored.")
    second = place.update(key, first, b"second", {}) or _written(place, key, b"second")
    if second is None:
        raise _unsafe("It refuses a write whose token is the present one.")
    if place.update(key, first, b"stale", {}) is not None:
        raise _unsafe("It accepts a write whose token is stale, and so writes over what others wrote.")
    stored = _read(place, key)
    if stored is None or stored.payload != b"second":
        raise _unsafe("It gives back something else than what was written last.")


def _race(place: ScannedStore, key: str, race: int) -> None:
    stored = _read(place, key)
    if stored is None:
        raise _unsafe("It lost what was written last.")
    token, start = stored.token, Barrier(_RACERS)

    def write(racer: int) -> bytes | None:
        payload = b"race %d, racer %d" % (race, racer)
        start.wait(30)
        try:
            return payload if place.update(key, token, payload, {}) is not None else None
        except SerdeError:
            return None  # a busy store may refuse all of them

    with ThreadPoolExecutor(_RACERS) as racers:
        winners = [payload for payload in racers.map(write, range(_RACERS)) if payload is not None]
    stored = _read(place, key)
    if len(winners) > 1:
        raise _unsafe(f"Of {_RACERS} writers that started at once from the same token, it accepted {len(winners)}.")
    if winners and (stored is None or stored.payload != winners[0]):
        raise _unsafe("What is stored after a race is not what its winner wrote.")


def _written(place: ScannedStore, key: str, payload: bytes) -> str | None:
    """The token, where a refusal was the answer to a client that had asked twice by itself."""
    stored = _read(place, key)
    return stored.token if stored is not None and stored.payload == payload else None


def _read(place: ScannedStore, key: str) -> Stored | None:
    """A store that is behind for a moment may miss a record once."""
    return retried(lambda: place.get(key)) or retried(lambda: place.get(key))


def _forget(place: ScannedStore, key: str) -> None:
    stored = place.get(key)
    if stored is not None:
        place.delete(key, stored.token)


def _unsafe(problem: str) -> UnsafeStoreError:
    return UnsafeStoreError(
        f"The store cannot be written to safely. {problem}",
        key="",
        hint="Use a store with a true compare-and-set: of S3, one that honours `If-Match` on a PUT.",
    )
