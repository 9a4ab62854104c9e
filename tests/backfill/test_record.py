from __future__ import annotations

from dataclasses import replace

import pytest

from tests.backfill.counters import as_old
from tests.backfill.memory import MemoryStore, ToldStore, When
from versioned_serde.backfill import record
from versioned_serde.backfill.books import Outcome
from versioned_serde.backfill.control import PAUSE, ask, asked_of
from versioned_serde.backfill.lease import claim
from versioned_serde.backfill.quarantine import Quarantine, Quarantined
from versioned_serde.backfill.record import Looker, Run, begin, end, find, forget, names, note, timeline
from versioned_serde.backfill.shard import is_known, shard_key
from versioned_serde.backfill.state import State
from versioned_serde.errors import BackfillError
from versioned_serde.protocols import Stored

RUN = Run(
    name="up",
    generation="aaaa",
    kind="rewrite",
    schema="tests.counter",
    to=3,
    lower=False,
    purge=False,
    ends=(("", "=k"), ("=k", "")),
    began_at="2020-01-01T00:00:00+00:00",
)


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def state(memory: MemoryStore) -> State:
    return State(memory)


def carried_out(state: State, run: Run, number: int, *, done: bool = True) -> None:
    lease = claim(state, shard_key(run.id, number), run.ends[number], 0.0)
    assert lease is not None
    lease.books.enter(Outcome.MIGRATED)
    lease.counts[1, 1, False] = 2
    lease.unreadable["bad-checksum"] = 1
    lease.done = done
    lease.save()


def test_a_run_is_kept_as_it_is(state: State) -> None:
    assert begin(state, RUN) == find(state, "up") == RUN
    assert names(state) == ["up"]
    assert RUN.id == "up/aaaa"
    with pytest.raises(BackfillError, match="no such run") as raised:
        find(state, "down")
    assert "`up`" in raised.value.hint


def test_one_that_is_under_way_goes_on_if_it_wants_the_same(state: State) -> None:
    begin(state, RUN)
    again = replace(RUN, generation="bbbb", ends=(("", ""),), began_at=record.now())
    assert begin(state, again) == RUN
    for other in ({"to": 2}, {"lower": True}, {"purge": True}, {"schema": "x"}, {"kind": "census", "to": 0}):
        with pytest.raises(BackfillError, match="it is another one") as raised:
            begin(state, replace(again, **other))
        assert raised.value.run == "up"
        assert raised.value.hint
    assert find(state, "up") == RUN


def test_one_that_has_ended_begins_anew_and_leaves_nothing(state: State, memory: MemoryStore) -> None:
    run = begin(state, RUN)
    carried_out(state, run, 0)
    Quarantine(state, run.id).put(Quarantined.of("a", Stored(b"", {}, "1"), ValueError()))
    ask(state, run.id, PAUSE)
    note(state, run, 1)
    ended = end(state, run)
    assert find(state, "up") == ended
    assert ended.ended_at > ended.began_at
    again = replace(RUN, generation="bbbb", to=2)
    assert begin(state, again) == again
    assert list(memory.keys()) == ["run/up"]
    assert asked_of(state, again.id).what == "go"


def test_of_two_that_begin_at_once_one_run_comes(memory: MemoryStore) -> None:
    other = replace(RUN, generation="bbbb")
    there: list[Run] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "insert") and not there:
            there.append(begin(State(memory), other))

    assert begin(State(ToldStore(memory, told)), RUN) == other == find(State(memory), "up")


def test_of_two_that_begin_it_anew_at_once_one_run_comes(memory: MemoryStore) -> None:
    end(State(memory), begin(State(memory), RUN))
    one, other = (replace(RUN, generation=name) for name in ("bbbb", "cccc"))
    there: list[Run] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update") and not there:
            there.append(begin(State(memory), other))

    assert begin(State(ToldStore(memory, told)), one) == other == find(State(memory), "up")


def test_the_end_of_an_earlier_run_is_not_that_of_a_later_one(state: State) -> None:
    run = begin(state, RUN)
    forget(state, run)
    later = begin(state, replace(RUN, generation="bbbb"))
    end(state, run)
    assert find(state, "up") == later


def test_what_is_forgotten_is_known_to_nobody(state: State, memory: MemoryStore) -> None:
    run = begin(state, RUN)
    carried_out(state, run, 1)
    assert is_known(state, run.id)
    forget(state, run)
    assert not memory.records
    assert not is_known(state, run.id)
    begin(state, replace(RUN, generation="bbbb"))
    assert not is_known(state, run.id)


def test_progress_is_the_sum_of_shards_and_those_that_are_done_are_not_looked_at_again(memory: MemoryStore) -> None:
    looked: list[str] = []

    def told(when: When, name: str, key: str) -> None:
        if when == "before" and key.startswith("shard"):
            looked.append(key)

    state = State(memory)
    run = begin(state, RUN)
    looker = Looker(State(ToldStore(memory, told)), run)
    progress = looker.progress()
    assert (progress.books.scanned, progress.done, progress.complete, progress.estimate) == (0, 0, False, None)
    assert looker.open() == [0, 1]
    carried_out(state, run, 1)
    carried_out(state, run, 0, done=False)
    progress = looker.progress()
    assert (progress.books.migrated, progress.done, progress.complete, progress.estimate) == (2, 1, False, 2)
    assert (progress.counts, progress.unreadable) == ({(1, 1, False): 4}, {"bad-checksum": 2})
    assert looker.open() == [0]
    looked.clear()
    carried_out(state, run, 0)
    progress = looker.progress()
    assert looked == [shard_key(run.id, 0)]
    assert (progress.books.migrated, progress.complete, looker.open()) == (3, True, [])


def test_a_run_of_another_release_is_refused(state: State) -> None:
    state.insert("run/up", RUN.plain() | {"format": 2})
    with pytest.raises(BackfillError, match="format 2"):
        begin(state, RUN)


def test_a_timeline_is_bounded_and_keeps_its_end(state: State) -> None:
    assert timeline(state, RUN) == []
    for scanned in range(450):
        note(state, RUN, scanned)
    points = timeline(state, RUN)
    assert 200 <= len(points) <= 400
    assert points[-1][1] == 449
    assert [scanned for _, scanned in points] == sorted({scanned for _, scanned in points})


def test_records_are_as_they_were_after_a_run_is_forgotten(memory: MemoryStore) -> None:
    memory.set("a", as_old(1))
    state = State(memory.beside("backfill"))
    forget(state, begin(state, RUN))
    assert memory.records["a"].payload == as_old(1)
