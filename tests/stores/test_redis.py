from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
import redis

from tests.services.valkey import server
from versioned_serde.stores.redis import RedisStore
from versioned_serde.testing.conformance.scans import ScanConformance
from versioned_serde.testing.conformance.stores import Opener


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[redis.Redis]:
    """A look at what is there, past the store; the server is empty at first."""
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield client


class TestRedisStore(ScanConformance):
    @pytest.fixture
    def opener(self, url: str, client: redis.Redis) -> Opener:
        return partial(RedisStore, url, "orders:")
