"""Many machines: Dask distributed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from versioned_serde.errors import MissingExtraError

try:
    from distributed import Client
except ImportError as _error:  # pragma: no cover - tested in an environment without it
    raise MissingExtraError(
        "Dask distributed is not installed.", hint="pip install 'versioned-serde[dask]'"
    ) from _error


@contextmanager
def cluster(client: Client | str, *, retries: int = 3) -> Iterator[Executor]:
    """The engine of a Dask cluster.

        with cluster("tcp://scheduler:8786") as engine:
            backfill(orders, store, to=2, settings=Settings(engine=engine))

    One task is one shard: the scheduler hands out some hundred tasks a second, so shards are not to be small. A shard
    whose worker dies is handed out again by the scheduler, and goes on from its last checkpoint.

    Args:
        client: a client, or the scheduler's address.
        retries: how often a shard that failed is tried again.
    """
    used: Any = Client(client) if isinstance(client, str) else client  # type: ignore[no-untyped-call]
    try:
        # Not pure: two calls with equal arguments are two calls.
        yield used.get_executor(pure=False, retries=retries)
    finally:
        if used is not client:
            used.close()
