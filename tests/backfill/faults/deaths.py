"""A process that dies at one call of a store, and others that go on after it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from tests.backfill.counters import New, Old, new, old
from tests.backfill.memory import ToldStore, When
from versioned_serde.backfill import Settings, backfill, quarantined
from versioned_serde.backfill.record import Progress
from versioned_serde.protocols import ScannedStore
from versioned_serde.records import Records

NAME = "run"
INSERTED = "r9"


class Death(BaseException):
    """The process is gone: no code of it runs after this, and nothing of its memory is left."""


class Here(Executor):
    """Does each task at once, in this thread: calls come in one order, so that the n-th is always the same one."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as an engine does; a death is no exception
            future.set_exception(error)
        return future


class Mortal:
    """Counts the calls of a process, over all its stores, and ends it at one.

    Args:
        at: the number of the call; 0 for none.
        when: whether the call is still carried out.
    """

    def __init__(self, at: int, when: When) -> None:
        self.at = at
        self.when = when
        self.calls = 0
        self.last = ""

    def __call__(self, when: When, name: str, key: str) -> None:
        if key.startswith("probe-"):
            return  # by several threads, so in no certain order, and of no record
        if when == "before":
            self.calls += 1
            self.last = f"{name} {key}"
        if self.calls == self.at and when == self.when:
            raise Death


def run(store: ScannedStore, state: ScannedStore, mortal: Mortal | None = None, batch: int = 3) -> Progress:
    """A backfill by a process of its own, which may die."""
    settings = Settings(engine=Here(), workers=1, shards=2, batch=batch, lease=0.01)
    if mortal is None:
        return backfill(new, store, to=3, name=NAME, state=state, settings=settings)
    told = ToldStore(store, mortal), ToldStore(state, mortal)
    return backfill(new, told[0], to=3, name=NAME, state=told[1], settings=settings)


class Truth:
    """What live writers wrote, beside what is stored."""

    def __init__(self, store: ScannedStore, keys: int) -> None:
        self.store = store
        self.values: dict[str, New] = {}
        for number in range(keys):
            key = f"r{number}"
            store.insert(key, *old.pack(Old(number)))
            self.values[key] = New(number)
        self.corrupt = {"r1": b"no record"}
        there = store.get("r1")
        assert there is not None
        store.update("r1", there.token, self.corrupt["r1"], {})
        del self.values["r1"]

    def act(self, turn: int) -> None:
        """An edit by each of both releases; at times one is deleted, and inserted by the older release."""
        keys = sorted(self.values)

        def by_old(value: Old) -> None:
            value.count += 1

        def by_new(value: New) -> None:
            value.count += 1
            value.extra += 1

        edits: list[tuple[Any, Any, int]] = [(old, by_old, 0), (new, by_new, 1)]
        for release, change, extra in edits:
            key = keys[(turn + extra) % len(keys)]
            Records(release, self.store).edit(key, change)
            self.values[key] = New(self.values[key].count + 1, self.values[key].extra + extra)
        if turn % 3 == 2:
            Records(old, self.store).delete(keys[-1])
            del self.values[keys[-1]]
        elif len(keys) < 6:
            Records(old, self.store).insert(INSERTED, Old(turn))
            self.values[INSERTED] = New(turn)

    def audit(self, progress: Progress, state: ScannedStore) -> None:
        """Nothing is lost, what cannot be read is as it was, the books balance, and what is there is at the target.

        All but what a release that writes version 1 inserted meanwhile: the scan may have been past it.
        """
        assert progress.complete
        assert progress.books.balanced, progress.books
        found = {key: self.store.get(key) for key in self.store.keys()}  # noqa: SIM118 - a store is no dict
        assert found.keys() == self.values.keys() | self.corrupt.keys()
        for key, stored in found.items():
            assert stored is not None
            if key in self.corrupt:
                assert stored.payload == self.corrupt[key]
                continue
            assert new.unpack(stored.payload, stored.headers) == self.values[key], key
            if key != INSERTED:
                assert new.identify(stored.payload, stored.headers).version == 3, key
        told = quarantined(self.store, progress, state)
        assert {entry.key for entry in told} == self.corrupt.keys()
        assert progress.books.quarantined == len(self.corrupt)
