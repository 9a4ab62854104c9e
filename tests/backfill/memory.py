"""A store in memory, and one around any store that tells of each call before and after it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import RLock
from typing import Literal, TypeVar

from versioned_serde.protocols import Page, ScannedStore, Stored

R = TypeVar("R")
When = Literal["before", "after"]


class MemoryStore:
    """A `ScannedStore`, for one process. A token is the number of the change that left the record so."""

    def __init__(self) -> None:
        self.records: dict[str, Stored] = {}
        self._besides: dict[str, MemoryStore] = {}
        self._changes = 0
        self._lock = RLock()

    def get(self, key: str) -> Stored | None:
        return self.records.get(key)

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        with self._lock:
            return None if key in self.records else self._put(key, payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        with self._lock:
            there = self.records.get(key)
            return self._put(key, payload, headers) if there is not None and there.token == token else None

    def delete(self, key: str, token: str) -> bool:
        with self._lock:
            there = self.records.get(key)
            if there is None or there.token != token:
                return False
            del self.records[key]
            return True

    def keys(self) -> Iterator[str]:
        return iter(sorted(self.records))

    def scan(self, after: str, until: str, limit: int) -> Page:
        with self._lock:
            keys = self._between(after, until)[:limit]
            return Page([(key, self.records[key]) for key in keys], f"={keys[-1]}" if len(keys) == limit else "")

    def partition(self, parts: int) -> Sequence[str]:
        keys = sorted(self.records)
        ends = {len(keys) * part // parts for part in range(1, parts)} - {0, len(keys)}
        return [f"={keys[end - 1]}" for end in sorted(ends)]

    def beside(self, name: str) -> MemoryStore:
        return self._besides.setdefault(name, MemoryStore())

    def set(self, key: str, payload: bytes) -> None:
        """Whatever is there."""
        with self._lock:
            self._put(key, payload, {})

    def _between(self, after: str, until: str) -> list[str]:
        keys = sorted(self.records)
        start = bisect_right(keys, after[1:]) if after else 0
        return keys[start : bisect_right(keys, until[1:]) if until else len(keys)]

    def _put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        self._changes += 1
        self.records[key] = Stored(bytes(payload), dict(headers), str(self._changes))
        return str(self._changes)


Told = Callable[[When, str, str], None]
"""(before or after the call, its name, key or position)."""


class ToldStore:
    """A store around another one. What `told` raises is what the call raises.

    Args:
        store: the other one.
        told: is told of each call.
    """

    def __init__(self, store: ScannedStore, told: Told) -> None:
        self.store = store
        self.told = told

    def get(self, key: str) -> Stored | None:
        return self._called("get", key, lambda: self.store.get(key))

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self._called("insert", key, lambda: self.store.insert(key, payload, headers))

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self._called("update", key, lambda: self.store.update(key, token, payload, headers))

    def delete(self, key: str, token: str) -> bool:
        return self._called("delete", key, lambda: self.store.delete(key, token))

    def keys(self) -> Iterator[str]:
        return self._called("keys", "", self.store.keys)

    def scan(self, after: str, until: str, limit: int) -> Page:
        return self._called("scan", after, lambda: self.store.scan(after, until, limit))

    def partition(self, parts: int) -> Sequence[str]:
        return self._called("partition", "", lambda: self.store.partition(parts))

    def beside(self, name: str) -> ScannedStore:
        return ToldStore(self.store.beside(name), self.told)

    def _called(self, name: str, key: str, call: Callable[[], R]) -> R:
        self.told("before", name, key)
        result = call()
        self.told("after", name, key)
        return result
