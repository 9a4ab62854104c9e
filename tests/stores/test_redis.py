from __future__ import annotations

import multiprocessing
import pickle
import random
import secrets
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.retry import Retry

from tests.services.proxy import Proxy, proxy_to
from tests.services.valkey import kill, port_of, server
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Stored
from versioned_serde.stores.redis import RedisStore
from versioned_serde.testing.conformance.scans import ScanConformance, scanned
from versioned_serde.testing.conformance.stores import Opener

INDEX = "versioned-serde:index:orders:"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[Any]:
    """A look at what is there, past the store; the server is empty at first."""
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield client


@pytest.fixture
def store(url: str, client: Any) -> Iterator[RedisStore]:
    with RedisStore(url, "orders:") as store:
        yield store


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    with proxy_to(port_of(url)) as proxy:
        yield proxy


@pytest.fixture
def distant(proxy: Proxy, client: Any) -> Iterator[RedisStore]:
    """A store whose connections fail as `proxy` is told; one is open, so that the next request is the store's own."""
    # The option is one that would let redis-py repeat requests.
    with RedisStore(f"redis://127.0.0.1:{proxy.port}/0?retry_on_timeout=yes", "orders:", timeout=0.3) as store:
        yield store


class TestRedisStore(ScanConformance):
    @pytest.fixture
    def opener(self, url: str, client: Any) -> Opener:
        return partial(RedisStore, url, "orders:")


def put(store: RedisStore, key: str, payload: bytes) -> str:
    token = store.insert(key, payload, {})
    assert token is not None
    return token


# --- What is on the server


def test_the_layout_is_as_documented(store: RedisStore, client: Any) -> None:
    bare = put(store, "a", b"one")
    tagged = store.insert("b", b"two", {"h": "ü"})
    assert client.hgetall("orders:a") == {b"payload": b"one", b"revision": bare.encode()}
    assert client.hgetall("orders:b") == {
        b"payload": b"two",
        b"headers": '{"h": "ü"}'.encode(),
        b"revision": str(tagged).encode(),
    }
    assert client.zrange(INDEX, 0, -1, withscores=True) == [(b"a", 0.0), (b"b", 0.0)]
    assert store.update("b", str(tagged), b"two", {}) is not None
    assert set(client.hkeys("orders:b")) == {b"payload", b"revision"}
    assert sorted(client.keys()) == [b"orders:a", b"orders:b", INDEX.encode()]


def test_a_token_does_not_come_back(store: RedisStore) -> None:
    tokens = []
    for _ in range(20):
        tokens.append(put(store, "a", b"same"))
        assert store.delete("a", tokens[-1])
    assert len(set(tokens)) == 20
    put(store, "a", b"same")
    assert all(store.update("a", token, b"other", {}) is None for token in tokens)


def test_stores_of_other_prefixes_are_apart(store: RedisStore, url: str) -> None:
    with RedisStore(url, "bills:") as other:
        put(store, "a", b"one")
        put(other, "b", b"other")
        assert (list(store.keys()), list(other.keys())) == (["a"], ["b"])


def test_a_time_to_live_stays_and_its_end_reaches_the_index(store: RedisStore, client: Any) -> None:
    for key in "abc":
        put(store, key, b"one")
    client.expire("orders:b", 100)
    stored = store.get("b")
    assert stored is not None
    assert store.update("b", stored.token, b"two", {}) is not None
    assert 0 < client.ttl("orders:b") <= 100
    client.pexpire("orders:b", 1)
    while client.exists("orders:b"):
        time.sleep(0.001)
    assert client.zcard(INDEX) == 3
    # A page without the record, which goes on behind it.
    page = store.scan("", "", 2)
    assert [key for key, _ in page.records] == ["a"]
    assert [key for key, _ in scanned(store, 2, page.position)] == ["c"]
    assert client.zrange(INDEX, 0, -1) == [b"a", b"c"]
    client.delete("orders:c")
    assert list(store.keys()) == ["a"]
    assert client.zrange(INDEX, 0, -1) == [b"a"]
    put(store, "b", b"again")
    assert [key for key, _ in scanned(store, 1)] == ["a", "b"]


def test_an_entry_is_only_dropped_while_its_record_is_away(store: RedisStore, client: Any) -> None:
    put(store, "a", b"one")
    client.delete("orders:a")
    ask_each = store._calls.ask_each

    def returned_meanwhile(*arguments: Any) -> list[Any]:
        answers = ask_each(*arguments)
        put(store, "a", b"back")
        return answers

    store._calls.ask_each = returned_meanwhile  # type: ignore[assignment, method-assign]
    assert store.scan("", "", 10).records == []
    store._calls.ask_each = ask_each  # type: ignore[method-assign]
    assert [key for key, _ in scanned(store, 10)] == ["a"]


def test_a_change_brings_a_lost_entry_back(store: RedisStore, client: Any) -> None:
    token = put(store, "a", b"one")
    client.delete(INDEX)
    store.update("a", token, b"two", {})
    assert list(store.keys()) == ["a"]


def test_what_others_put_there_is_refused_and_stays(store: RedisStore, client: Any) -> None:
    client.set("orders:text", b"theirs")
    client.hset("orders:hash", "payload", b"theirs")
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
    assert (client.get("orders:text"), client.hget("orders:hash", "payload")) == (b"theirs", b"theirs")
    assert not client.exists(INDEX)


def _come_and_go(opener: Opener, seed: int) -> None:
    store = opener()
    source = random.Random(seed)
    while True:
        key = str(source.randrange(20))
        stored = store.get(key)
        if stored is None:
            store.insert(key, b"x" * 2_000, {})
        else:
            store.delete(key, stored.token)


def _disagreement(client: Any) -> set[bytes]:
    records = {key.removeprefix(b"orders:") for key in client.keys("orders:*")}
    return records ^ set(client.zrange(INDEX, 0, -1))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_record_and_index_agree_after_writers_were_killed(url: str, store: RedisStore, client: Any) -> None:
    context = multiprocessing.get_context("fork")
    for seed in range(12):
        before = client.info("commandstats").get("cmdstat_zadd", {}).get("calls", 0)
        writer = context.Process(target=_come_and_go, args=(partial(RedisStore, url, "orders:"), seed))
        writer.start()
        while client.info("commandstats").get("cmdstat_zadd", {}).get("calls", 0) < before + 20:
            assert writer.exitcode is None
        time.sleep(random.uniform(0, 0.003))
        writer.kill()
        writer.join()
        assert _disagreement(client) == set()


# --- Answers that are lost


@pytest.mark.parametrize("silent", [False, True], ids=["cut off", "no answer"])
def test_a_change_whose_answer_is_lost_is_recognized(
    distant: RedisStore, proxy: Proxy, client: Any, silent: bool
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
    store: RedisStore, verb: str, url: str
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


def test_what_is_lost_twice_is_an_error_and_was_sent_twice(distant: RedisStore, proxy: Proxy, client: Any) -> None:
    before = client.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0)
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
    calls = client.info("commandstats")["cmdstat_evalsha"]["calls"]
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
    with server(tmp_path, *kept) as url, RedisStore(url, "orders:", timeout=2) as store:
        token = put(store, "kept", b"one")
        writer = context.Process(target=_come_and_go, args=(partial(RedisStore, url, "orders:"), 1))
        writer.start()
        with redis.Redis.from_url(url) as client:
            while client.zcard(INDEX) < 8:
                assert writer.exitcode is None
        kill(url)
        writer.join(20)
        assert writer.exitcode == 1  # it was told
        with pytest.raises(StoreError, match="connection to Redis") as caught:
            store.update("kept", token, b"two", {})
        assert caught.value.transient
        frozen = pickle.dumps(store)
        again = pickle.loads(frozen)  # noqa: S301 - ours; without a call: nobody is there
        with server(tmp_path, *kept, port=port_of(url)), redis.Redis.from_url(url) as client:
            # The scripts are new to this server.
            assert store.get("kept") == Stored(b"one", {}, token)
            assert again.update("kept", token, b"two", {}) is not None
            assert _disagreement(client) == set()
            again.close()


# --- What it is opened with


def test_a_pickled_store_is_the_same_one(store: RedisStore) -> None:
    put(store, "a", b"one")
    for each in (store, store.beside("progress")):
        with pickle.loads(pickle.dumps(each)) as again:  # noqa: S301 - ours
            assert list(again.keys()) == list(each.keys())
            put(again, "b", b"two")
            assert "b" in list(each.keys())


@pytest.fixture
def given(url: str, client: Any) -> Iterator[Any]:
    with redis.Redis.from_url(
        url, socket_timeout=5, retry=Retry(NoBackoff(), 0), decode_responses=True, encoding="latin-1"
    ) as given:
        yield given


def test_a_client_is_used_and_left_open(given: Any, client: Any) -> None:
    connection = given.client_id()
    with RedisStore(given, "orders:") as store:
        token = store.insert("é", b"\xff", {"ü": "é"})
        assert store.get("é") == Stored(b"\xff", {"ü": "é"}, str(token))
        assert [key for key, _ in scanned(store, 10)] == list(store.keys()) == ["é"]
        with pytest.raises(DeclarationError, match="cannot go to another process"):
            pickle.dumps(store)
    assert client.exists("orders:é")
    with pytest.raises(StoreError) as caught:
        store.get("é")
    assert str(caught.value) == "The store was closed. Open a new one."
    assert given.client_id() == connection


def test_a_client_that_repeats_requests_is_refused(url: str) -> None:
    repeating = Retry(NoBackoff(), 1)
    for unfit in (
        redis.Redis(port=port_of(url), socket_timeout=5),  # redis-py's own default
        redis.Redis.from_url(url, socket_timeout=5, retry=repeating),
        redis.Redis.from_url(url, socket_timeout=5, retry_on_error=[redis.ConnectionError]),
        redis.Redis.from_url(url, socket_timeout=5, retry_on_timeout=True),
    ):
        with pytest.raises(DeclarationError, match="again by itself"):
            RedisStore(unfit, "orders:")
        unfit.close()
    # By a URL, redis-py's own default is another one.
    with redis.Redis.from_url(url, socket_timeout=5) as fit:
        assert RedisStore(fit, "orders:").get("a") is None


def test_a_client_that_waits_forever_is_refused(url: str) -> None:
    with (
        redis.Redis.from_url(url, socket_timeout=None, retry=Retry(NoBackoff(), 0)) as unfit,
        pytest.raises(DeclarationError, match="wait forever"),
    ):
        RedisStore(unfit, "orders:")


@pytest.mark.parametrize("prefix", ["", "versioned-", "versioned-serde:", "versioned-serde:index:orders:"])
def test_a_prefix_that_what_is_beside_has_is_refused(url: str, prefix: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be the prefix"):
        RedisStore(url, prefix)


def test_a_url_of_another_kind_is_refused_without_its_password() -> None:
    with pytest.raises(DeclarationError, match="not one that redis-py knows") as caught:
        RedisStore("https://me:secret@localhost", "orders:")
    assert "secret" not in str(caught.value) + str(caught.value.__cause__)


def test_a_cluster_needs_a_hash_tag(tmp_path: Path) -> None:
    with server(tmp_path, "--cluster-enabled", "yes") as url:
        with redis.Redis.from_url(url) as node:
            node.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
            while b"cluster_state:ok" not in node.execute_command("CLUSTER", "INFO"):
                time.sleep(0.01)
        cluster = RedisCluster.from_url(url, socket_timeout=5, retry=Retry(NoBackoff(), 0))
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
        # By a URL it is one node, which knows only that the keys are in two slots.
        with RedisStore(url, "orders:") as store, pytest.raises(StoreError, match="hash tag"):
            store.insert("a", b"x", {})


# --- What the server refuses


@pytest.fixture
def settings(client: Any) -> Iterator[Callable[..., None]]:
    """Sets what a server can be told at run time, and takes it back."""
    before: dict[str, str] = {}

    def change(**values: str | int) -> None:
        for each, value in values.items():
            name = each.replace("_", "-")
            before.setdefault(name, client.config_get(name)[name])
            client.config_set(name, value)

    yield change
    for name, value in before.items():
        client.config_set(name, value)


def test_a_server_that_evicts_any_key_is_refused(url: str, settings: Callable[..., None]) -> None:
    settings(maxmemory_policy="allkeys-lru")
    RedisStore(url, "orders:").close()  # it never will, without a bound
    settings(maxmemory="100mb")
    with pytest.raises(StoreError, match="drops any key when its memory is full") as caught:
        RedisStore(url, "orders:")
    assert not caught.value.transient
    settings(maxmemory_policy="volatile-lru")
    RedisStore(url, "orders:").close()


def test_a_full_server_is_a_transient_error(store: RedisStore, settings: Callable[..., None], client: Any) -> None:
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
    assert not client.exists("orders:a", INDEX)


def test_a_replica_is_a_transient_error_and_its_connections_are_given_up(store: RedisStore, client: Any) -> None:
    token = put(store, "a", b"one")
    client.replicaof("127.0.0.1", 1)
    try:
        with pytest.raises(StoreError, match="failover") as caught:
            store.update("a", token, b"two", {})
        assert caught.value.transient
        clients = {each["name"]: each for each in client.client_list() if each["id"] != str(client.client_id())}
        assert clients == {}
    finally:
        client.replicaof("NO", "ONE")
    assert store.update("a", token, b"two", {}) is not None


def test_rights_that_the_how_to_lists_are_enough(url: str, client: Any) -> None:
    secret = secrets.token_hex()
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "records-in-redis.md").read_text()
    rights = page.partition("ACL SETUSER shop on >SECRET ")[2].partition("\n")[0].split()
    client.execute_command("ACL", "SETUSER", "shop", "reset", "on", f">{secret}", *rights)
    try:
        mine = url.replace("//", f"//shop:{secret}@")
        with RedisStore(mine, "orders:") as store:
            token = put(store, "a", b"one")
            assert store.update("a", token, b"two", {}) is not None
            put(store.beside("progress"), "a", b"x")
            client.delete("orders:a")
            assert list(scanned(store, 10)) == []
            assert list(store.keys()) == store.partition(2) == []
            assert store.delete("b", put(store, "b", b"one"))
        with RedisStore(mine, "bills:") as store, pytest.raises(StoreError, match="<prefix>") as caught:
            store.insert("a", b"secret", {})
        assert not caught.value.transient
        with pytest.raises(StoreError, match="user and password") as caught:
            RedisStore(url.replace("//", "//shop:wrong@"), "orders:")
        assert not caught.value.transient
    finally:
        client.execute_command("ACL", "DELUSER", "shop")
