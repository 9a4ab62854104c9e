"""Workers that claim, keep, lose and give back a shard; each with a clock of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backfill.memory import MemoryStore, ToldStore, When
from versioned_serde.backfill import lease as module
from versioned_serde.backfill.books import Books, Outcome
from versioned_serde.backfill.lease import Lease, LostLeaseError, claim, is_gone, new_owner
from versioned_serde.backfill.state import State
from versioned_serde.errors import StoreError

KEY = "shard/run/1/00000"
ENDS = ("=a", "=z")


class Clock:
    """A monotonic clock that begins anywhere, and only moves while its worker sleeps, or at each look."""

    def __init__(self, start: float = 0.0, pace: float = 1.0) -> None:
        self.now = start
        self.pace = pace
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds * self.pace
        assert len(self.slept) < 10_000, "it waits for ever"


@pytest.fixture
def state() -> State:
    return State(MemoryStore())


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Owners are taken for processes of another host, so that only the lease tells whether they live."""
    monkeypatch.setattr(module, "is_gone", lambda owner: False)


def claimed(state: State, clock: Clock | None = None, seconds: float = 10.0) -> Lease:
    clock = clock or Clock()
    found = claim(state, KEY, ENDS, seconds, clock=clock, sleep=clock.sleep)
    assert found is not None
    return found


def test_a_new_shard_begins_at_its_beginning(state: State) -> None:
    lease = claimed(state)
    assert (lease.position, lease.until, lease.done, lease.books) == ("=a", "=z", False, Books())
    assert (lease.counts, lease.unreadable) == ({}, {})


def test_a_checkpoint_is_where_the_next_worker_goes_on(state: State) -> None:
    lease = claimed(state)
    lease.position = "=k"
    lease.books.enter(Outcome.MIGRATED)
    lease.counts[3, 2, True] = 4
    lease.unreadable["checksum"] = 2
    lease.save()
    lease.position, lease.counts[1, 1, False] = "=never saved", 9
    after = claimed(state)
    assert (after.position, after.until, after.books.migrated, after.books.scanned) == ("=k", "=z", 1, 1)
    assert (after.counts, after.unreadable) == ({(3, 2, True): 4}, {"checksum": 2})


def test_a_shard_that_is_done_is_nobodys(state: State) -> None:
    lease = claimed(state)
    lease.done, lease.position = True, ""
    lease.save()
    assert claim(state, KEY, ENDS, 10.0) is None
    held = state.get(KEY)
    assert held is not None
    assert held.content["owner"] == ""


def test_who_waits_takes_over_after_a_lease_without_a_sign_of_life(state: State) -> None:
    claimed(state)
    clock = Clock(1e6)
    claimed(state, clock, 10.0)
    assert 10.0 <= sum(clock.slept) < 11.0


@pytest.mark.parametrize("start", [-1e9, 0.0, 1e9])
@pytest.mark.parametrize("pace", [0.5, 1.0, 2.0])
def test_clocks_of_workers_need_not_agree(start: float, pace: float) -> None:
    """Only what a waiting worker's own clock says passes counts: none that shows another time is too early."""
    state = State(MemoryStore())
    owner = claimed(state, Clock())
    clock = Clock(start, pace)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if len(clock.slept) < 100 and len(clock.slept) % 4 == 0:
            owner.save()  # the owner lives: a sign in each four tenths of a lease

    assert claim(state, KEY, ENDS, 5.0, clock=clock, sleep=sleep) is not None
    assert 96 <= len(clock.slept) - 10 / pace <= 98


def test_who_lost_a_lease_is_told_and_changes_nothing(state: State) -> None:
    lost = claimed(state)
    holder = claimed(state)
    lost.position = "=far"
    with pytest.raises(LostLeaseError) as raised:
        lost.save()
    assert raised.value.hint
    with pytest.raises(LostLeaseError):
        lost.keep(0.0)
    holder.position = "=b"
    holder.save()
    held = state.get(KEY)
    assert held is not None
    assert held.content["position"] == "=b"


def test_of_two_that_take_over_at_once_one_waits(state: State) -> None:
    claimed(state)
    store = state._store
    second: list[Lease] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update") and not second:
            second.append(claimed(state))

    clock = Clock()
    claimed(State(ToldStore(store, told)), clock)
    assert sum(clock.slept) >= 20.0, "the first attempt lost, and it waited for another lease"
    with pytest.raises(LostLeaseError):
        second[0].save()


def test_of_two_that_begin_at_once_one_waits(state: State) -> None:
    second: list[Lease] = []

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "insert") and not second:
            second.append(claimed(state))

    clock = Clock()
    claimed(State(ToldStore(state._store, told)), clock)
    assert sum(clock.slept) >= 10.0


def test_keeping_is_a_sign_of_life_that_counts_nothing(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    lease = claimed(state)
    before = state.get(KEY)
    lease.keep(2.5)
    assert state.get(KEY) == before, "not yet"
    clock.now = 2.5
    lease.keep(2.5)
    after = state.get(KEY)
    assert before is not None
    assert after is not None
    assert after.token != before.token
    assert {**after.content, "beat": 0} == {**before.content, "beat": 0}
    assert after.content["beat"] > before.content["beat"]


def test_a_shard_that_is_given_back_is_not_waited_for(state: State) -> None:
    claimed(state).save(give_back=True)
    clock = Clock()
    claimed(state, clock)
    assert not clock.slept


def test_an_owner_whose_process_has_ended_is_not_waited_for(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed(state)
    monkeypatch.setattr(module, "is_gone", lambda owner: True)
    clock = Clock()
    claimed(state, clock)
    assert not clock.slept


@pytest.mark.parametrize("name", ["insert", "update"])
def test_an_answer_that_was_lost_does_not_lose_the_lease(state: State, name: str) -> None:
    failed: list[str] = []

    def told(when: When, called: str, key: str) -> None:
        if (when, called) == ("after", name) and not failed:
            failed.append(called)
            raise StoreError("The connection was lost.", key=key, transient=True)

    clock = Clock()
    lease = claimed(State(ToldStore(state._store, told)), clock)
    lease.position = "=c"
    lease.save()
    lease.save()
    assert failed
    assert not clock.slept


class TestIsGone:
    @pytest.fixture(autouse=True)
    def _elsewhere(self) -> None:
        """The real thing."""

    def test_this_process_lives(self) -> None:
        assert not is_gone(new_owner())

    def test_another_process_lives_until_it_has_ended(self) -> None:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        owner = new_owner().replace(f"/{os.getpid()}/", f"/{process.pid}/")
        assert not is_gone(owner)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(owner), "a zombie does not come back"
        process.communicate()
        assert is_gone(owner)

    def test_a_process_of_another_host_may_live(self) -> None:
        host, _, rest = new_owner().partition(":")
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        for other in (f"other-{host}:{rest}", f"{host}:{rest.partition(':')[0]}"):
            owner = f"{other.rsplit('/', 2)[0]}/{process.pid}/ff"
            assert not is_gone(owner)

    def test_hosts_of_one_name_are_told_apart(self) -> None:
        """`localhost`, and the first space of process numbers, which has the same number on every host."""
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        assert boot in new_owner()
