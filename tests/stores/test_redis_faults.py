from __future__ import annotations

import multiprocessing
import pickle
import secrets
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.services.proxy import Proxy, proxy_to
from tests.services.valkey import kill, port_of, server
from tests.stores.redis_writers import INDEX, come_and_go, disagreement, put
from versioned_serde.errors import StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores.redis import RedisStore
from versioned_serde.testing.conformance.scans import scanned


@pytest.fixture
def store(redis_url: str, redis_client: Any) -> Iterator[RedisStore]:
    with RedisStore(redis_url, "orders:") as store:
        yield store


@pytest.fixture
def proxy(redis_url: str) -> Iterator[Proxy]:
    with proxy_to(port_of(redis_url)) as proxy:
        yield proxy


@pytest.fixture
def distant(proxy: Proxy, redis_client: Any) -> Iterator[RedisStore]:
    """A store whose connections fail as `proxy` is told; one is open, so that the next request is the store's own."""
    # The option is one that would let redis-py repeat requests.
    with RedisStore(f"redis://127.0.0.1:{proxy.port}/0?retry_on_timeout=yes", "orders:", timeout=0.3) as store:
        yield store


# --- Answers that are lost


@pytest.mark.parametrize("silent", [False, True], ids=["cut off", "no answer"])
def test_a_change_whose_answer_is_lost_is_recognized(
    distant: RedisStore, proxy: Proxy, redis_client: Any, silent: bool
) -> None:
    struck = proxy.swallow_answer(silent=silent, containing=b"EVALSHA")
    token = put(distant, "a", b"one")
    assert struck.wait(5)
    assert distant.get("a") == Stored(b"one", {}, token)
    struck = proxy.swallow_answer(silent=silent, containing=b"EVALSHA")
    second = distant.update("a", token, b"two", {})
    assert struck.wait(5)
    assert second is not None
    assert distant.get("a") == Stored(b"two", {}, second)


def test_a_change_that_did_not_arrive_is_sent_again(distant: RedisStore, proxy: Proxy) -> None:
    struck = proxy.cut_request(after=40, containing=b"EVALSHA")
    token = put(distant, "a", b"one" * 100)
    assert struck.is_set()
    struck = proxy.cut_request(after=40, containing=b"EVALSHA")
    assert distant.delete("a", token)
    assert struck.is_set()


def test_a_delete_whose_answer_is_lost_says_that_nobody_knows(distant: RedisStore, proxy: Proxy) -> None:
    token = put(distant, "a", b"one")
    proxy.swallow_answer(containing=b"EVALSHA")
    with pytest.raises(StoreError) as caught:
        distant.delete("a", token)
    assert str(caught.value) == (
        "The connection was lost, and the record has changed since: whether by this change, nobody knows. "
        "Read the record before you do it again."
    )
    assert (caught.value.key, caught.value.transient) == ("a", True)


@pytest.mark.parametrize("verb", ["insert", "update"])
def test_a_change_that_was_changed_after_its_answer_was_lost_is_no_conflict(
    store: RedisStore, verb: str, redis_url: str
) -> None:
    # To answer None would let the caller do the same once more, on top of what it has done already.
    token = put(store, "a", b"0") if verb == "update" else ""
    execute = store._calls._execute

    def lossy(*arguments: Any, **options: Any) -> Any:
        execute(*arguments, **options)
        store._calls._execute = execute
        applied = store.get("a")
        assert applied is not None
        assert store.update("a", applied.token, b"theirs", {}) is not None
        raise redis.ConnectionError("lost")

    store._calls._execute = lossy
    with pytest.raises(StoreError, match="nobody knows") as caught:
        store.insert("a", b"1", {}) if verb == "insert" else store.update("a", token, b"1", {})
    assert caught.value.transient


def test_what_is_lost_twice_is_an_error_and_was_sent_twice(
    distant: RedisStore, proxy: Proxy, redis_client: Any
) -> None:
    before = redis_client.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0)
    for _ in range(2):
        proxy.swallow_answer(silent=True, containing=b"EVALSHA")
    start = time.monotonic()
    with pytest.raises(StoreError) as caught:
        distant.insert("a", b"secret", {})
    assert time.monotonic() - start < 5
    assert str(caught.value) == (
        "Redis did not answer in time. A change may have been made, or may yet be. "
        "Read the record before you do it again. Look for slow commands, or raise `timeout`."
    )
    assert (caught.value.key, caught.value.transient) == ("a", True)
    calls = redis_client.info("commandstats")["cmdstat_evalsha"]["calls"]
    assert calls == before + 2
    stored = distant.get("a")
    assert stored is not None
    assert stored.payload == b"secret"


def test_a_scan_goes_on_over_another_connection(distant: RedisStore, proxy: Proxy) -> None:
    for number in range(30):
        put(distant, f"{number:02}", b"x" * 100)
    struck = [proxy.cut_answer(after=500, containing=b"HMGET"), proxy.cut_answer(after=3, containing=b"ZRANGE")]
    assert [key for key, _ in scanned(distant, 20)] == [f"{number:02}" for number in range(30)]
    assert all(each.is_set() for each in struck)
    proxy.cut()
    assert len(distant.partition(3)) == 2


def test_a_server_that_is_away_is_a_transient_error(distant: RedisStore, proxy: Proxy) -> None:
    proxy.dropping = True
    proxy.cut()
    with pytest.raises(StoreError, match="connection to Redis was lost or refused") as caught:
        distant.get("a")
    assert caught.value.transient
    proxy.dropping = False
    assert distant.get("a") is None


def test_a_server_that_starts_again_is_found_with_its_records(tmp_path: Path) -> None:
    kept = ("--appendonly", "yes", "--appendfsync", "always")
    context = multiprocessing.get_context("fork")
    with server(tmp_path, *kept) as redis_url, RedisStore(redis_url, "orders:", timeout=2) as store:
        token = put(store, "kept", b"one")
        writer = context.Process(target=come_and_go, args=(partial(RedisStore, redis_url, "orders:"), 1))
        writer.start()
        with redis.Redis.from_url(redis_url) as redis_client:
            while redis_client.zcard(INDEX) < 8:
                assert writer.exitcode is None
        kill(redis_url)
        writer.join(20)
        assert writer.exitcode == 1  # it was told
        with pytest.raises(StoreError, match="connection to Redis") as caught:
            store.update("kept", token, b"two", {})
        assert caught.value.transient
        frozen = pickle.dumps(store)
        again = pickle.loads(frozen)  # noqa: S301 - ours; without a call: nobody is there
        with server(tmp_path, *kept, port=port_of(redis_url)), redis.Redis.from_url(redis_url) as redis_client:
            # The scripts are new to this server.
            assert store.get("kept") == Stored(b"one", {}, token)
            assert again.update("kept", token, b"two", {}) is not None
            assert disagreement(redis_client) == set()
            again.close()


# --- What the server refuses


@pytest.fixture
def settings(redis_client: Any) -> Iterator[Callable[..., None]]:
    """Sets what a server can be told at run time, and takes it back."""
    before: dict[str, str] = {}

    def change(**values: str | int) -> None:
        for each, value in values.items():
            name = each.replace("_", "-")
            before.setdefault(name, redis_client.config_get(name)[name])
            redis_client.config_set(name, value)

    yield change
    for name, value in before.items():
        redis_client.config_set(name, value)


def test_a_server_that_evicts_any_key_is_refused(redis_url: str, settings: Callable[..., None]) -> None:
    settings(maxmemory_policy="allkeys-lru")
    RedisStore(redis_url, "orders:").close()  # it never will, without a bound
    settings(maxmemory="100mb")
    with pytest.raises(StoreError, match="drops any key when its memory is full") as caught:
        RedisStore(redis_url, "orders:")
    assert not caught.value.transient
    settings(maxmemory_policy="volatile-lru")
    RedisStore(redis_url, "orders:").close()


def test_a_full_server_is_a_transient_error(
    store: RedisStore, settings: Callable[..., None], redis_client: Any
) -> None:
    token = put(store, "a", b"one")
    settings(maxmemory=1)
    operations: list[Callable[[], object]] = [
        lambda: store.insert("b", b"", {}),
        lambda: store.update("a", token, b"two", {}),
    ]
    for operation in operations:
        with pytest.raises(StoreError, match="maxmemory") as caught:
            operation()
        assert caught.value.transient
    assert store.get("a") == Stored(b"one", {}, token)
    assert store.delete("a", token)
    assert not redis_client.exists("orders:a", INDEX)


def test_a_replica_is_a_transient_error_and_its_connections_are_given_up(store: RedisStore, redis_client: Any) -> None:
    token = put(store, "a", b"one")
    redis_client.replicaof("127.0.0.1", 1)
    try:
        with pytest.raises(StoreError, match="failover") as caught:
            store.update("a", token, b"two", {})
        assert caught.value.transient
        clients = {
            each["name"]: each for each in redis_client.client_list() if each["id"] != str(redis_client.client_id())
        }
        assert clients == {}
    finally:
        redis_client.replicaof("NO", "ONE")
    assert store.update("a", token, b"two", {}) is not None


def test_rights_that_the_how_to_lists_are_enough(redis_url: str, redis_client: Any) -> None:
    secret = secrets.token_hex()
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "records-in-redis.md").read_text()
    rights = page.partition("ACL SETUSER shop on >SECRET ")[2].partition("\n")[0].split()
    redis_client.execute_command("ACL", "SETUSER", "shop", "reset", "on", f">{secret}", *rights)
    try:
        mine = redis_url.replace("//", f"//shop:{secret}@")
        with RedisStore(mine, "orders:") as store:
            token = put(store, "a", b"one")
            assert store.update("a", token, b"two", {}) is not None
            with store.beside("progress") as other:
                put(other, "a", b"x")
            redis_client.delete("orders:a")
            assert list(scanned(store, 10)) == []
            assert list(store.keys()) == store.partition(2) == []
            assert store.delete("b", put(store, "b", b"one"))
        with RedisStore(mine, "bills:") as store, pytest.raises(StoreError, match="<prefix>") as caught:
            store.insert("a", b"secret", {})
        assert not caught.value.transient
        redis_client.execute_command("ACL", "SETUSER", "shop", "-zadd")
        with RedisStore(mine, "orders:") as store, pytest.raises(StoreError, match="zadd"):
            store.insert("c", b"x", {})
        assert not redis_client.exists("orders:c")  # no record that the index does not know
        with pytest.raises(StoreError, match="user and password") as caught:
            RedisStore(redis_url.replace("//", "//shop:wrong@"), "orders:")
        assert not caught.value.transient
    finally:
        redis_client.execute_command("ACL", "DELUSER", "shop")
