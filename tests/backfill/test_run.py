"""Backfills from beginning to end: in this process, in processes that are killed, stopped, gone on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.backfill import counters
from tests.backfill.counters import New, as_old, new
from tests.backfill.memory import MemoryStore, ToldStore, When
from tests.backfill.runs import KEYS, is_whole, run, settings
from versioned_serde import Schema, Version
from versioned_serde.backfill import Settings, backfill, census, quarantined
from versioned_serde.backfill.control import GO, PAUSE, STOP, ask
from versioned_serde.backfill.engines.processes import SupervisedPool
from versioned_serde.backfill.record import Progress, find, forget
from versioned_serde.backfill.run import rehearsed
from versioned_serde.backfill.state import State
from versioned_serde.backfill.throttle import Pace
from versioned_serde.errors import BackfillError, DeclarationError, StoreError, UnsafeStoreError
from versioned_serde.rewriting import Target
from versioned_serde.stores.sqlite import SqliteStore

pytestmark = pytest.mark.usefixtures("quick")


def test_each_record_is_at_the_target_and_in_the_books(store: MemoryStore) -> None:
    told: list[Progress] = []
    progress = run(store, tell=told.append)
    assert is_whole(store)
    assert progress.complete
    assert progress.books.plain() == {
        "scanned": 42, "migrated": 40, "already": 1, "overtaken": 0, "deleted": 0, "quarantined": 1,
    }  # fmt: skip
    assert progress.run.ended_at
    assert told[-1].complete
    assert [entry.key for entry in quarantined(store, progress)] == ["r200"]
    assert not list(store.beside("probe").records), "nothing is left of the probe"


def test_a_second_time_there_is_nothing_to_do(store: MemoryStore) -> None:
    run(store)
    before = dict(store.records)
    progress = run(store)
    assert store.records == before
    assert (progress.books.already, progress.books.quarantined, progress.books.scanned) == (41, 1, 42)


@pytest.mark.parametrize("shards", [1, 3, 100])
@pytest.mark.parametrize("batch", [1, 7, 1_000])
@pytest.mark.parametrize("threads", [1, 4])
def test_how_it_is_parted_changes_nothing(store: MemoryStore, shards: int, batch: int, threads: int) -> None:
    progress = run(store, shards=shards, batch=batch, threads=threads, engine=ThreadPoolExecutor(2))
    assert is_whole(store)
    assert (progress.books.scanned, progress.books.migrated, progress.books.balanced) == (42, 40, True)


def test_an_empty_store_is_soon_done() -> None:
    progress = run(MemoryStore())
    assert progress.complete
    assert progress.books.scanned == 0


def test_what_cannot_be_right_is_said_before_anything_is_written(store: MemoryStore) -> None:
    with pytest.raises(DeclarationError, match="Version 4 is not listed"):
        backfill(new, store, to=4, settings=settings())
    with pytest.raises(DeclarationError, match="No module holds"):
        backfill(Schema("x.y", New, Version(1, codec="json", framing="envelope")), store, to=1)
    assert list(store.beside("backfill").keys()) == []
    assert {stored.payload for stored in store.records.values()} >= {as_old(0)}


def test_a_careless_store_or_state_is_refused(store: MemoryStore) -> None:
    class Careless(MemoryStore):
        def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
            return self._put(key, payload, headers)

        def beside(self, name: str) -> MemoryStore:
            return Careless()

    with pytest.raises(UnsafeStoreError):
        run(Careless())
    with pytest.raises(UnsafeStoreError):
        backfill(new, store, to=3, state=Careless())
    with pytest.raises(UnsafeStoreError):
        census(new, store, state=Careless())


def test_a_dry_run_writes_nothing(store: MemoryStore) -> None:
    def told(when: When, name: str, key: str) -> None:
        assert name == "scan"

    books = rehearsed(new, ToldStore(store, told), Target(3), batch=4)
    assert (books.scanned, books.migrated, books.already, books.quarantined) == (42, 40, 1, 1)


def test_a_census_counts_by_version_min_reader_and_mixed(store: MemoryStore) -> None:
    before = dict(store.records)
    progress = census(new, store, settings=settings())
    assert progress.counts == {(1, 1, False): 40, (3, 2, False): 1}
    assert sum(progress.unreadable.values()) == 1
    assert store.records == before


def test_a_census_reads_no_faster_than_it_may(store: MemoryStore) -> None:
    began = time.monotonic()
    progress = census(new, store, settings=settings(shards=12, pace=Pace(rate=200.0)))
    assert progress.books.scanned == 42
    assert time.monotonic() - began >= 42 / 200.0, "however few records a shard has"


# Stopped, paused, forgotten -------------------------------------------------------------------------------------------


class Asking:
    """Asks something of a run once it has rewritten so many records."""

    def __init__(self, store: MemoryStore, what: str, after: int) -> None:
        self.store, self.what, self.after, self.updates = store, what, after, 0
        self.state = State(store.beside("backfill"))

    def __call__(self, when: When, name: str, key: str) -> None:
        self.updates += (when, name) == ("after", "update") and key in KEYS
        if self.updates == self.after and (when, name) == ("after", "update"):
            found = find(self.state, "tests.counter.to-3")
            if self.what == "forget":
                forget(self.state, found)
            else:
                ask(self.state, found.id, self.what)  # type: ignore[arg-type]


def test_a_run_that_is_stopped_goes_on_without_a_wait(store: MemoryStore) -> None:
    stopped = run(ToldStore(store, Asking(store, STOP, 12)), lease=600.0)
    assert not stopped.complete
    assert not stopped.run.ended_at
    assert 12 <= stopped.books.migrated < 20, "it ends after the batch under way"
    ask(State(store.beside("backfill")), stopped.run.id, GO)
    progress = run(store, lease=600.0)
    assert progress.run.generation == stopped.run.generation
    assert progress.complete
    assert is_whole(store)
    assert (progress.books.scanned, progress.books.migrated) == (42, 40), "nothing is counted twice"


def test_a_run_that_is_paused_keeps_its_lease_and_goes_on(store: MemoryStore) -> None:
    done: list[Progress] = []
    held = ToldStore(store, Asking(store, PAUSE, 12))
    worker = Thread(target=lambda: done.append(run(held, lease=0.2)))
    worker.start()
    state = State(store.beside("backfill"))

    def beats() -> int:
        shards = [state.get(key) for key in state.keys("shard/")]
        return max(
            (shard.content["beat"] for shard in shards if shard is not None and shard.content["owner"]), default=0
        )

    until = time.monotonic() + 30
    seen: set[int] = set()
    while len(seen) < 12 and time.monotonic() < until:
        seen.add(beats())
    assert len(seen) >= 12, "the lease is not kept"
    assert not done
    assert sum(new.identify(store.records[key].payload).version == 3 for key in KEYS) < 20
    ask(state, find(state, "tests.counter.to-3").id, GO)
    worker.join(30)
    assert done[0].complete
    assert is_whole(store)


def test_a_run_that_is_forgotten_ends_and_does_not_come_back(store: MemoryStore) -> None:
    progress = run(ToldStore(store, Asking(store, "forget", 12)))
    assert not progress.complete
    assert not list(State(store.beside("backfill")).keys("shard/")), "no shard was begun anew"
    assert not list(State(store.beside("backfill")).keys("run/"))


def test_another_wish_under_the_same_name_is_refused(store: MemoryStore) -> None:
    run(ToldStore(store, Asking(store, STOP, 12)))
    for other in ({"to": 2}, {"to": 3, "lower": True}, {"to": 3, "purge": True}):
        with pytest.raises(BackfillError, match="it is another one"):
            backfill(new, store, name="tests.counter.to-3", settings=settings(), **other)  # type: ignore[arg-type]
    with pytest.raises(BackfillError, match="it is another one"):
        census(new, store, name="tests.counter.to-3", settings=settings())


# What fails -----------------------------------------------------------------------------------------------------------


def test_a_shard_that_fails_is_tried_again_and_then_told_of_while_the_others_end(store: MemoryStore) -> None:
    calls: list[str] = []

    def told(when: When, name: str, key: str) -> None:
        if name == "update" and key == "r017" and when == "before":
            calls.append(key)
            raise StoreError("The disk is full.", key=key)

    with pytest.raises(BackfillError, match=r"1 of 4 shards failed 3 times.*disk is full") as raised:
        run(ToldStore(store, told), lease=0.01)
    assert isinstance(raised.value.__cause__, StoreError)
    assert raised.value.hint
    assert len(calls) == 3
    left = [key for key in KEYS if new.identify(store.records[key].payload).version == 1]
    assert "r017" in left
    assert len(left) <= 10, "the other shards came to their end"
    progress = run(store, lease=0.01)
    assert progress.complete
    assert is_whole(store)
    assert progress.books.balanced
    assert progress.books.scanned == 42


def test_a_shard_that_fails_twice_is_done_at_the_third_time(store: MemoryStore) -> None:
    left = iter(range(2))

    def told(when: When, name: str, key: str) -> None:
        if name == "scan" and when == "before" and next(left, None) is not None:
            raise StoreError("The disk is full.", key=key)

    assert run(ToldStore(store, told), lease=0.01).complete
    assert is_whole(store)


class Unsendable(Executor):
    def submit(self, *_: Any, **__: Any) -> Any:
        future: Future[Any] = Future()
        future.set_exception(TypeError("cannot pickle"))
        return future


def test_what_cannot_be_sent_is_not_tried_again(store: MemoryStore) -> None:
    with pytest.raises(TypeError, match="cannot pickle"):
        run(store, engine=Unsendable())


def test_a_resume_repeats_at_most_one_batch_of_each_shard(store: MemoryStore) -> None:
    class DeathError(BaseException):
        pass

    def dying(when: When, name: str, key: str) -> None:
        if (when, name) == ("after", "update") and key == KEYS[23]:
            raise DeathError

    scanned: list[str] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "scan"):
            scanned.append(key)

    with pytest.raises(DeathError):
        run(ToldStore(store, dying), shards=2)
    again = run(ToldStore(store, told), shards=2, lease=0.01)
    assert again.complete
    assert 2 <= again.books.already <= 1 + 5, "a batch is done again and no more"
    assert again.books.scanned == 42
    assert len(scanned) == len(set(scanned)), "no page is read twice"
    assert is_whole(store)


# Processes ------------------------------------------------------------------------------------------------------------


def test_workers_that_are_killed_are_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    """Real processes. Each kill hits the run: the pace makes it long, and it is not done yet."""
    pool = SupervisedPool(2)
    kills: list[int] = []
    with SqliteStore(tmp_path / "records.db", fsync=False) as store:
        for number in range(300):
            store.insert(f"r{number:03}", as_old(number), {})

        def kill(progress: Progress) -> None:
            if len(kills) < 3 and 80 * len(kills) + 20 < progress.books.scanned and not progress.complete and pool.pids:
                kills.append(pool.pids[len(kills) % len(pool.pids)])
                os.kill(kills[-1], signal.SIGKILL)

        chosen = settings(engine=pool, workers=2, lease=2.0, pace=Pace(rate=400.0), tell=kill)
        progress = backfill(counters.new, store, to=3, settings=chosen)
        pool.kill()
        assert len(kills) == 3
        assert progress.complete
        assert progress.books.balanced
        assert progress.books.scanned == 300
        records = store.scan("", "", 1_000).records
        assert [new.loads(stored.payload).count for _, stored in records] == list(range(300))
        assert {new.identify(stored.payload).version for _, stored in records} == {3}


def test_the_default_engine_is_processes_and_they_are_gone_afterwards(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "records.db", fsync=False) as store:
        store.insert("a", as_old(1), {})
        progress = backfill(counters.new, store, to=3, settings=Settings(workers=1, shards=1))
        assert progress.books.migrated == 1
    assert not [
        child for child in Path(f"/proc/{os.getpid()}/task").glob("*/children") if "spawn_main" in told_of(child)
    ]


def told_of(children: Path) -> str:
    told = []
    for pid in children.read_text().split():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            continue
        told.append("" if "resource_tracker" in line or "forkserver" in line else line)
    return " ".join(told)
