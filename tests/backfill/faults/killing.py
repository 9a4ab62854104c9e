"""Backfills that are killed at random moments and started again, while a fleet writes."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from random import Random

from tests.backfill.counters import NEWEST, OLDEST, new
from tests.backfill.faults.deaths import Here
from tests.backfill.faults.fleet import context
from versioned_serde.backfill import Settings, backfill
from versioned_serde.backfill import run as running
from versioned_serde.backfill.record import Run
from versioned_serde.backfill.shard import run_key
from versioned_serde.backfill.state import State
from versioned_serde.protocols import ScannedStore

PROCESSES = 2
"""That share a run: each a supervisor which does its shards itself."""
_LONGEST = 0.15
"""Seconds between two kills."""


@dataclass(frozen=True)
class Backfill:
    """One direction: up to the newest version, or back down to the oldest.

    Attributes:
        store: where the records are.
        up: which way.
        probed: whether the store is probed; else even one that is careless is written to.
    """

    store: ScannedStore
    up: bool = True
    probed: bool = True

    @property
    def name(self) -> str:
        return "up" if self.up else "down"

    def run(self) -> None:
        """Until it is complete."""
        if not self.probed:
            running.probe = _not_probed  # type: ignore[attr-defined]  # this process runs nothing else
        settings = Settings(engine=Here(), workers=PROCESSES, shards=6, batch=10, lease=0.5)
        to = NEWEST if self.up else OLDEST
        progress = backfill(new, self.store, to=to, lower=not self.up, name=self.name, settings=settings)
        assert progress.books.balanced, progress.books
        assert not progress.books.quarantined, progress.books

    def started(self) -> BaseProcess:
        process: BaseProcess = context().Process(target=self.run, daemon=True)
        process.start()
        return process


@dataclass
class Kills:
    """How often a backfill was killed.

    Attributes:
        hit: kills while a run was under way.
        missed: others: before it began, or after its end.
        runs: that came to their end.
    """

    hit: int = 0
    missed: int = 0
    runs: int = 0


def killed(store: ScannedStore, wanted: int, is_done: Callable[[], bool], seed: int = 0) -> Kills:
    """Backfills up and down in turn, until so many kills have hit one and the writers are done; the last goes up."""
    random, kills, up = Random(seed), Kills(), True
    place = store.beside("backfill")
    while kills.hit < wanted or not is_done():
        _one_run(Backfill(store, up), State(place), kills, random, lambda: kills.hit >= wanted and is_done())
        up = not up
    last = Backfill(store).started()
    last.join()
    assert last.exitcode == 0
    if (close := getattr(place, "close", None)) is not None:
        close()
    return kills


def _one_run(way: Backfill, state: State, kills: Kills, random: Random, enough: Callable[[], bool]) -> None:
    """Processes that share it, each replaced when it is killed, until one comes to the end."""
    processes = [way.started() for _ in range(PROCESSES)]
    while not enough() and all(process.exitcode is None for process in processes):
        while not _under_way(state, way.name) and all(process.exitcode is None for process in processes):
            time.sleep(0.005)
        time.sleep(random.uniform(0, _LONGEST))
        victim = random.choice(processes)
        victim.kill()
        victim.join()
        if victim.exitcode == -signal.SIGKILL:
            if _under_way(state, way.name):
                kills.hit += 1
            else:
                kills.missed += 1
            processes.remove(victim)
            processes.append(way.started())
    for process in processes:
        process.join()
        assert process.exitcode == 0, f"a backfill {way.name} failed"
    kills.runs += 1


def _under_way(state: State, name: str) -> bool:
    held = state.get(run_key(name))
    return held is not None and not Run.parsed(held.content).ended_at


def _not_probed(store: ScannedStore) -> None:
    pass
