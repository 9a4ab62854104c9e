"""A backfill or a census, from what was asked for to what came of it."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from pickle import PicklingError
from time import monotonic
from typing import Any

from versioned_serde.backfill.books import Books
from versioned_serde.backfill.control import share
from versioned_serde.backfill.engines.processes import SupervisedPool
from versioned_serde.backfill.job import Job, Shared, place_of
from versioned_serde.backfill.probe import probe
from versioned_serde.backfill.quarantine import Quarantine
from versioned_serde.backfill.record import Looker, Progress, Run, begin, end, note, now
from versioned_serde.backfill.retrying import retried
from versioned_serde.backfill.shard import work
from versioned_serde.backfill.state import State
from versioned_serde.backfill.throttle import Pace
from versioned_serde.errors import BackfillError, SerdeError
from versioned_serde.protocols import ScannedStore
from versioned_serde.rewriting import Rewriting, Target, Unfit
from versioned_serde.schema import Schema

Tell = Callable[[Progress], None]
"""Is told how far a run is, every second or so, and once at its end."""
_TICK = 0.5
_ATTEMPTS = 3
SHARDS_OF_A_WORKER = 8


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is carried out; none of it changes what comes of it.

    Attributes:
        engine: what runs the workers: anything shaped like `concurrent.futures.Executor`. A pool of supervised
            processes of this machine unless told.
        workers: how many there are at once; as many as there are processors unless told.
        shards: into how many ranges of keys the records are parted; 8 for each worker unless told.
        batch: records between two checkpoints. After a crash, at most one batch of each shard is done again.
        lease: seconds without a sign of life after which a worker is taken for dead; longer than a batch takes.
        threads: writes of one worker that are under way at once; 1 is best where a write takes less than a millisecond,
            16 where it goes to another continent.
        pace: what may be taken from the store.
        tell: is told how far it is.
    """

    engine: Executor | None = None
    workers: int | None = None
    shards: int | None = None
    batch: int = 200
    lease: float = 15.0
    threads: int = 1
    pace: Pace = field(default_factory=Pace)
    tell: Tell | None = None


def backfill(
    schema: Schema[Any],
    store: ScannedStore,
    *,
    to: int,
    lower: bool = False,
    purge: bool = False,
    name: str | None = None,
    state: ScannedStore | None = None,
    settings: Settings | None = None,
) -> Progress:
    """Rewrites every record of a store to a version, while live hosts, old ones among them, read and write.

    A run that was interrupted or killed goes on where it was; one that came to its end begins anew. Several processes
    may call this at once, with the same name: they share the work.

    Args:
        schema: whose records are there. It is at the top of a module, where worker processes find it.
        store: where they are.
        to: the version that they shall have. What is newer stays as it is.
        lower: whether newer records are taken down to it, before a roll-back.
        purge: whether what is kept for retired versions is taken out.
        name: of the run; made of the schema and the version unless told.
        state: where the run keeps what it knows; beside the records unless told.
        settings: how it is carried out.

    Returns:
        How it ended. `complete` is False if somebody asked it to stop. Records that could not be rewritten are as they
        were, are counted in `books.quarantined`, and are told of by `quarantined`.

    Raises:
        UnsafeStoreError: the store writes over what others wrote.
        DeclarationError: the schema does not list the version.
        BackfillError: another run of the name is under way, or shards failed again and again; what was done stands.
        StoreError: a store refuses, again and again.
    """
    target = Target(to, lower=lower, purge=purge)
    Rewriting(schema, target)  # what is wrong with the declaration is said before anything is begun
    probe(store)
    if state is not None:
        probe(state)  # a lease is a compare-and-set too
    return _carried_out(schema, store, target, name or f"{schema.name}.to-{to}", state, settings or Settings())


def census(
    schema: Schema[Any],
    store: ScannedStore,
    *,
    name: str | None = None,
    state: ScannedStore | None = None,
    settings: Settings | None = None,
) -> Progress:
    """Counts every record of a store by version, min_reader and whether it is mixed. Writes nothing but its progress.

    Args:
        schema: whose records are there.
        store: where they are.
        name: of the run; made of the schema unless told.
        state: as for `backfill`.
        settings: as for `backfill`.

    Raises:
        UnsafeStoreError: two workers could count the same shard, because the progress is written over.
        BackfillError: as for `backfill`.
        StoreError: a store refuses, again and again.
    """
    probe(store if state is None else state)
    return _carried_out(schema, store, None, name or f"{schema.name}.census", state, settings or Settings())


def rehearsed(schema: Schema[Any], store: ScannedStore, target: Target, *, batch: int = 200) -> Books:
    """What a backfill would do now: a dry run. It reads, rewrites in memory, and writes nothing at all.

    Raises:
        StoreError: the store refuses, again and again.
    """
    rewriting, books, position = Rewriting(schema, target), Books(), ""
    while True:
        after = position
        page = retried(lambda: store.scan(after, "", batch))  # noqa: B023 - called at once
        for _, stored in page.records:
            books.scanned += 1
            try:
                if rewriting(stored) is None:
                    books.already += 1
                else:
                    books.migrated += 1
            except Unfit:
                books.quarantined += 1
        position = page.position
        if not position:
            return books


def _carried_out(
    schema: Schema[Any],
    store: ScannedStore,
    target: Target | None,
    name: str,
    place: ScannedStore | None,
    settings: Settings,
) -> Progress:
    with ExitStack() as stack:
        if place is None:
            place = store.beside("backfill")
            if (close := getattr(place, "close", None)) is not None:
                stack.callback(close)
        state = State(place)
        workers = settings.workers or os.cpu_count() or 1
        engine = settings.engine
        if engine is None:
            place_of(schema)  # said now, and not by a worker
            engine = SupervisedPool(workers)
            stack.callback(engine.kill)
        run = _begun(schema, store, target, name, state, settings.shards or SHARDS_OF_A_WORKER * workers)
        job = Job(
            name=run.id,
            schema=Shared(schema),
            store=store,
            state=place,
            target=target,
            batch=settings.batch,
            lease=settings.lease,
            threads=settings.threads,
            pace=settings.pace,
            workers=min(workers, len(run.ends)),
        )
        return _Supervisor(engine, job, state, run, settings.tell).run()


def _begun(
    schema: Schema[Any], store: ScannedStore, target: Target | None, name: str, state: State, shards: int
) -> Run:
    began_at = now()  # before the positions are asked for, so that the scan begins after it
    positions = list(retried(lambda: store.partition(shards)))
    return begin(
        state,
        Run(
            name=name,
            generation=secrets.token_hex(4),
            kind="census" if target is None else "rewrite",
            schema=schema.name,
            to=0 if target is None else target.version,
            lower=target is not None and target.lower,
            purge=target is not None and target.purge,
            ends=tuple(zip(["", *positions], [*positions, ""], strict=True)),
            began_at=began_at,
        ),
    )


class _Supervisor:
    """Hands the shards out, looks at how far they are, and tries again what failed."""

    def __init__(self, engine: Executor, job: Job, state: State, run: Run, tell: Tell | None) -> None:
        self._engine = engine
        self._job = job
        self._state = state
        self._run = run
        self._tell = tell
        self._looker = Looker(state, run)
        self._under_way: dict[Future[bool], int] = {}
        self._attempts: dict[int, int] = {}
        self._failed: dict[int, BaseException] = {}
        self._noted_at = float("-inf")

    def run(self) -> Progress:
        progress = self._looker.progress()
        shards = self._looker.open()
        self._share(progress.at_work + self._own(progress))  # ours have none yet
        random.shuffle(shards)  # so that supervisors that share a run do not wait for each other's shards one by one
        looked_at = monotonic()
        try:
            for number in shards:
                self._hand_out(number)
            while self._under_way:
                ended, _ = wait(self._under_way, timeout=_TICK, return_when=FIRST_COMPLETED)
                self._settle(ended)
                if monotonic() - looked_at >= _TICK:  # not for each of thousands of shards that end
                    self._looked()
                    looked_at = monotonic()
        except BaseException:
            for future in self._under_way:
                future.cancel()
            raise
        progress = self._looked(last=True)
        if self._failed:
            number, error = next(iter(self._failed.items()))
            raise BackfillError(
                f"{len(self._failed)} of {len(self._run.ends)} shards failed {_ATTEMPTS} times,"
                f" shard {number} with: {error}",
                run=self._run.name,
                hint="What was done stands. Mend the cause, and start it again: it goes on where it was.",
            ) from error
        if progress.complete:
            progress.run = end(self._state, self._run)
        return progress

    def _hand_out(self, number: int) -> None:
        self._attempts[number] = self._attempts.get(number, 0) + 1
        future = self._engine.submit(work, self._job, number, self._run.ends[number])
        self._under_way[future] = number

    def _settle(self, ended: Sequence[Future[bool]] | set[Future[bool]]) -> None:
        for future in ended:
            number = self._under_way.pop(future)
            error = future.exception()
            if error is None:
                continue
            if isinstance(error, PicklingError | TypeError | AttributeError) and not isinstance(error, SerdeError):
                raise error  # the job cannot be sent, or our own code is wrong: another attempt changes nothing
            if self._attempts[number] < _ATTEMPTS:
                self._hand_out(number)
            else:
                self._failed[number] = error

    def _looked(self, *, last: bool = False) -> Progress:
        progress = self._looker.progress()
        if last or monotonic() - self._noted_at >= 2.0:
            self._noted_at = monotonic()
            note(self._state, self._run, progress.books.scanned)
            self._share(max(progress.at_work, self._own(progress)))
        if self._tell is not None:
            self._tell(progress)
        return progress

    def _own(self, progress: Progress) -> int:
        """Our own workers, as far as there are shards for them. One may be between two shards when it is looked at."""
        return min(self._job.workers, len(self._run.ends) - progress.done)

    def _share(self, workers: int) -> None:
        if workers:
            share(self._state, self._run.id, workers)


def quarantined(store: ScannedStore, progress: Progress, state: ScannedStore | None = None) -> Quarantine:
    """What a run could not rewrite, by its result.

    Args:
        store: where the records are.
        progress: what `backfill` returned.
        state: where the run keeps what it knows; beside the records unless told.
    """
    return Quarantine(State(state or store.beside("backfill")), progress.run.id)
