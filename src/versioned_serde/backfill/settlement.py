"""Quarantined records, tried again after the run; and what that changes in its books.

The shards of a run that is complete do not change any more, so what became of these records later is a document of its
own, which corrects their sum. It names the entries that it has counted until they are out of the quarantine. So
whoever is killed in between has counted an entry once or not at all, and the next one knows which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from versioned_serde.backfill.books import Books, Outcome
from versioned_serde.backfill.quarantine import Quarantine, Quarantined
from versioned_serde.backfill.retrying import retried
from versioned_serde.backfill.state import Plain, State
from versioned_serde.backfill.transfer import Transfer
from versioned_serde.protocols import ScannedStore
from versioned_serde.rewriting import Rewriting, Target
from versioned_serde.schema import Schema

_BATCH = 100
"""Entries between two changes of the document: at most so many are tried again after a crash."""
_FIRST: Plain = {"outcomes": {}, "leaving": []}


@dataclass(frozen=True, slots=True)
class Tried:
    """A record that was tried again.

    Attributes:
        key: its key.
        outcome: what became of it; `quarantined` if nothing has changed. A record that a retry rewrote just before it
            was killed is `already`.
    """

    key: str
    outcome: Outcome


def correction(state: State, run: str) -> Books:
    """What is to be added to the books of a run's shards."""
    held = state.get(_key(run))
    outcomes = {} if held is None else held.content["outcomes"]
    return Books(quarantined=-sum(outcomes.values())) + Books(**outcomes)


def entries(state: State, run: str) -> Iterator[Quarantined]:
    """What is in the quarantine, without what is about to leave it."""
    held = state.get(_key(run))
    leaving = set() if held is None else set(held.content["leaving"])
    return (entry for entry in Quarantine(state, run) if entry.key not in leaving)


def retry(
    schema: Schema[Any], store: ScannedStore, state: State, run: str, target: Target, keys: Iterable[str]
) -> Iterator[Tried]:
    """Tries quarantined records again, as this release declares their schema.

    The run has to be complete: while workers are at it, one that repeats a batch would count a record a second time.

    Args:
        schema: whose records they are.
        store: where they are.
        state: of the run.
        run: its id.
        target: what it was to make of them.
        keys: of records in the quarantine; others are passed over.

    Raises:
        DeclarationError: this release does not list the version.
        StoreError: a store refuses, again and again.
    """
    quarantine = Quarantine(state, run)
    transfer = Transfer(Rewriting(schema, target), store, quarantine)
    _finish(state, quarantine, run)
    rest = iter(keys)
    while batch := list(islice(rest, _BATCH)):
        tried = [Tried(key, _outcome(transfer, store, key)) for key in batch if quarantine.get(key) is not None]
        _settle(state, quarantine, run, [each for each in tried if each.outcome is not Outcome.QUARANTINED])
        yield from tried


def forget_settlement(state: State, run: str) -> None:
    """For a run that looks at every record again."""
    state.delete(_key(run))


def _outcome(transfer: Transfer, store: ScannedStore, key: str) -> Outcome:
    # A store that is behind for a moment may miss a record once.
    stored = retried(lambda: store.get(key)) or retried(lambda: store.get(key))
    return Outcome.DELETED if stored is None else transfer(key, stored)


def _settle(state: State, quarantine: Quarantine, run: str, tried: list[Tried]) -> None:
    def counted(content: Plain) -> Plain:
        outcomes, leaving = dict(content["outcomes"]), list(content["leaving"])
        for each in tried:
            # Another retry may be faster. It names what it has counted until that is out of the quarantine.
            if each.key not in leaving and quarantine.get(each.key) is not None:
                outcomes[each.outcome.value] = outcomes.get(each.outcome.value, 0) + 1
                leaving.append(each.key)
        return {"outcomes": outcomes, "leaving": leaving}

    if tried:
        state.change(_key(run), counted, first=_FIRST)
        _finish(state, quarantine, run)


def _finish(state: State, quarantine: Quarantine, run: str) -> None:
    """Takes out of the quarantine what has been counted."""
    held = state.get(_key(run))
    if held is None or not held.content["leaving"]:
        return
    gone = held.content["leaving"]
    for key in gone:
        quarantine.remove(key)
    state.change(
        _key(run),
        lambda content: content | {"leaving": [key for key in content["leaving"] if key not in gone]},
        first=_FIRST,
    )


def _key(run: str) -> str:
    return f"settled/{run}"
