from __future__ import annotations

import multiprocessing
import pickle
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.connection import Connection
from redis.retry import Retry

from tests.services.valkey import port_of, server
from tests.stores.redis_writers import INDEX, come_and_go, disagreement, put
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores.redis import RedisStore
from versioned_serde.testing.conformance.scans import ScanConformance, scanned
from versioned_serde.testing.conformance.stores import Opener


@pytest.fixture
def store(redis_url: str, redis_client: Any) -> Iterator[RedisStore]:
    with RedisStore(redis_url, "orders:") as store:
        yield store


class TestRedisStore(ScanConformance):
    @pytest.fixture
    def opener(self, redis_url: str, redis_client: Any) -> Opener:
        return partial(RedisStore, redis_url, "orders:")


# --- What is on the server


def test_the_layout_is_as_documented(store: RedisStore, redis_client: Any) -> None:
    bare = put(store, "a", b"one")
    tagged = store.insert("b", b"two", {"h": "ü"})
    assert redis_client.hgetall("orders:a") == {b"payload": b"one", b"revision": bare.encode()}
    assert redis_client.hgetall("orders:b") == {
        b"payload": b"two",
        b"headers": '{"h": "ü"}'.encode(),
        b"revision": str(tagged).encode(),
    }
    assert redis_client.zrange(INDEX, 0, -1, withscores=True) == [(b"a", 0.0), (b"b", 0.0)]
    assert store.update("b", str(tagged), b"two", {}) is not None
    assert set(redis_client.hkeys("orders:b")) == {b"payload", b"revision"}
    assert sorted(redis_client.keys()) == [b"orders:a", b"orders:b", INDEX.encode()]


def test_a_token_does_not_come_back(store: RedisStore) -> None:
    tokens = []
    for _ in range(20):
        tokens.append(put(store, "a", b"same"))
        assert store.delete("a", tokens[-1])
    assert len(set(tokens)) == 20
    put(store, "a", b"same")
    assert all(store.update("a", token, b"other", {}) is None for token in tokens)


def test_stores_of_other_prefixes_are_apart(store: RedisStore, redis_url: str) -> None:
    with RedisStore(redis_url, "bills:") as other:
        put(store, "a", b"one")
        put(other, "b", b"other")
        assert (list(store.keys()), list(other.keys())) == (["a"], ["b"])


def test_a_time_to_live_stays_and_its_end_reaches_the_index(store: RedisStore, redis_client: Any) -> None:
    for key in "abc":
        put(store, key, b"one")
    redis_client.expire("orders:b", 100)
    stored = store.get("b")
    assert stored is not None
    assert store.update("b", stored.token, b"two", {}) is not None
    assert 0 < redis_client.ttl("orders:b") <= 100
    redis_client.pexpire("orders:b", 1)
    while redis_client.exists("orders:b"):
        time.sleep(0.001)
    assert redis_client.zcard(INDEX) == 3
    # A page without the record, which goes on behind it.
    page = store.scan("", "", 2)
    assert [key for key, _ in page.records] == ["a"]
    assert [key for key, _ in scanned(store, 2, page.position)] == ["c"]
    assert redis_client.zrange(INDEX, 0, -1) == [b"a", b"c"]
    redis_client.delete("orders:c")
    assert list(store.keys()) == ["a"]
    assert redis_client.zrange(INDEX, 0, -1) == [b"a"]
    put(store, "b", b"again")
    assert [key for key, _ in scanned(store, 1)] == ["a", "b"]


def test_an_entry_is_only_dropped_while_its_record_is_away(store: RedisStore, redis_client: Any) -> None:
    put(store, "a", b"one")
    redis_client.delete("orders:a")
    ask_each = store._calls.ask_each

    def returned_meanwhile(*arguments: Any) -> list[Any]:
        answers = ask_each(*arguments)
        put(store, "a", b"back")
        return answers

    store._calls.ask_each = returned_meanwhile  # type: ignore[assignment, method-assign]
    assert store.scan("", "", 10).records == []
    store._calls.ask_each = ask_each  # type: ignore[method-assign]
    assert [key for key, _ in scanned(store, 10)] == ["a"]


def test_a_change_brings_a_lost_entry_back(store: RedisStore, redis_client: Any) -> None:
    token = put(store, "a", b"one")
    redis_client.delete(INDEX)
    store.update("a", token, b"two", {})
    assert list(store.keys()) == ["a"]


def test_what_others_put_there_is_refused_and_stays(store: RedisStore, redis_client: Any) -> None:
    redis_client.set("orders:text", b"theirs")
    redis_client.hset("orders:hash", "payload", b"theirs")
    for operation in (
        lambda: store.get("text"),
        lambda: store.insert("text", b"", {}),
        lambda: store.update("text", "1", b"", {}),
        lambda: store.delete("text", "1"),
    ):
        with pytest.raises(StoreError, match="another kind of value") as caught:
            operation()
        assert (caught.value.key, caught.value.transient) == ("text", False)
    with pytest.raises(StoreError, match="lacks `payload` or `revision`"):
        store.get("hash")
    assert store.insert("hash", b"", {}) is None
    assert (redis_client.get("orders:text"), redis_client.hget("orders:hash", "payload")) == (b"theirs", b"theirs")
    assert not redis_client.exists(INDEX)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_record_and_index_agree_after_writers_were_killed(redis_url: str, store: RedisStore, redis_client: Any) -> None:
    context = multiprocessing.get_context("fork")
    for seed in range(12):
        before = redis_client.info("commandstats").get("cmdstat_zadd", {}).get("calls", 0)
        writer = context.Process(target=come_and_go, args=(partial(RedisStore, redis_url, "orders:"), seed))
        writer.start()
        while redis_client.info("commandstats").get("cmdstat_zadd", {}).get("calls", 0) < before + 20:
            assert writer.exitcode is None
        time.sleep(random.uniform(0, 0.003))
        writer.kill()
        writer.join()
        assert disagreement(redis_client) == set()


# --- What it is opened with


def test_a_pickled_store_is_the_same_one(store: RedisStore) -> None:
    put(store, "a", b"one")
    for each in (store, store.beside("progress")):
        with each, pickle.loads(pickle.dumps(each)) as again:  # noqa: S301 - ours
            assert list(again.keys()) == list(each.keys())
            put(again, "b", b"two")
            assert "b" in list(each.keys())


@pytest.fixture
def given(redis_url: str, redis_client: Any) -> Iterator[Any]:
    with redis.Redis.from_url(
        redis_url, socket_timeout=5, retry=Retry(NoBackoff(), 0), decode_responses=True, encoding="latin-1"
    ) as given:
        yield given


def test_a_client_is_used_and_left_open(given: Any, redis_client: Any) -> None:
    connection = given.client_id()
    with RedisStore(given, "orders:") as store:
        token = store.insert("é", b"\xff", {"ü": "é"})
        assert store.get("é") == Stored(b"\xff", {"ü": "é"}, str(token))
        assert [key for key, _ in scanned(store, 10)] == list(store.keys()) == ["é"]
        with pytest.raises(DeclarationError, match="cannot go to another process"):
            pickle.dumps(store)
    assert redis_client.exists("orders:é")
    with pytest.raises(StoreError) as caught:
        store.get("é")
    assert str(caught.value) == "The store was closed. Open a new one."
    assert given.client_id() == connection


def test_a_client_that_repeats_requests_is_refused(redis_url: str) -> None:
    repeating = Retry(NoBackoff(), 1)
    for unfit in (
        redis.Redis(port=port_of(redis_url), socket_timeout=5),  # redis-py's own default
        redis.Redis.from_url(redis_url, socket_timeout=5, retry=repeating),
        redis.Redis.from_url(redis_url, socket_timeout=5, retry_on_error=[redis.ConnectionError]),
        redis.Redis.from_url(redis_url, socket_timeout=5, retry_on_timeout=True),
    ):
        with pytest.raises(DeclarationError, match="again by itself"):
            RedisStore(unfit, "orders:")
        unfit.close()
    # By a URL, redis-py's own default is another one.
    with redis.Redis.from_url(redis_url, socket_timeout=5) as fit:
        assert RedisStore(fit, "fit:").get("a") is None


def test_a_client_that_waits_forever_is_refused(redis_url: str) -> None:
    with (
        redis.Redis.from_url(redis_url, socket_timeout=None, retry=Retry(NoBackoff(), 0)) as unfit,
        pytest.raises(DeclarationError, match="wait forever"),
    ):
        RedisStore(unfit, "orders:")


@pytest.mark.parametrize("prefix", ["", "versioned-", "versioned-serde:", "versioned-serde:index:orders:"])
def test_a_prefix_that_what_is_beside_has_is_refused(redis_url: str, prefix: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be the prefix"):
        RedisStore(redis_url, prefix)


def test_a_url_of_another_kind_is_refused_without_its_password() -> None:
    with pytest.raises(DeclarationError, match="not one that redis-py knows") as caught:
        RedisStore("https://me:secret@localhost", "orders:")
    assert "secret" not in str(caught.value) + str(caught.value.__cause__)


def test_a_cluster_needs_a_hash_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A cluster's client does not close the connection by which it found the nodes.
    made: list[Any] = []
    connect: Callable[[Connection], None] = Connection.connect

    def noted(connection: Connection) -> None:
        made.append(connection)
        connect(connection)

    monkeypatch.setattr(Connection, "connect", noted)
    with server(tmp_path, "--cluster-enabled", "yes") as redis_url:
        with redis.Redis.from_url(redis_url) as node:
            node.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
            while b"cluster_state:ok" not in node.execute_command("CLUSTER", "INFO"):
                time.sleep(0.01)
        cluster = RedisCluster.from_url(redis_url, socket_timeout=5, retry=Retry(NoBackoff(), 0))
        with pytest.raises(DeclarationError) as caught:
            RedisStore(cluster, "orders:")
        assert caught.value.hint == "Use a prefix with a hash tag, such as `{orders}:`."
        with RedisStore(cluster, "{orders}:") as store:
            for number in range(20):
                put(store, f"{{{number:02}}}", b"x")
            assert [key for key, _ in scanned(store, 7)] == list(store.keys())
            assert len(store.partition(4)) == 3
            other = store.beside("progress")
            assert other.delete("a", put(other, "a", b"x"))
        cluster.close()
        for each in made:
            each.disconnect()
        # By a URL it is one node, which knows only that the keys are in two slots.
        with RedisStore(redis_url, "orders:") as store, pytest.raises(StoreError, match="hash tag"):
            store.insert("a", b"x", {})
