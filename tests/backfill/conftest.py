"""No test of a backfill waits for a pause between two attempts. Services whose stores are tried, each started once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import stamina

from tests.backfill.memory import MemoryStore
from tests.backfill.runs import filled
from tests.services import postgresql, s3, valkey
from tests.services.s3 import Service
from versioned_serde.backfill import run
from versioned_serde.stores.directory import DirectoryStore
from versioned_serde.stores.redis import RedisStore
from versioned_serde.stores.s3 import S3Store
from versioned_serde.stores.sql import SqlStore
from versioned_serde.stores.sqlite import SqliteStore

PLACES = ("sqlite", "directory", "postgresql", "redis", "s3")


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=8, cap=True):
        yield


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Supervisors look at their runs more often."""
    monkeypatch.setattr(run, "_TICK", 0.01)


@pytest.fixture
def store() -> MemoryStore:
    """Some records, for runs in this process; many files have a store of their own."""
    return filled()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with valkey.server(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture(scope="session")
def bucket() -> Iterator[Service]:
    with s3.ministack() as service:
        yield service


Opened = Callable[[], Any]


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Gives a new, empty store of the kind that a test names (`indirect`), as often as it is asked."""
    with ExitStack() as stack:

        def store() -> Any:
            name = f"of_{secrets.token_hex(4)}"
            match request.param:
                case "memory":
                    return MemoryStore()
                case "sqlite":
                    found: Any = SqliteStore(tmp_path / f"{name}.db", fsync=False)
                case "directory":
                    return DirectoryStore(tmp_path / name, fsync=False)
                case "postgresql":
                    found = SqlStore.create(request.getfixturevalue("postgresql_url"), name)
                case "redis":
                    found = RedisStore(request.getfixturevalue("valkey_url"), f"{name}:")
                case _:
                    service: Service = request.getfixturevalue("bucket")
                    return S3Store(f"{service.url}/{name}", **service.options)
            stack.callback(found.close)
            return found

        yield store
