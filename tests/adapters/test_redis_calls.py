from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from redis import exceptions
from redis._parsers.base import BaseParser

from versioned_serde.adapters.redis_calls import RedisCalls, Script
from versioned_serde.errors import MissingExtraError, StoreError


def parsed(said: str) -> Exception:
    """What redis-py makes of an error that a server sends."""
    parse: Callable[[str], Exception] = BaseParser.parse_error
    return parse(said)


def failing(error: Exception) -> RedisCalls:
    """Calls that all fail so; nobody listens at the address."""
    calls = RedisCalls("redis://127.0.0.1:1/0", 0.1)

    def fail(*_: Any, **__: Any) -> Any:
        raise error

    calls._execute = fail
    return calls


def refused(error: Exception) -> StoreError:
    with pytest.raises(StoreError) as caught:
        failing(error).change("7", Script("return 1"), [b"orders:7"], [b"secret"])
    assert caught.value.key == "7"
    assert caught.value.hint
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (again.transient, str(again)) == (caught.value.transient, str(caught.value))
    return caught.value


@pytest.mark.parametrize(
    "said",
    [
        "LOADING Valkey is loading the dataset in memory",
        "BUSY Valkey is busy running a script.",
        "READONLY You can't write against a read only replica.",
        "READONLY You can't write against a read only replica. script: ab, on @user_script:7.",
        "OOM command not allowed when used memory > 'maxmemory'.",
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "CLUSTERDOWN The cluster is down",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "MISCONF Valkey is configured to save RDB snapshots",
        "NOREPLICAS Not enough good replicas to write.",
    ],
)
def test_what_a_server_says_of_itself_is_transient(said: str) -> None:
    error = refused(parsed(said))
    assert error.transient
    assert "Redis refused: " in str(error)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectionError("Connection refused"),
        exceptions.TimeoutError("Timeout reading from socket"),
        exceptions.MaxConnectionsError("Too many connections"),
        exceptions.SlotNotCoveredError('Slot "7" not covered by the cluster.'),
    ],
)
def test_what_may_be_otherwise_later_is_transient(error: Exception) -> None:
    assert refused(error).transient


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("WRONGPASS invalid username-password pair or user is disabled.", "Check user and password"),
        ("NOAUTH Authentication required.", "password"),
        ("NOPERM User shop has no permissions to access the 'orders:7' key", "Allow the keys"),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", "another kind of value"),
        ("CROSSSLOT Keys in request don't hash to the same slot", "hash tag"),
        ("MOVED 3999 127.0.0.1:6381", "node of a cluster"),
        ("ERR max number of clients reached", ""),
    ],
)
def test_what_stays_as_it_is_is_not_transient_and_says_what_to_do(said: str, hint: str) -> None:
    error = refused(parsed(said))
    assert error.transient == said.startswith("ERR max number of clients")
    assert hint in str(error)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ResponseError("unknown command 'EVALSHA', with args beginning with: 'ab' '1' 'orders:7' 'secret' "),
        exceptions.RedisClusterException("No targets were found to execute ('EVALSHA', b'secret') command on"),
    ],
)
def test_no_payload_gets_into_an_error(error: Exception) -> None:
    found = refused(error)
    assert "secret" not in str(found)
    assert found.__cause__ is None
    assert found.__suppress_context__


def _failed(sent: list[None], error: Exception, *_: Any, **__: Any) -> Any:
    sent.append(None)
    raise error


def test_a_refusal_is_not_sent_again() -> None:
    for error, times in (
        (exceptions.ConnectionError("lost"), 2),
        (exceptions.TimeoutError("late"), 2),
        (exceptions.BusyLoadingError("loading"), 1),
        (exceptions.AuthenticationError("wrong"), 1),
        (exceptions.OutOfMemoryError("full"), 1),
    ):
        sent: list[None] = []
        calls = failing(error)
        calls._execute = partial(_failed, sent, error)
        with pytest.raises(StoreError):
            calls.ask("", "PING")
        assert len(sent) == times


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    for module in ("adapters.redis_calls", "adapters.redis_place", "stores.redis"):
        monkeypatch.delitem(sys.modules, f"versioned_serde.{module}", raising=False)
    with pytest.raises(MissingExtraError) as caught:
        importlib.import_module("versioned_serde.stores.redis")
    assert str(caught.value) == (
        "A store over Redis needs `redis`, which is not installed. Run: pip install 'versioned-serde[redis]'"
    )
