"""Records that are plain strings on a Redis or Valkey server, where a service itself reads and writes them."""

from __future__ import annotations

import re
import secrets
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from hashlib import sha1
from typing import Final

from versioned_serde.adapters.redis_calls import Client, Script, encoded
from versioned_serde.adapters.redis_place import RedisPlace
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.protocols import Page, Stored

_AT_ONCE: Final = 1_000
"""How many keys of the server one step of `SCAN` looks at."""
_LISTINGS: Final = 64
"""How many scans of one store can go on at once before the oldest has to list its keys again."""
_ATTEMPTS: Final = 3
_PATTERN: Final = re.compile(r"([*?\[\]\\])")

# KEYS: record. ARGV: token, payload.
_INSERT: Final = Script("""
if redis.call('SET', KEYS[1], ARGV[1], 'NX') then return 1 end
return 0
""")
_UPDATE: Final = Script("""
local payload = redis.call('GET', KEYS[1])
if not payload or redis.sha1hex(payload) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
""")
_DELETE: Final = Script("""
local payload = redis.call('GET', KEYS[1])
if not payload or redis.sha1hex(payload) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1
""")


class RedisStringStore(RedisPlace):
    """A `ScannedStore` over strings at `<prefix><key>`, as `SET` and `GET` have them. Nothing else is on the server.

    It is for records that a service keeps there without this library; `RedisStore` is better for new ones. Safe among
    threads, processes and a fork. A compare-and-set is atomic also among writers that do a plain `SET`; whether they
    overwrite what they have not read is up to them.

    A token is the SHA-1 of the bytes, which is what a script on the server can compute. Equal content has an equal
    token, which is enough for a compare-and-set of whole values. A change that is sent again, because its answer was
    lost, cannot recognize what it did before: it says so with `StoreError` where `RedisStore` would succeed.

    A time to live stays when a record is updated. There is no place for headers.

    **There is no index.** `keys`, `partition` and each `scan` that begins go once through all keys of the database with
    `SCAN`, also those with other prefixes, and hold the keys of their range in memory: a few seconds, and 100 MB, for a
    million keys. The pages of one scan then come from that list, in ascending order of keys. A position continues the
    list that it came from once, in the same store; anywhere else, and later, a new list begins behind it.

    What `RedisStore` says of persistence holds here, too. A cluster is refused: what moves from one node to another
    meanwhile, `SCAN` may miss.
    """

    def __init__(self, source: str | Client, prefix: str, *, timeout: float = 5.0) -> None:
        """Connects.

        Args:
            source: the URL of a server or a client of redis-py, as for `RedisStore`.
            prefix: what the keys of the records begin with, and no others.
            timeout: seconds to wait for a connection, and for each answer, before `StoreError`.

        Raises:
            DeclarationError: URL, client or prefix cannot be used.
            StoreError: the server cannot be reached.
        """
        super().__init__(source, prefix, timeout)

    def _settle(self) -> None:
        if self._calls.is_cluster:
            raise DeclarationError(
                "Strings in a cluster cannot be gone through without missing some.",
                hint="Use `RedisStore`, with a hash tag in the prefix.",
            )
        self._lock = threading.Lock()
        self._listings: OrderedDict[str, tuple[list[bytes], int]] = OrderedDict()

    def _look(self) -> None:
        self._calls.ask("", "PING")

    def get(self, key: str) -> Stored | None:
        """The record, or None."""
        return _stored(self._calls.ask(key, "GET", self._place(key)))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Stores a record under a free key: the new token, or None if the key is taken."""
        _refuse_headers(key, headers)
        return _token(payload) if self._calls.change(key, _INSERT, [self._place(key)], [payload]) else None

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """Replaces a record that is still at `token`: the new token, or None. A time to live stays."""
        _refuse_headers(key, headers)
        arguments = [encoded(token, key), payload]
        return _token(payload) if self._calls.change(key, _UPDATE, [self._place(key)], arguments) else None

    def delete(self, key: str, token: str) -> bool:
        """Removes a record that is still at `token`; False if it is not."""
        return bool(self._calls.change(key, _DELETE, [self._place(key)], [encoded(token, key)]))

    def keys(self) -> Iterator[str]:
        """The keys in ascending order of code points, as they were when the iteration began."""
        yield from (name.decode() for name in self._listed("", ""))

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records after a position, in ascending order of code points."""
        with self._lock:
            known = self._listings.pop(after + until, None)
        names, start = (self._listed(after, until), 0) if known is None else known
        page = names[start : start + limit]
        answers = self._calls.ask("", "MGET", *(self._at + name for name in page)) if page else []
        found = zip(page, map(_stored, answers), strict=True)
        records = [(name.decode(), stored) for name, stored in found if stored is not None]
        end = start + len(page)
        return Page(records, self._continued(names, end, until) if end < len(names) else "")

    def partition(self, parts: int) -> list[str]:
        """Positions between parts of the same size."""
        names = self._listed("", "")
        ends = sorted({len(names) * part // parts - 1 for part in range(1, parts)} - {-1, len(names) - 1})
        return [f"={names[end].decode()}" for end in ends]

    def _continued(self, names: list[bytes], end: int, until: str) -> str:
        """A position that no other scan has: one that comes by later must not go on with this one's older list."""
        position = f"{secrets.randbits(63)}={names[end - 1].decode()}"
        with self._lock:
            self._listings[position + until] = names, end
            while len(self._listings) > _LISTINGS:
                self._listings.popitem(last=False)
        return position

    def _listed(self, after: str, until: str) -> list[bytes]:
        """The keys of a range now, in order."""
        for _ in range(_ATTEMPTS):
            server = self._server()
            names = sorted(self._scanned())
            if self._server() == server:
                break
        else:
            raise StoreError(
                "The server was started again, or failed over, each time that its keys were listed.",
                key="",
                hint="Do it again when the server stays.",
                transient=True,
            )
        for name in names:
            _refuse_bytes(name)
        first = bisect_right(names, _name(after)) if after else 0
        return names[first : bisect_right(names, _name(until)) if until else len(names)]

    def _server(self) -> str:
        # To another server, or to the same one started again, a cursor means something else: keys would be passed over.
        run: str = self._calls.ask("", "INFO", "server")["run_id"]
        return run

    def _scanned(self) -> set[bytes]:
        """The keys of all records. What is there throughout, `SCAN` shows at least once."""
        pattern = encoded(_PATTERN.sub(r"\\\1", self._prefix), "") + b"*"
        found: set[bytes] = set()
        cursor = 0
        while True:
            cursor, places = self._calls.ask("", "SCAN", cursor, "MATCH", pattern, "COUNT", _AT_ONCE, "TYPE", "string")
            found.update(place[len(self._at) :] for place in places)
            if cursor == 0:
                return found


def _stored(payload: bytes | None) -> Stored | None:
    return None if payload is None else Stored(payload, {}, _token(payload))


def _token(payload: bytes) -> str:
    return sha1(payload, usedforsecurity=False).hexdigest()


def _name(position: str) -> bytes:
    return position.partition("=")[2].encode()


def _refuse_bytes(name: bytes) -> None:
    try:
        name.decode()
    except UnicodeDecodeError as error:
        raise StoreError(
            "There is a key on the server that is not text.",
            key=name.decode(errors="backslashreplace"),
            hint="Choose a longer prefix, which only records have, or rename the key.",
        ) from error


def _refuse_headers(key: str, headers: Mapping[str, str]) -> None:
    if headers:
        raise StoreError(
            "A string has no place for headers.",
            key=key,
            hint="Use the framing `envelope` or `inline` in this location, or `RedisStore`.",
        )
