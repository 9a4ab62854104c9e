"""A backfill dies before or after each of its calls in turn; another process goes on, with live edits in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.backfill.faults.deaths import Death, Mortal, Truth, run
from tests.backfill.memory import MemoryStore, When
from versioned_serde.backfill import lease
from versioned_serde.protocols import ScannedStore
from versioned_serde.stores.sqlite import SqliteStore

KEYS = 6


@pytest.fixture(autouse=True)
def _processes_that_died_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All deaths are in this process, so that whoever goes on sees owners that are no process any more."""
    monkeypatch.setattr(lease, "is_gone", lambda owner: True)


Opened = Callable[[], tuple[ScannedStore, ScannedStore]]


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """New stores of records and of state, each time."""
    if request.param == "memory":
        yield lambda: (MemoryStore(), MemoryStore())
        return
    stores: list[SqliteStore] = []
    numbers = count()

    def both() -> tuple[ScannedStore, ScannedStore]:
        for store in stores:
            store.close()
        path = tmp_path / f"{next(numbers)}.db"
        stores[:] = [SqliteStore(path, table, fsync=False) for table in ("records", "state")]
        return stores[0], stores[1]

    yield both
    for store in stores:
        store.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_each_call(opened: Opened, when: When) -> None:
    """At all of them, until a run ends without having come to the n-th."""
    for at in count(1):
        store, state = opened()
        truth = Truth(store, KEYS)
        mortal = Mortal(at, when)
        try:
            progress = run(store, state, mortal)
        except Death:
            truth.act(at)
            progress = run(store, state)
            truth.audit(progress, state)
        else:
            truth.audit(progress, state)
            assert at > 35, "the runs of this test are too short to show anything"
            return
        assert at < 1_000


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("stride", [2, 3, 5, 7, 11, 13, 17, 23])
def test_deaths_one_after_the_other(when: When, stride: int) -> None:
    """Each process gets a few calls further than it has to begin with, until one comes to the end."""
    store, state = MemoryStore(), MemoryStore()
    truth = Truth(store, KEYS)
    for turn in count():
        try:
            progress = run(store, state, Mortal(stride * (turn + 1), when), batch=2)
        except Death:
            truth.act(turn)
        else:
            truth.audit(progress, state)
            return


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_second_death_while_the_first_is_made_up_for(when: When) -> None:
    for first in range(12, 36, 4):
        for second in count(8, 3):
            store, state = MemoryStore(), MemoryStore()
            truth = Truth(store, KEYS)
            with pytest.raises(Death):
                run(store, state, Mortal(first, when))
            truth.act(first)
            try:
                progress = run(store, state, Mortal(second, when))
            except Death:
                truth.act(second)
                progress = run(store, state)
            else:
                truth.audit(progress, state)
                break
            truth.audit(progress, state)
