"""One record, and a live writer that does something at each call of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from tests.backfill.counters import New, Old, as_old, new, old
from tests.backfill.memory import MemoryStore, ToldStore, When
from versioned_serde.backfill.books import Outcome
from versioned_serde.backfill.quarantine import Quarantine
from versioned_serde.backfill.state import State
from versioned_serde.backfill.transfer import Transfer
from versioned_serde.errors import StoreError
from versioned_serde.protocols import ScannedStore
from versioned_serde.records import Records
from versioned_serde.rewriting import Rewriting, Target

KEY = "a"
Act = Callable[[MemoryStore], None]


def edit_by_old(store: MemoryStore) -> None:
    """Adds one; a record of version 3 keeps its version."""

    def change(value: Old) -> None:
        value.count += 1

    if store.get(KEY) is not None:
        Records(old, store).edit(KEY, change)


def edit_by_new(store: MemoryStore) -> None:
    """Adds one to both."""

    def change(value: New) -> None:
        value.count += 1
        value.extra += 1

    if store.get(KEY) is not None:
        Records(new, store).edit(KEY, change)


def delete(store: MemoryStore) -> None:
    store.records.pop(KEY, None)


def insert(store: MemoryStore) -> None:
    """A new record, by a release that writes version 1."""
    if store.get(KEY) is None:
        store.insert(KEY, as_old(100), {})


def nothing(store: MemoryStore) -> None:
    pass


ACTS: dict[str, Act] = {each.__name__: each for each in (nothing, edit_by_old, edit_by_new, delete, insert)}


class Live:
    """A live writer that acts whenever a call of the store begins or ends."""

    def __init__(self, acts: Iterator[str], when: When) -> None:
        self.store = MemoryStore()
        self.acts = acts
        self.when = when
        self.done: list[str] = []
        self.count = 7
        self.extra = 0
        self.there = True

    def told(self, when: When, name: str, key: str) -> None:
        if when != self.when or key != KEY:
            return
        act = next(self.acts, "nothing")
        self.done.append(act)
        if act.startswith("edit") and self.there:
            self.count += 1
            self.extra += act == "edit_by_new"
        elif act == "delete":
            self.there = False
        elif act == "insert" and not self.there:
            self.there, self.count, self.extra = True, 100, 0
        ACTS[act](self.store)


def transferring(store: ScannedStore, state: MemoryStore) -> Transfer:
    return Transfer(Rewriting(new, Target(3)), store, Quarantine(State(state), "run/1"))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.mark.parametrize("when", ["before", "after"])
def test_every_interleaving_with_a_live_writer(when: When) -> None:
    """Whatever it does since the page was read, nothing that it wrote is lost, and what is left is at the target."""
    outcomes = set()
    for acts in product(ACTS, repeat=4):
        live = Live(iter(acts), when)
        live.store.insert(KEY, as_old(7), {})
        state = MemoryStore()
        seen = live.store.get(KEY)
        assert seen is not None
        live.told(when, "scan", KEY)
        outcome = transferring(ToldStore(live.store, live.told), state)(KEY, seen)
        outcomes.add(outcome)
        there = live.store.get(KEY)
        assert (there is not None) == live.there, acts
        if there is not None:
            value = new.loads(there.payload)
            assert (value.count, value.extra) == (live.count, live.extra), acts
            if "insert" not in live.done:
                assert new.identify(there.payload).version == 3, acts
        if outcome is Outcome.DELETED:
            assert "delete" in live.done, acts
        if outcome is Outcome.OVERTAKEN:
            assert "edit_by_new" in live.done, acts
        assert not state.records
    assert outcomes == {Outcome.MIGRATED, Outcome.OVERTAKEN, Outcome.DELETED}


def lost(store: MemoryStore, times: int, act: Act = nothing) -> ToldStore:
    """A store that loses the answers of its first updates, which it applied."""
    left = iter(range(times))

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("after", "update") and next(left, None) is not None:
            act(store)
            raise StoreError("The connection was lost.", key=key, transient=True)

    return ToldStore(store, told)


@pytest.mark.parametrize("act", ACTS)
def test_an_answer_that_was_lost(act: str) -> None:
    store, state = MemoryStore(), MemoryStore()
    store.insert(KEY, as_old(7), {})
    seen = store.get(KEY)
    assert seen is not None
    outcome = transferring(lost(store, 1, ACTS[act]), state)(KEY, seen)
    # What an older release edited since is mixed, so there is something to write out.
    wanted = {"delete": Outcome.DELETED, "edit_by_new": Outcome.OVERTAKEN}
    assert outcome is wanted.get(act, Outcome.MIGRATED)
    there = store.get(KEY)
    if act == "delete":
        assert there is None
    else:
        assert there is not None
        assert new.loads(there.payload) == New(7 + act.startswith("edit"), int(act == "edit_by_new"))


def test_a_record_that_is_missed_once_is_not_deleted() -> None:
    store, state = MemoryStore(), MemoryStore()
    store.insert(KEY, as_old(7), {})
    seen = store.get(KEY)
    assert seen is not None
    edit_by_old(store)

    class Behind(ToldStore):
        missed = 0

        def get(self, key: str) -> None:
            self.missed += 1
            return None if self.missed == 1 else self.store.get(key)  # type: ignore[return-value]

    assert transferring(Behind(store, lambda *_: None), state)(KEY, seen) is Outcome.MIGRATED
    there = store.get(KEY)
    assert there is not None
    assert new.loads(there.payload) == New(8)


def test_what_live_writers_make_unreadable_or_change_for_ever_is_quarantined() -> None:
    store, state = MemoryStore(), MemoryStore()
    store.insert(KEY, as_old(7), {})
    seen = store.get(KEY)
    assert seen is not None
    store.set(KEY, b"no record")
    assert transferring(store, state)(KEY, seen) is Outcome.QUARANTINED
    told = Quarantine(State(state), "run/1").get(KEY)
    there = store.get(KEY)
    assert told is not None
    assert there is not None
    assert (told.token, there.payload) == (there.token, b"no record")

    def edited(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update"):
            store.set(KEY, as_old(8))

    store.set(KEY, as_old(7))
    seen = store.get(KEY)
    assert seen is not None
    assert transferring(ToldStore(store, edited), state)(KEY, seen) is Outcome.QUARANTINED
    told = Quarantine(State(state), "run/1").get(KEY)
    assert told is not None
    assert told.reason == "ConflictError"
    there = store.get(KEY)
    assert there is not None
    assert there.payload == as_old(8)


def test_it_waits_before_each_write_and_tells_how_long_it_took() -> None:
    store, state = MemoryStore(), MemoryStore()
    told: list[object] = []
    store.insert(KEY, as_old(7), {})
    seen = store.get(KEY)
    assert seen is not None
    edit_by_old(store)
    move = Transfer(
        Rewriting(new, Target(3)),
        store,
        Quarantine(State(state), "run/1"),
        lambda: told.append("waited"),
        lambda seconds: told.append(type(seconds)),
    )
    assert move(KEY, seen) is Outcome.MIGRATED
    assert told == ["waited", float] * 2
    now = store.get(KEY)
    assert now is not None
    assert move(KEY, now) is Outcome.ALREADY
    assert len(told) == 4, "what is not written is not waited for"
