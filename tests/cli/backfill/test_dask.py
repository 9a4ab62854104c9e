"""Workers of a Dask cluster."""

from __future__ import annotations

from distributed import LocalCluster

from tests.cli.backfill.conftest import Run
from tests.cli.backfill.service import Service


def test_a_cluster_does_the_work(service: Service, run: Run) -> None:
    service.fill(30)
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp"
    ) as cluster:
        ran = run("run", "--engine", "dask", "--scheduler", cluster.scheduler_address, "--quiet")
    assert ran == (0, "", "")
    assert "scanned 30: migrated 30\n" in run("status").out
