"""A worker's way through one shard: a page, its records, a checkpoint."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import starmap
from threading import Lock

from versioned_serde.backfill.books import Books, Outcome
from versioned_serde.backfill.control import PAUSE, STOP, asked_of
from versioned_serde.backfill.job import Job
from versioned_serde.backfill.lease import Lease, LostLeaseError, claim
from versioned_serde.backfill.quarantine import Quarantine
from versioned_serde.backfill.retrying import retried
from versioned_serde.backfill.state import State
from versioned_serde.backfill.throttle import Throttle
from versioned_serde.backfill.transfer import Transfer
from versioned_serde.errors import ReadError
from versioned_serde.protocols import Stored
from versioned_serde.rewriting import Rewriting, counted_as, reason

Records = Iterable[tuple[str, Stored]]
_BEATS = 4
"""Signs of life within one lease."""


def work(job: Job, number: int, ends: tuple[str, str]) -> bool:
    """Goes through a shard from where it was left, and returns when it is done.

    Args:
        job: the run.
        number: of the shard.
        ends: where it begins and ends.

    Returns:
        False if somebody asked the run to stop first, or to forget it.

    Raises:
        StoreError: a store refuses, again and again. The shard goes on from its last checkpoint when it is tried again.
    """
    state = State(job.state)
    try:
        while is_known(state, job.name):
            lease = claim(state, shard_key(job.name, number), ends, job.lease)
            if lease is None:
                return True
            try:
                return _Worker(job, state, lease).run()
            except LostLeaseError:
                continue  # whoever took over may be dead by now
        return False
    finally:
        job.release()


def shard_key(run: str, number: int) -> str:
    """The key of a shard's document."""
    return f"shard/{run}/{number:05}"


def run_key(name: str) -> str:
    """The key of a run's document."""
    return f"run/{name}"


def is_known(state: State, run: str) -> bool:
    """Whether the run is still there. A worker that was stopped meanwhile must not begin its shard anew."""
    name, _, generation = run.rpartition("/")
    held = state.get(run_key(name)) or state.get(run_key(name))  # a store that is behind may miss it once
    return held is not None and held.content["generation"] == generation


class _Worker:
    def __init__(self, job: Job, state: State, lease: Lease) -> None:
        self._job = job
        self._state = state
        self._lease = lease
        self._throttle = Throttle(job.pace, job.workers, sleep=self._sleep)
        self._one_at_a_time = Lock()
        self._transfer = None
        if job.target is not None:
            rewriting = Rewriting(job.schema.schema, job.target)
            quarantine = Quarantine(state, job.name)
            self._transfer = Transfer(rewriting, job.store, quarantine, self._wait, self._throttle.took)

    def run(self) -> bool:
        job, lease = self._job, self._lease
        with ThreadPoolExecutor(job.threads) as threads:
            while not lease.done:
                if not self._may_go_on():
                    lease.save(give_back=True)
                    return False
                after = lease.position
                page = retried(partial(job.store.scan, after, lease.until, job.batch))
                books = Books()  # entered with the checkpoint, and not before: until then the batch may be repeated
                if self._transfer is None:
                    self._throttle.read(len(page.records))
                    self._count(page.records, books)
                else:
                    for outcome in self._transferred(self._transfer, page.records, threads):
                        books.enter(outcome)
                lease.books += books
                lease.position = page.position
                lease.done = not page.position
                lease.save()
        return True

    def _may_go_on(self) -> bool:
        """False where somebody asks to stop; waits as long as somebody asks to pause."""
        while True:
            asked = asked_of(self._state, self._job.name)
            rate = asked.rate if asked.rate is not None else self._job.pace.rate
            self._throttle.cap(rate, asked.workers or self._job.workers)
            if asked.what != PAUSE:
                return asked.what != STOP
            self._keep()
            time.sleep(min(0.2, self._job.lease / _BEATS))

    def _wait(self) -> None:
        with self._one_at_a_time:
            self._throttle.wait()
            self._keep()

    def _sleep(self, seconds: float) -> None:
        """A slow rate makes a batch long, and even one write."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, self._job.lease / _BEATS))
            self._keep()

    def _keep(self) -> None:
        self._lease.keep(self._job.lease / _BEATS)

    def _transferred(self, transfer: Transfer, records: Records, threads: ThreadPoolExecutor) -> Iterable[Outcome]:
        if self._job.threads == 1:
            return starmap(transfer, records)
        return threads.map(lambda record: transfer(*record), records)

    def _count(self, records: Records, books: Books) -> None:
        schema, lease = self._job.schema.schema, self._lease
        for _, stored in records:
            books.enter(Outcome.ALREADY)
            try:
                what = counted_as(schema, stored)
            except ReadError as error:
                why = reason(error)
                lease.unreadable[why] = lease.unreadable.get(why, 0) + 1
            else:
                lease.counts[what] = lease.counts.get(what, 0) + 1
