from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.retry import Retry

from tests.services.proxy import proxy_to
from tests.services.valkey import kill, port_of, server
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores import redis_strings
from versioned_serde.stores.redis_strings import RedisStringStore
from versioned_serde.testing.conformance.scans import ScanConformance, scanned
from versioned_serde.testing.conformance.stores import Opener


@pytest.fixture
def store(redis_url: str, redis_client: Any) -> Iterator[RedisStringStore]:
    with RedisStringStore(redis_url, "orders:") as store:
        yield store


class TestRedisStringStore(ScanConformance):
    keeps_headers = False

    @pytest.fixture
    def opener(self, redis_url: str, redis_client: Any) -> Opener:
        return partial(RedisStringStore, redis_url, "orders:")


def keys(store: RedisStringStore, after: str = "", until: str = "", limit: int = 2) -> list[str]:
    return [key for key, _ in scanned(store, limit, after, until)]


def test_the_records_are_what_set_and_get_have(store: RedisStringStore, redis_client: Any) -> None:
    redis_client.set("orders:7", b"theirs")
    stored = store.get("7")
    assert stored is not None
    assert stored.payload == b"theirs"
    assert store.update("7", stored.token, b"ours", {}) is not None
    assert store.insert("8", b"new", {}) is not None
    assert redis_client.mget("orders:7", "orders:8") == [b"ours", b"new"]
    assert redis_client.dbsize() == 2


def test_a_plain_set_of_another_writer_is_a_conflict(store: RedisStringStore, redis_client: Any) -> None:
    redis_client.set("orders:7", b"one")
    stored = store.get("7")
    assert stored is not None
    redis_client.set("orders:7", b"two")
    assert store.update("7", stored.token, b"ours", {}) is None
    assert store.delete("7", stored.token) is False
    assert redis_client.get("orders:7") == b"two"


def test_a_time_to_live_stays_and_its_end_is_the_records(store: RedisStringStore, redis_client: Any) -> None:
    for key in "abc":
        redis_client.set(f"orders:{key}", b"one", ex=100)
    stored = store.get("b")
    assert stored is not None
    assert store.update("b", stored.token, b"two", {}) is not None
    assert 0 < redis_client.ttl("orders:b") <= 100
    page = store.scan("", "", 1)
    redis_client.delete("orders:b")
    assert keys(store, page.position) == ["c"]


@pytest.mark.parametrize("prefix", ["a*", "a?", "a[b]", "a[", "a\\", "a^-"])
def test_a_prefix_is_no_pattern(redis_url: str, redis_client: Any, prefix: str) -> None:
    for near in ("abc", "axb", "ab", "a^", "a-", "b"):
        redis_client.set(near, b"another's")
    with RedisStringStore(redis_url, prefix) as store:
        store.insert("7", b"ours", {})
        assert keys(store) == list(store.keys()) == ["7"]


def test_other_kinds_of_values_are_no_records(store: RedisStringStore, redis_client: Any) -> None:
    redis_client.set("orders:a", b"one")
    redis_client.hset("orders:b", "field", b"theirs")
    assert keys(store) == list(store.keys()) == ["a"]
    with pytest.raises(StoreError, match="another kind of value"):
        store.get("b")


def test_a_key_that_is_no_text_is_not_passed_over(store: RedisStringStore, redis_client: Any) -> None:
    redis_client.set(b"orders:\xff", b"one")
    with pytest.raises(StoreError, match="not text") as caught:
        store.scan("", "", 10)
    assert caught.value.key == "\\xff"


def listings(redis_client: Any) -> int:
    return int(redis_client.info("commandstats").get("cmdstat_scan", {}).get("calls", 0))


def test_the_pages_of_a_scan_come_from_one_listing(store: RedisStringStore, redis_client: Any) -> None:
    for number in range(10):
        redis_client.set(f"orders:{number}", b"x")
    before = listings(redis_client)
    assert keys(store) == list("0123456789")
    assert listings(redis_client) == before + 1
    assert not store._listings


def test_a_scan_that_begins_later_sees_what_came_meanwhile(
    store: RedisStringStore, redis_client: Any, redis_url: str
) -> None:
    for key in "adg":
        redis_client.set(f"orders:{key}", b"x")
    page = store.scan("", "", 1)
    redis_client.set("orders:b", b"x")
    # The scan that is under way need not show it; another process, which begins at the same position, must.
    with RedisStringStore(redis_url, "orders:") as other:
        assert keys(other, page.position) == ["b", "d", "g"]
    assert keys(store, page.position) == ["d", "g"]
    # That was the scan; whoever comes to its position again is another one.
    assert keys(store, page.position) == ["b", "d", "g"]
    second = store.scan("", "", 1)
    assert keys(store, second.position, second.position) == []


def test_listings_of_scans_that_nobody_continues_are_dropped(
    store: RedisStringStore, redis_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_strings, "_LISTINGS", 3)
    for key in "abc":
        redis_client.set(f"orders:{key}", b"x")
    pages = [store.scan("", "", 1) for _ in range(5)]
    assert len(store._listings) == 3
    assert [keys(store, page.position) for page in pages] == [["b", "c"]] * 5


def test_a_change_whose_answer_is_lost_is_not_taken_for_anothers(redis_url: str, redis_client: Any) -> None:
    with (
        proxy_to(port_of(redis_url)) as proxy,
        RedisStringStore(f"redis://127.0.0.1:{proxy.port}/0", "orders:", timeout=0.3) as store,
    ):
        redis_client.script_flush()
        struck = proxy.swallow_answer(containing=b"$4\r\nEVAL\r\n")
        with pytest.raises(StoreError, match="nobody knows"):
            store.insert("a", b"one", {})
        assert struck.wait(5)
        stored = store.get("a")
        assert stored is not None
        struck = proxy.cut_request(after=10, containing=b"EVALSHA")
        assert store.update("a", stored.token, b"two", {}) is not None
        assert struck.wait(5)
        assert redis_client.get("orders:a") == b"two"


def test_keys_are_listed_again_when_the_server_is_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ("--appendonly", "yes", "--appendfsync", "always")
    monkeypatch.setattr(redis_strings, "_AT_ONCE", 10)
    names = [f"{number:03}" for number in range(200)]
    with server(tmp_path, *kept) as redis_url, RedisStringStore(redis_url, "orders:") as store:
        for name in names:
            store.insert(name, b"x", {})
        ask = store._calls.ask
        asked = 0

        def restarting(key: str, *command: Any) -> Any:
            nonlocal asked
            asked += command[0] == "SCAN"
            if asked == 5:
                asked += 1
                kill(redis_url)
                again.__enter__()
            return ask(key, *command)

        again = server(tmp_path, *kept, port=port_of(redis_url))
        store._calls.ask = restarting  # type: ignore[method-assign]
        assert list(store.keys()) == names
        assert asked > 6
        again.__exit__(None, None, None)


def test_a_server_that_never_stays_is_a_transient_error(
    store: RedisStringStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = iter("abcdefghi")
    monkeypatch.setattr(store, "_server", lambda: next(runs))
    with pytest.raises(StoreError, match="each time that its keys were listed") as caught:
        store.scan("", "", 1)
    assert caught.value.transient


def test_a_cluster_is_refused() -> None:
    cluster = object.__new__(RedisCluster)
    cluster.retry = Retry(NoBackoff(), 0)
    cluster.get_connection_kwargs = lambda: {"socket_timeout": 5}  # type: ignore[method-assign]
    with pytest.raises(DeclarationError, match="cannot be gone through"):
        RedisStringStore(cluster, "{orders}:")


def test_headers_are_refused_with_another_way(store: RedisStringStore) -> None:
    with pytest.raises(StoreError) as caught:
        store.insert("a", b"x", {"serde-tag": "1"})
    assert "`envelope`" in caught.value.hint
    assert store.insert("a", b"x", {}) is not None
    assert store.get("a") == Stored(b"x", {}, "11f6ad8ec52a2984abaafd7c3b516503785c2072")
