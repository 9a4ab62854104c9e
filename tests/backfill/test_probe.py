"""Stores that are careless, each in its own way, and honest ones that fail at times."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.backfill.memory import MemoryStore, ToldStore, When
from versioned_serde.backfill.probe import probe
from versioned_serde.errors import StoreError, UnsafeStoreError
from versioned_serde.protocols import ScannedStore, Stored
from versioned_serde.stores.directory import DirectoryStore
from versioned_serde.stores.sqlite import SqliteStore


class Beside(MemoryStore):
    """Beside it there is another one of its class."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Beside] = []

    def beside(self, name: str) -> MemoryStore:
        self.places.append(type(self)())
        return self.places[-1]


class Blind(Beside):
    """It takes a token and does not look at it."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        there = self.get(key)
        return None if there is None else super().update(key, there.token, payload, headers)


class BlindInRaces(Beside):
    """It looks at the token, and writes a moment later whatever has happened since."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        there = self.get(key)
        if there is None or there.token != token:
            return None
        time.sleep(0.002)
        return self._put(key, payload, headers)


class BlindInserts(Beside):
    """An insert writes over what is there."""

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self._put(key, payload, headers)


class Refusing(Beside):
    """No token is ever the present one."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return None


class Full(Beside):
    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return None


class Forgetful(Beside):
    """It says that it wrote, and did not."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        there = self.get(key)
        return "new" if there is not None and there.token == token else None


class Garbling(Beside):
    """It writes something else."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return super().update(key, token, payload + b"!", headers)


class Swapping(Beside):
    """Of a race, one is told to have won, and another one's bytes are stored."""

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return super().update(key, token, payload[:-1] + b"!" if payload.startswith(b"race") else payload, headers)


@pytest.mark.parametrize(
    ("careless", "problem"),
    [
        (Blind, "token is stale"),
        (BlindInRaces, "from the same token, it accepted"),
        (BlindInserts, "an insert of a key that is there"),
        (Refusing, "whose token is the present one"),
        (Full, "a record is there which is not"),
        (Forgetful, "token is stale"),
        (Garbling, "something else than what was written last"),
        (Swapping, "not what its winner wrote"),
    ],
)
def test_a_careless_store_is_refused_each_time(careless: type[Beside], problem: str) -> None:
    for _ in range(5):
        with pytest.raises(UnsafeStoreError, match=problem) as raised:
            probe(careless())
        assert raised.value.hint


@pytest.fixture(params=["memory", "directory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScannedStore]:
    match request.param:
        case "memory":
            yield MemoryStore()
        case "directory":
            yield DirectoryStore(tmp_path, fsync=False)
        case _:
            with SqliteStore(tmp_path / "records.db", fsync=False) as store:
                yield store


def test_an_honest_store_passes_and_nothing_is_left(store: ScannedStore) -> None:
    probe(store)
    probe(store)
    assert list(store.keys()) == list(store.beside("probe").keys()) == []


@pytest.mark.parametrize("name", ["insert", "update", "get", "delete"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("first", range(8))
def test_an_honest_store_that_fails_for_a_moment_is_not_taken_for_a_careless_one(
    name: str, when: When, first: int
) -> None:
    """Each call of a name fails once, in turn; of one that was carried out only the answer is lost."""
    calls: list[str] = []

    def told(now: When, called: str, key: str) -> None:
        if (now, called) == (when, name):
            calls.append(key)
            if len(calls) == first + 1:
                raise StoreError("The connection was lost.", key=key, transient=True)

    probe(ToldStore(MemoryStore(), told))


@pytest.mark.parametrize("name", ["insert", "update"])
def test_a_client_that_asks_twice_by_itself_is_told_no_at_the_second_time(name: str) -> None:
    class Twice(ToldStore):
        def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
            if name == "insert":
                super().insert(key, payload, headers)
            return super().insert(key, payload, headers)

        def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
            if name == "update":
                super().update(key, token, payload, headers)
            return super().update(key, token, payload, headers)

        def beside(self, name: str) -> ScannedStore:
            return Twice(self.store.beside(name), self.told)

    probe(Twice(MemoryStore(), lambda *_: None))


def test_a_record_that_is_missed_once_says_nothing() -> None:
    missed: list[str] = []

    class Behind(Beside):
        def get(self, key: str) -> Stored | None:
            missed.append(key)
            return None if len(missed) % 2 else super().get(key)

    probe(Behind())


def test_a_store_that_cannot_be_used_says_so() -> None:
    def told(when: When, name: str, key: str) -> None:
        if name == "insert":
            raise StoreError("The disk is full.", key=key)

    with pytest.raises(StoreError, match="full") as raised:
        probe(ToldStore(MemoryStore(), told))
    assert not isinstance(raised.value, UnsafeStoreError)
