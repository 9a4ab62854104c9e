"""One Valkey server for each process that runs tests of stores over Redis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis

from tests.services.valkey import server


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
