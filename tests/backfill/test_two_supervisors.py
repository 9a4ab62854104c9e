"""Two supervisors of one run, as on two machines."""

from __future__ import annotations

import time
from collections import Counter
from threading import Event, Thread

import pytest

from tests.backfill.memory import MemoryStore, ToldStore, When
from tests.backfill.runs import KEYS, is_whole, run
from versioned_serde.backfill.control import asked_of
from versioned_serde.backfill.record import Progress, find
from versioned_serde.backfill.state import State
from versioned_serde.backfill.throttle import Pace

pytestmark = pytest.mark.usefixtures("quick")


def test_two_supervisors_share_a_run(store: MemoryStore) -> None:
    """Each shard is gone through once, whoever does it, and both come to the same end."""
    updates: Counter[str] = Counter()
    both = Event()

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "scan"):
            both.wait(10)
        updates[key] += (when, name) == ("before", "update") and key in KEYS

    done: list[Progress] = []
    waiting = [Thread(target=lambda: done.append(run(ToldStore(store, told), lease=20.0))) for _ in range(2)]
    for thread in waiting:
        thread.start()
    state = State(store.beside("backfill"))
    until = time.monotonic() + 10
    while len(list(state.keys("shard/"))) < 2 and time.monotonic() < until:
        time.sleep(0.001)
    both.set()
    for thread in waiting:
        thread.join(30)
    assert [progress.complete for progress in done] == [True, True]
    assert done[0].run.generation == done[1].run.generation
    assert [progress.books.scanned for progress in done] == [42, 42]
    assert is_whole(store)
    assert [updates[key] for key in KEYS] == [1] * len(KEYS)


def test_two_supervisors_share_the_rate(store: MemoryStore) -> None:
    """Together they write what one may: the second tells the first, and both keep to their half."""
    times: list[float] = []
    second = Event()

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update") and key in KEYS:
            if not times:
                second.wait(10)  # the first holds a shard by now
            times.append(time.monotonic())

    pace = Pace(rate=50.0)
    waiting = [Thread(target=lambda: run(ToldStore(store, told), pace=pace, batch=2, lease=20.0)) for _ in range(2)]
    waiting[0].start()
    state = State(store.beside("backfill"))
    until = time.monotonic() + 10
    while not list(state.keys("shard/")) and time.monotonic() < until:
        time.sleep(0.001)
    waiting[1].start()
    while asked_of(state, find(state, "tests.counter.to-3").id).workers != 2 and time.monotonic() < until:
        time.sleep(0.001)
    second.set()
    for thread in waiting:
        thread.join(30)
    assert is_whole(store)
    most = max(sum(each <= other < each + 0.4 for other in times) for each in times)
    assert most <= 0.4 * 50 + 6, "and the first of each shard, and a batch of the first before it looked again"
