"""Writers that come and go, and whether they left the records of a `RedisStore` as its index says."""

from __future__ import annotations

import random
from typing import Any

from versioned_serde.stores.redis import RedisStore
from versioned_serde.testing.conformance.stores import Opener

INDEX = "versioned-serde:index:orders:"


def put(store: RedisStore, key: str, payload: bytes) -> str:
    token = store.insert(key, payload, {})
    assert token is not None
    return token


def come_and_go(opener: Opener, seed: int) -> None:
    store = opener()
    assert isinstance(store, RedisStore)
    source = random.Random(seed)
    while True:
        key = str(source.randrange(20))
        stored = store.get(key)
        if stored is None:
            store.insert(key, b"x" * 2_000, {})
        else:
            store.delete(key, stored.token)


def disagreement(client: Any) -> set[bytes]:
    records = {key.removeprefix(b"orders:") for key in client.keys("orders:*")}
    return records ^ set(client.zrange(INDEX, 0, -1))
