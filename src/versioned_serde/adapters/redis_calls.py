"""Calls to Redis or Valkey by redis-py: in bounded time, and sent again only where it is known what that means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha1
from typing import Any, Final, TypeAlias, TypeVar

try:
    import redis
    from redis import exceptions
    from redis.backoff import NoBackoff
    from redis.cluster import RedisCluster
    from redis.retry import Retry
except ModuleNotFoundError as _error:
    from versioned_serde.errors import MissingExtraError

    raise MissingExtraError(
        f"A store over Redis needs `{_error.name}`, which is not installed.",
        hint="Run: pip install 'versioned-serde[redis]'",
    ) from _error

from versioned_serde.errors import DeclarationError, StoreError

T = TypeVar("T")
Client: TypeAlias = redis.Redis | RedisCluster

_UNANSWERED: Final = (exceptions.ConnectionError, exceptions.TimeoutError)
"""Nobody knows whether the server has done what it was asked, or will yet."""
_REFUSED: Final = (
    exceptions.AuthenticationError,
    exceptions.AuthorizationError,
    exceptions.BusyLoadingError,
    exceptions.MaxConnectionsError,
)
"""Errors that redis-py derives from a lost connection, though nothing was sent."""
_BUSY: Final = {
    "BUSY": "A script holds the server; `SCRIPT KILL` ends it.",
    "CLUSTERDOWN": "Wait until the cluster has found a primary for every slot.",
    "LOADING": "Wait until the server has read its data.",
    "MASTERDOWN": "Wait until the replica has found its primary.",
    "MISCONF": "The server cannot save to its disk and takes no writes: look into its log.",
    "NOREPLICAS": "Too few replicas are connected (`min-replicas-to-write`).",
    "OOM": "The server is at its `maxmemory`.",
    "READONLY": "This is a replica; after a failover, wait until the name leads to the new primary.",
    "TRYAGAIN": "The cluster is moving the slot.",
}
"""What the server says of itself, and not of the request: the same call may succeed later."""
_LASTING: Final = {
    "CROSSSLOT": "In a cluster, the prefix needs a hash tag, such as `{orders}:`.",
    "MOVED": "This is a node of a cluster: pass a `redis.cluster.RedisCluster` as the client.",
    "NOAUTH": "Give a password in the URL.",
    "NOPERM": "Allow the keys `<prefix>*` and `versioned-serde:*<prefix>*`, and the commands that the how-to lists.",
    "WRONGPASS": "Check user and password in the URL.",
    "WRONGTYPE": "Others keep another kind of value there: choose a prefix that nobody else uses.",
}
_CLUSTER: Final = exceptions.RedisClusterException
_CHECK: Final = "Check the server's address, version and log."


class Script:
    """A Lua script, which the server keeps by its digest. It runs as a whole, or not at all."""

    def __init__(self, text: str) -> None:
        self.text: str = text
        self.digest: str = sha1(text.encode(), usedforsecurity=False).hexdigest()


class RedisCalls:
    """Requests by a client that does not repeat them by itself.

    A request that got no answer is sent once more, over another connection; then `StoreError` is raised. A script that
    changes something has to recognize what it has done before, so that being sent again does no harm.
    """

    def __init__(self, source: str | Client, timeout: float) -> None:
        """Makes a client from a URL, without a connection yet, or takes one that exists.

        Raises:
            DeclarationError: the URL is none, or the client waits forever or repeats requests.
        """
        self._owned = isinstance(source, str)
        self._closed = False
        if isinstance(source, str):
            self._client: Client = _opened(source, timeout)
        else:
            _refuse_unfit(source)
            self._client = source
        self.is_cluster: bool = isinstance(self._client, RedisCluster)
        self._execute: Callable[..., Any] = self._client.execute_command

    def ask(self, key: str, *command: str | bytes | int) -> Any:
        """The answer to a command that changes nothing."""
        # Never decoded, whatever the client was made for: payloads are bytes.
        return self._sent(key, lambda: self._execute(*command, NEVER_DECODE=True))[0]

    def ask_each(self, key: str, commands: Sequence[Sequence[str | bytes | int]]) -> list[Any]:
        """The answers to commands that change nothing, sent together. Others may change records in between."""

        def send() -> list[Any]:
            pipeline = self._client.pipeline(transaction=False)
            for command in commands:
                pipeline.execute_command(*command, NEVER_DECODE=True)
            return list(pipeline.execute())

        return self._sent(key, send)[0] if commands else []

    def run(self, key: str, script: Script, keys: Sequence[bytes], arguments: Sequence[bytes]) -> Any:
        """The answer of a script of which it does not matter how often it runs."""
        return self._sent(key, lambda: self._run(script, keys, arguments))[0]

    def change(self, key: str, script: Script, keys: Sequence[bytes], arguments: Sequence[bytes]) -> int:
        """The answer of a script that says 0 where it did nothing, and another number where it did, or had before.

        Raises:
            StoreError: among other things, the script did nothing when it was sent again. Somebody else may have been
                faster than the first request, or have changed the record after it.
        """
        answer, again = self._sent(key, lambda: self._run(script, keys, arguments))
        if again and not answer:
            raise StoreError(
                "The connection was lost, and the record has changed since: whether by this change, nobody knows.",
                key=key,
                hint="Read the record before you do it again.",
                transient=True,
            )
        return int(answer)

    def close(self) -> None:
        """Closes the connections of a client that was made here; later calls raise."""
        self._closed = True
        if self._owned:
            self._client.close()

    def _run(self, script: Script, keys: Sequence[bytes], arguments: Sequence[bytes]) -> Any:
        rest = (len(keys), *keys, *arguments)
        try:
            return self._execute("EVALSHA", script.digest, *rest, NEVER_DECODE=True)
        except exceptions.NoScriptError:  # a new server, or one that was started again
            return self._execute("EVAL", script.text, *rest, NEVER_DECODE=True)

    def _sent(self, key: str, send: Callable[[], T]) -> tuple[T, bool]:
        """What came back, and whether it had to be sent twice."""
        if self._closed:
            raise StoreError("The store was closed.", key=key, hint="Open a new one.")
        again = False
        while True:
            try:
                return send(), again
            except (exceptions.RedisError, _CLUSTER) as error:
                if again or not isinstance(error, _UNANSWERED) or isinstance(error, _REFUSED):
                    if isinstance(error, exceptions.ReadOnlyError) and isinstance(self._client, redis.Redis):
                        # The other connections lead to the same replica; new ones ask for the address again.
                        self._client.connection_pool.disconnect(inuse_connections=False)
                    raise _store_error(error, key) from (None if _quotes(error) else error)
            again = True


def encoded(text: str, key: str) -> bytes:
    """The text as a server has it.

    Raises:
        StoreError: it has lone surrogates.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise StoreError(
            "Key, token and headers must be valid Unicode text.", key=key, hint="Use no lone surrogates."
        ) from error


def _opened(url: str, timeout: float) -> redis.Redis:
    try:
        return redis.Redis.from_url(
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),  # said, so that an option in the URL cannot bring it back
            protocol=2,  # no greeting, and the same answers from every server
        )
    except ValueError as error:
        raise DeclarationError(
            "The URL of the Redis server is not one that redis-py knows.",  # it may hold a password
            hint="Write `redis://HOST:6379/0`, `rediss://...` for TLS, or `unix:///PATH`.",
        ) from error


def _refuse_unfit(client: Client) -> None:
    known = client.get_connection_kwargs()
    retry = client.retry if isinstance(client, RedisCluster) else client.get_retry()
    if retry.get_retries() if retry else known.get("retry_on_error") or known.get("retry_on_timeout"):
        raise DeclarationError(
            "The client sends requests again by itself, so that nobody could tell what a change has done.",
            hint="Make it with `retry=Retry(NoBackoff(), 0)`: the store itself sends again what may be.",
        )
    if known.get("socket_timeout") is None:
        raise DeclarationError(
            "The client would wait forever for an answer.", hint="Make it with `socket_timeout=5`, in seconds."
        )


def _store_error(error: Exception, key: str) -> StoreError:
    code = str(error).partition(" ")[0]
    if isinstance(error, exceptions.TimeoutError):
        return StoreError(
            "Redis did not answer in time. A change may have been made, or may yet be.",
            key=key,
            hint="Read the record before you do it again. Look for slow commands, or raise `timeout`.",
            transient=True,
        )
    code = next((known for kind, known in _CODES.items() if isinstance(error, kind)), code)
    if code in _BUSY:
        return StoreError(f"Redis refused: {_words(error)}.", key=key, hint=_BUSY[code], transient=True)
    if isinstance(error, exceptions.ConnectionError) and not isinstance(error, exceptions.AuthenticationError):
        return StoreError(
            f"The connection to Redis was lost or refused: {_words(error)}. A change may have been made.",
            key=key,
            hint="Read the record before you do it again. Check that the server runs and can be reached.",
            transient=not isinstance(error, exceptions.AuthorizationError),
        )
    return StoreError(f"Redis refused: {_words(error)}.", key=key, hint=_LASTING.get(code, _CHECK))


_CODES: Final[dict[type[Exception], str]] = {
    # redis-py takes the code off the text where it has a class for it.
    exceptions.BusyLoadingError: "LOADING",
    exceptions.ReadOnlyError: "READONLY",
    exceptions.OutOfMemoryError: "OOM",
    exceptions.TryAgainError: "TRYAGAIN",
    exceptions.MasterDownError: "MASTERDOWN",
    exceptions.ClusterDownError: "CLUSTERDOWN",
    exceptions.ClusterCrossSlotError: "CROSSSLOT",
    exceptions.MovedError: "MOVED",
    exceptions.SlotNotCoveredError: "CLUSTERDOWN",
    exceptions.NoPermissionError: "NOPERM",
    exceptions.AuthenticationError: "WRONGPASS",
}


def _words(error: Exception) -> str:
    """What the server said, without what it repeats of the request: payloads are in there."""
    if _quotes(error):
        return "the cluster is not as it should be" if isinstance(error, _CLUSTER) else "it does not know the command"
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__


def _quotes(error: Exception) -> bool:
    return isinstance(error, _CLUSTER) or "with args beginning" in str(error)
