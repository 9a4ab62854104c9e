"""A real cluster on this machine, with a worker that is killed in the middle."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from tests.backfill.parcels import Parcel, filled, parcels
from versioned_serde.backfill import Pace, Settings, backfill
from versioned_serde.backfill.engines.dask import cluster
from versioned_serde.backfill.record import Progress


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as local,
        Client(local) as connected,  # type: ignore[no-untyped-call]
    ):
        yield connected


def test_a_worker_is_killed_in_the_middle(client: Client, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        if not killed and 200 <= progress.books.scanned < 3_000:
            pid = next(iter(client.run(os.getpid).values()))
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    with closing(filled(tmp_path / "parcels.db", 4_000)) as store, cluster(client) as engine:
        settings = Settings(
            engine=engine, workers=2, shards=6, batch=20, lease=2.0, pace=Pace(rate=2_000), tell=kill
        )  # fmt: skip
        progress = backfill(parcels, store, to=2, settings=settings)
        assert killed, "the run ended before a worker could be killed"
        assert progress.complete
        assert progress.books.balanced
        assert progress.books.scanned == 4_000
        # The batch under way when the worker died was written and not counted as such.
        assert progress.books.migrated >= 4_000 - 20
        for number in (0, 1_999, 3_999):
            stored = store.get(f"{number:06}")
            assert stored is not None
            assert parcels.identify(stored.payload).version == 2
            assert parcels.loads(stored.payload) == Parcel("Main Street", number)


def test_the_address_of_a_scheduler_is_enough(client: Client, tmp_path: Path) -> None:
    address = client.scheduler_info()["address"]
    with closing(filled(tmp_path / "parcels.db", 50)) as store, cluster(str(address)) as engine:
        progress = backfill(parcels, store, to=2, settings=Settings(engine=engine, workers=2))
    assert (progress.complete, progress.books.migrated) == (True, 50)
