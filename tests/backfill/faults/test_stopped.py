"""A worker is stopped in the middle of a batch for longer than its lease; another one does the shard; it goes on."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from tests.backfill.counters import New, as_old, new
from tests.backfill.faults.deaths import Here
from tests.backfill.faults.fleet import context
from tests.backfill.memory import ToldStore, When
from versioned_serde.backfill import Settings, backfill
from versioned_serde.backfill import lease as leases
from versioned_serde.backfill.lease import Lease, LostLeaseError
from versioned_serde.stores.sqlite import SqliteStore

RECORDS = 60


@dataclass(frozen=True)
class Worker:
    """One backfill, of one shard, in a process of its own; it says what it did in files.

    Attributes:
        path: of the database.
        folder: of the files.
        stops_at: the record before whose update it waits, for as long as there is no file `go`; empty for none.
        skew: seconds that its clocks are away from those of others.
    """

    path: Path
    folder: Path
    stops_at: str = ""
    skew: float = 0.0

    def run(self) -> None:
        monotonic, wall = time.monotonic, time.time
        time.monotonic = lambda: monotonic() + self.skew
        time.time = lambda: wall() + self.skew
        save = Lease.save

        def told_of(lease: Lease, **how: Any) -> None:
            try:
                save(lease, **how)
            except LostLeaseError:
                (self.folder / "lost").touch()
                raise

        Lease.save = told_of  # type: ignore[method-assign, assignment]  # this process runs nothing else
        leases.is_gone = lambda owner: False  # as if on another host

        def told(when: When, name: str, key: str) -> None:
            if (when, name, key) == ("before", "update", self.stops_at):
                (self.folder / "there").touch()
                os.kill(os.getpid(), signal.SIGSTOP)

        with SqliteStore(self.path, fsync=False) as store:
            settings = Settings(engine=Here(), workers=1, shards=1, batch=20, lease=0.4)
            progress = backfill(new, ToldStore(store, told), to=3, settings=settings)
            assert progress.complete
            (self.folder / f"books-{bool(self.stops_at)}").write_text(str(progress.books.plain()))

    def started(self) -> BaseProcess:
        process: BaseProcess = context().Process(target=self.run, daemon=True)
        process.start()
        return process


def until(told: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not told():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)


@pytest.mark.parametrize("skew", [-1e6, 0.0, 1e6])
def test_who_was_stopped_past_its_lease_is_out(tmp_path: Path, skew: float) -> None:
    """Whatever the clocks of the two say."""
    path = tmp_path / "records.db"
    with SqliteStore(path, fsync=False) as store:
        for number in range(RECORDS):
            store.insert(f"r{number:03}", as_old(number), {})
        stopped = Worker(path, tmp_path, stops_at="r033").started()
        until((tmp_path / "there").exists)
        assert stopped.pid is not None
        until(
            lambda: (
                " (" in (line := Path(f"/proc/{stopped.pid}/stat").read_text()) and line.rpartition(")")[2][1] == "T"
            )
        )
        other = Worker(path, tmp_path, skew=skew).started()
        other.join()
        assert other.exitcode == 0
        live = store.get("r033")
        assert live is not None
        assert store.update("r033", live.token, new.dumps(New(1_000, 1)), {})
        os.kill(stopped.pid, signal.SIGCONT)
        stopped.join()
        assert stopped.exitcode == 0
        assert (tmp_path / "lost").exists(), "it did not notice"
        found = [new.loads(stored.payload) for _, stored in store.scan("", "", 100).records]
        assert found == [New(n) if n != 33 else New(1_000, 1) for n in range(RECORDS)]
    for who in (True, False):
        books = (tmp_path / f"books-{who}").read_text()
        assert "'scanned': 60" in books, "nothing is counted twice"
        assert "'quarantined': 0" in books
