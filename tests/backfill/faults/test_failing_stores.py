"""Stores that fail, lose answers, are behind and are slow; and real services behind a proxy that does worse."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.backfill.counters import New, as_old, new
from tests.backfill.faults.deaths import Here
from tests.backfill.memory import MemoryStore, ToldStore, When
from tests.services import s3
from tests.services.proxy import Proxy, proxy_to
from tests.services.s3 import Service
from tests.services.valkey import port_of
from versioned_serde.backfill import Settings, backfill
from versioned_serde.backfill.probe import probe
from versioned_serde.backfill.record import Progress
from versioned_serde.errors import BackfillError, StoreError, UnsafeStoreError
from versioned_serde.protocols import ScannedStore, Stored
from versioned_serde.stores.redis import RedisStore
from versioned_serde.stores.s3 import S3Store
from versioned_serde.stores.sql import SqlStore

RECORDS = 30


def filled(store: Any, records: int = RECORDS) -> Any:
    for number in range(records):
        store.insert(f"r{number:03}", as_old(number), {})
    return store


def run(store: ScannedStore, state: ScannedStore | None = None) -> Progress:
    chosen = Settings(engine=Here(), workers=1, shards=3, batch=4, lease=0.05)
    return backfill(new, store, to=3, state=state, settings=chosen)


def check(store: ScannedStore, progress: Progress, records: int = RECORDS) -> None:
    assert progress.complete
    assert progress.books.balanced
    assert (progress.books.scanned, progress.books.migrated, progress.books.quarantined) == (records, records, 0)
    found = store.scan("", "", 10 * records).records
    assert [new.unpack(stored.payload, stored.headers) for _, stored in found] == [New(n) for n in range(records)]
    assert {new.identify(stored.payload, stored.headers).version for _, stored in found} == {3}


class Unreliable:
    """Every so many calls, one fails for a moment: before it is carried out, or after."""

    def __init__(self, seed: int, share: float) -> None:
        self.random = Random(seed)
        self.share = share
        self.failed = 0

    def __call__(self, when: When, name: str, key: str) -> None:
        if self.random.random() < self.share:
            self.failed += 1
            raise StoreError("The connection was lost.", key=key, transient=True)


@pytest.mark.parametrize("seed", range(10))
def test_calls_that_fail_for_a_moment_and_answers_that_are_lost(seed: int) -> None:
    """Of records and of state, a tenth of all: half before, half after they were carried out."""
    unreliable = Unreliable(seed, 0.05)
    store = filled(MemoryStore())
    check(store, run(ToldStore(store, unreliable)))
    assert unreliable.failed > 5


@pytest.mark.parametrize("name", ["get", "insert", "update", "scan", "partition"])
def test_retries_are_bounded(name: str) -> None:
    """What fails again and again ends the run with an error, after so many calls and no more."""
    failed: list[str] = []

    def told(when: When, called: str, key: str) -> None:
        if (when, called) == ("before", name) and not key.startswith("probe-"):
            failed.append(key)
            raise StoreError("The connection was lost.", key=key, transient=True)

    store = filled(MemoryStore())
    with pytest.raises((StoreError, BackfillError)):
        run(ToldStore(store, told))
    assert 8 <= len(failed) <= 100, "8 times in each of at most 3 attempts of 3 shards, and for the timeline"
    assert [new.loads(stored.payload) for _, stored in store.scan("", "", 99).records] == [New(n) for n in range(30)]


class Twice(ToldStore):
    """Its client asks again by itself when an answer is lost, and hands out the refusal."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        self.store.update(key, token, payload, headers)
        return self.store.update(key, token, payload, headers)

    def beside(self, name: str) -> ScannedStore:
        return Twice(self.store.beside(name), self.told)


def test_a_client_that_asks_twice_by_itself() -> None:
    store = filled(MemoryStore())
    check(store, run(Twice(store, lambda *_: None)))


class Behind(ToldStore):
    """Each key is missed the first time it is asked for, and again after each change."""

    def __init__(self, store: ScannedStore, told: Callable[..., None]) -> None:
        super().__init__(store, told)
        self.seen: set[tuple[str, str]] = set()

    def get(self, key: str) -> Stored | None:
        there = self.store.get(key)
        if there is None or (key, there.token) in self.seen:
            return there
        self.seen.add((key, there.token))
        return None

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        if key.startswith("r") and (key, "edited") not in self.seen:
            self.seen.add((key, "edited"))
            there = self.store.get(key)
            assert there is not None
            self.store.update(key, there.token, there.payload, {})  # a live writer was faster
        return self.store.update(key, token, payload, headers)


def test_a_store_that_is_behind_for_a_moment() -> None:
    store = filled(MemoryStore())
    check(store, run(Behind(store, lambda *_: None), MemoryStore()))


def test_a_slow_store_does_not_lose_the_lease() -> None:
    """Each write takes a tenth of the lease, a batch of them most of it, and the next batch the rest."""
    store = filled(MemoryStore(), 12)

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update") and key.startswith("r"):
            time.sleep(0.01)

    check(store, run(ToldStore(store, told)), 12)


# Real services behind a proxy -----------------------------------------------------------------------------------------


@pytest.fixture
def redis_proxy(valkey_url: str) -> Iterator[Proxy]:
    with proxy_to(port_of(valkey_url)) as proxy:
        yield proxy


@pytest.fixture
def postgresql_proxy(postgresql_url: str) -> Iterator[Proxy]:
    with proxy_to(Path(postgresql_url.partition("?host=")[2]) / ".s.PGSQL.5432") as proxy:
        yield proxy


@pytest.fixture
def s3_proxy(bucket: Service) -> Iterator[Proxy]:
    with proxy_to(int(str(bucket.options["endpoint_url"]).rpartition(":")[2])) as proxy:
        yield proxy


def armed(proxy: Proxy, store: ScannedStore, faults: Callable[[Proxy, int], None]) -> ScannedStore:
    """A store before each of whose updates the proxy is told what to do to it."""
    turns = iter(range(10**6))

    def told(when: When, name: str, key: str) -> None:
        if (when, name) == ("before", "update") and key.startswith("r"):
            faults(proxy, next(turns))

    return ToldStore(store, told)


def disturb(proxy: Proxy, turn: int) -> None:
    """Every other update meets with one of these; a write is EVALSHA in Redis and PUT in S3."""
    match turn % 10:
        case 1:
            proxy.swallow_answer(containing=b"EVALSHA")
        case 3:
            proxy.cut_request(after=20)
        case 5:
            proxy.half_close()
        case 7:
            proxy.cut()
        case 9:
            proxy.delay = 0.02
        case 0:
            proxy.delay = 0.0
        case _:
            pass


def test_redis_behind_a_bad_connection(redis_proxy: Proxy, valkey_url: str, tmp_path: Path) -> None:
    with RedisStore(valkey_url, f"{tmp_path.name}:") as near:
        filled(near)
        distant = f"redis://127.0.0.1:{redis_proxy.port}/0"
        with RedisStore(distant, f"{tmp_path.name}:", timeout=1.0) as far:
            progress = run(armed(redis_proxy, far, disturb), near.beside("state"))
        check(near, progress)


def test_postgresql_behind_a_bad_connection(postgresql_proxy: Proxy, postgresql_url: str, tmp_path: Path) -> None:
    lost: list[threading.Event] = []

    def faults(proxy: Proxy, turn: int) -> None:
        if turn % 10 == 1:
            lost.append(proxy.swallow_answer(containing=b"UPDATE"))
        else:
            disturb(proxy, turn)

    with closing(SqlStore.create(postgresql_url, tmp_path.name)) as near:
        filled(near)
        distant = f"postgresql+psycopg://postgres@127.0.0.1:{postgresql_proxy.port}/postgres"
        with closing(SqlStore.create(distant, tmp_path.name)) as far:
            progress = run(armed(postgresql_proxy, far, faults), near.beside("state"))
        check(near, progress)
    assert lost
    assert all(each.is_set() for each in lost)


def test_s3_behind_a_bad_connection(s3_proxy: Proxy, bucket: Service, tmp_path: Path) -> None:
    """Among them answers of 409 (AWS says so under contention), 503 and 500, and writes whose answer is lost."""
    near = filled(S3Store(f"{bucket.url}/{tmp_path.name}", **bucket.options))
    options = {**bucket.options, "endpoint_url": f"http://127.0.0.1:{s3_proxy.port}"}
    far = S3Store(f"{bucket.url}/{tmp_path.name}", timeout=5.0, **options)
    told: list[tuple[int, str]] = []

    def answers(status: int) -> Callable[[str, str], tuple[int, bytes] | None]:
        def once(method: str, path: str) -> tuple[int, bytes] | None:
            s3_proxy.answers = None
            told.append((status, method))
            return status, b""

        return once

    def faults(proxy: Proxy, turn: int) -> None:
        statuses = {0: 409, 2: 503, 4: 500}
        if (status := statuses.get(turn % 10)) is not None:
            proxy.answers = answers(status)
        elif turn % 10 == 6:
            proxy.swallow_answer(containing=b"PUT")
        else:
            disturb(proxy, turn)

    check(near, run(armed(s3_proxy, far, faults), MemoryStore()))
    assert {status for status, _ in told} == {409, 503, 500}


def test_a_server_that_ignores_conditions_is_refused(tmp_path: Path) -> None:
    with s3.nanio(tmp_path / "served") as service:
        store = S3Store(f"{service.url}/records", timeout=3.0, **service.options)
        with pytest.raises(UnsafeStoreError) as raised:
            probe(store)
        assert raised.value.hint
