"""Records in hashes of a Redis or Valkey server, with one sorted set of their keys."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from versioned_serde.adapters.redis_calls import Client, Script, encoded
from versioned_serde.adapters.redis_place import OURS, RedisPlace, has_tag
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Page, Stored

_PAGE: Final = 1_000
"""Keys fetched at once by `keys()`."""
_FIELDS: Final = (b"payload", b"headers", b"revision")

# KEYS: record, index. ARGV: key, payload, headers or "", new revision; for `update` and `delete`, then the present one.
# A record and its entry in the index change together, as a script is one transaction, also in the server's log and on
# its replicas. A record that is at the new revision already was written by this very request, whose answer was lost.
_WRITE: Final = """
redis.call('HSET', KEYS[1], 'payload', ARGV[2], 'revision', ARGV[4])
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], 'headers')
else redis.call('HSET', KEYS[1], 'headers', ARGV[3]) end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
return 1
"""
_INSERT: Final = Script(
    """
local at = redis.call('HGET', KEYS[1], 'revision')
if at == ARGV[4] then return 1 end
if at or redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
"""
    + _WRITE
)
_UPDATE: Final = Script(
    """
local at = redis.call('HGET', KEYS[1], 'revision')
if at == ARGV[4] then return 1 end
if at ~= ARGV[5] then return 0 end
"""
    + _WRITE
)
_DELETE: Final = Script("""
if redis.call('HGET', KEYS[1], 'revision') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
""")
# KEYS: index, records. ARGV: their keys. Says which records are there, and takes the others out of the index: their
# time to live has ended, or somebody else deleted them.
_PRESENT: Final = Script("""
local there = {}
for number = 1, #ARGV do
  there[number] = redis.call('EXISTS', KEYS[number + 1])
  if there[number] == 0 then redis.call('ZREM', KEYS[1], ARGV[number]) end
end
return there
""")


class RedisStore(RedisPlace):
    """A `ScannedStore` over the keys of a server that begin with a prefix. Safe among threads, processes and a fork.

    A record is a hash at `<prefix><key>` with the fields `payload`, `headers` (a JSON object, only if there are any)
    and `revision`. The sorted set `versioned-serde:index:<prefix>` holds all keys with the score 0, hence in the order
    of their bytes. Every change is one script on both. No other store's prefix may begin with this one, and nobody else
    should write there.

    A token is the revision, 63 random bits drawn for each change. A request whose answer was lost is sent once more,
    and the revision tells the script what it has done already. Where that is not enough, because the record was changed
    again, `StoreError` says so; so it does after a second loss. Then the change may have been made.

    A record that was given a time to live (`EXPIRE`) keeps it when it is updated. Its key leaves the index when a scan
    next comes by.

    **What the server promises, and not more.** A change is acknowledged before it is on a disk, unless the server has
    `appendonly yes` and `appendfsync always`; with `everysec` the last second may be lost, and without an append-only
    file all since the last snapshot. Replicas follow later: a failover can lose acknowledged changes, `WAIT` makes that
    less likely and does not exclude it. The store does not send `WAIT`.

    In a cluster, all records have to be in one slot: the prefix needs a hash tag, such as `{orders}:`.

    `beside` gives the records at `versioned-serde:beside:<name>:<prefix>`, on the same server and in the same slot.

    Use it as a context manager, or call `close`.
    """

    def __init__(self, source: str | Client, prefix: str, *, timeout: float = 5.0) -> None:
        """Connects, and looks whether the server would evict records.

        Args:
            source: the URL of a server, such as `redis://host:6379/0`, `rediss://...` for TLS or `unix:///path`; or a
                client of redis-py that has a `socket_timeout` and no retries. Opened by a URL, the store can be
                pickled. The pickle holds the URL, with the password if it has one.
            prefix: what the keys on the server begin with; must not be empty, or begin with `versioned-serde:`.
            timeout: seconds to wait for a connection, and for each answer, before `StoreError`. A call takes at most
                four times as long. A client that is given has its own.

        Raises:
            DeclarationError: URL, client or prefix cannot be used.
            StoreError: the server cannot be reached, or it drops any key when its memory is full (`maxmemory-policy
                allkeys-...`): the index would go, and scans would find nothing.
        """
        super().__init__(source, prefix, timeout)

    def _settle(self) -> None:
        if self._calls.is_cluster and not has_tag(self._prefix):
            raise DeclarationError(
                f"A cluster spreads the keys that begin with `{self._prefix}`, and a script can change one slot only.",
                hint=f"Use a prefix with a hash tag, such as `{{{self._prefix.rstrip(':')}}}:`.",
            )
        self._index = encoded(f"{OURS}index:{self._prefix}", "")

    def _look(self) -> None:
        if self._calls.is_cluster:
            return  # each node has settings of its own
        settings = self._calls.ask("", "INFO", "memory")
        policy = settings.get("maxmemory_policy", "")
        if policy.startswith("allkeys") and settings.get("maxmemory"):
            raise StoreError(
                f"The server drops any key when its memory is full (`maxmemory-policy {policy}`), also the index.",
                key="",
                hint="Keep records on a server with `noeviction`, or with `volatile-...` if some have a time to live.",
            )

    def get(self, key: str) -> Stored | None:
        """The record, or None."""
        return _stored(key, self._calls.ask(key, "HMGET", self._place(key), *_FIELDS))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record under a free key: the new token, or None if the key is taken."""
        return self._written(_INSERT, key, payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None. A time to live stays."""
        return self._written(_UPDATE, key, payload, headers, encoded(token, key))

    def delete(self, key: str, token: str) -> bool:
        """Removes a record that is still at `token`; False if it is not."""
        places, name = [self._place(key), self._index], encoded(key, key)
        return bool(self._calls.change(key, _DELETE, places, [name, encoded(token, key)]))

    def keys(self) -> Iterator[str]:
        """The keys in ascending order of code points, a page at a time."""
        after = ""
        while True:
            names = self._names(after, "", _PAGE)
            present = self._present(names)
            yield from (name.decode() for name, there in zip(names, present, strict=True) if there)
            if len(names) < _PAGE:
                return
            after = _position(names[-1])

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, in ascending order of code points."""
        names = self._names(after, until, limit)
        answers = self._calls.ask_each("", [("HMGET", self._at + name, *_FIELDS) for name in names])
        records: list[tuple[str, Stored]] = []
        gone: list[bytes] = []
        for name, answer in zip(names, answers, strict=True):
            key = name.decode()
            stored = _stored(key, answer)
            if stored is None:
                gone.append(name)
            else:
                records.append((key, stored))
        self._present(gone)
        return Page(records, _position(names[-1]) if len(names) == limit else "")

    def partition(self, parts: int) -> list[str]:
        """Positions between parts of the same size, by their rank among the keys."""
        size = self._calls.ask("", "ZCARD", self._index)
        ranks = sorted({size * part // parts - 1 for part in range(1, parts)} - {-1, size - 1})
        answers = self._calls.ask_each("", [("ZRANGE", self._index, rank, rank) for rank in ranks])
        # Keys may come and go between the answers, so that a later rank is an earlier key.
        return sorted({_position(name) for names in answers for name in names})

    def _written(
        self, script: Script, key: str, payload: bytes, headers: Mapping[str, str], *token: bytes
    ) -> str | None:
        revision = str(secrets.randbits(63))
        arguments = (encoded(key, key), payload, _text(headers, key), revision.encode(), *token)
        return revision if self._calls.change(key, script, [self._place(key), self._index], arguments) else None

    def _names(self, after: str, until: str, limit: int) -> list[bytes]:
        first = b"(" + after[1:].encode() if after else b"-"
        last = b"[" + until[1:].encode() if until else b"+"
        found: list[bytes] = self._calls.ask("", "ZRANGE", self._index, first, last, "BYLEX", "LIMIT", 0, limit)
        return found

    def _present(self, names: Sequence[bytes]) -> list[int]:
        if not names:
            return []
        there: list[int] = self._calls.run("", _PRESENT, [self._index, *(self._at + name for name in names)], names)
        return there


def _stored(key: str, answer: Sequence[Any]) -> Stored | None:
    payload, headers, revision = answer
    if payload is None and revision is None:
        return None
    if payload is None or revision is None:
        raise StoreError(
            "The hash under this key lacks `payload` or `revision`.",
            key=key,
            hint="Nobody else may write where a store keeps its records: choose another prefix, or repair the hash.",
        )
    return Stored(payload, {} if headers is None else json.loads(headers), revision.decode())


def _position(name: bytes) -> str:
    return f"={name.decode()}"  # the empty key has a position, too


def _text(headers: Mapping[str, str], key: str) -> bytes:
    return encoded(json.dumps(dict(headers), ensure_ascii=False, sort_keys=True), key) if headers else b""
