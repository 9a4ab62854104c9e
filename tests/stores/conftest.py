"""Services that the tests of stores share: one of each for a session, started when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.services import postgresql as service
from tests.services import s3
from tests.services.s3 import Service
from tests.services.valkey import server
from tests.stores.sites import Site


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server: one for all tests of a session, or of an xdist worker."""
    with service.server() as url:
        yield url


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Site]:
    """An SQLite file."""
    site = Site(f"sqlite:///{tmp_path}/service.db")
    site.run("PRAGMA journal_mode = WAL")
    yield site
    site.engine.dispose()


@pytest.fixture
def served(postgresql: str) -> Iterator[Site]:
    """A PostgreSQL database."""
    site = Site(postgresql)
    yield site
    site.engine.dispose()


@pytest.fixture(params=["lite", "served"])
def site(request: pytest.FixtureRequest) -> Site:
    """Each of the two."""
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def ministack() -> Iterator[Service]:
    with s3.ministack() as service:
        yield service


@pytest.fixture(scope="session")
def moto() -> Iterator[Service]:
    with s3.moto() as service:
        yield service


@pytest.fixture(scope="session")
def nanio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with s3.nanio(tmp_path_factory.mktemp("nanio")) as service:
        yield service


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[Any]:
    """A look at what is there, past the store; the server is empty at first."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client
