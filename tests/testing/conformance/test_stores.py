"""A store that breaks a promise is caught by the check of that promise."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.testing.conformance.failing import failure
from tests.testing.conformance.files import Files
from versioned_serde.errors import StoreError
from versioned_serde.protocols import ObjectStore, Stored
from versioned_serde.testing.conformance import stores
from versioned_serde.testing.conformance.stores import StoreConformance


class Memory:
    """A dictionary: all that a store promises, within one process."""

    def __init__(self) -> None:
        self.held: dict[str, Stored] = {}
        self.lock = threading.Lock()
        self.tokens = itertools.count()

    def get(self, key: str) -> Stored | None:
        self.check(key)
        return self.held.get(key)

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        self.check(key)
        with self.lock:
            return None if key in self.held else self.put(key, payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        self.check(key)
        with self.lock:
            return self.put(key, payload, headers) if self.at(key, token) else None

    def delete(self, key: str, token: str) -> bool:
        self.check(key)
        with self.lock:
            return self.at(key, token) and self.held.pop(key) is not None

    def keys(self) -> Iterator[str]:
        return iter(sorted(self.held))

    def check(self, key: str) -> None:
        if not key.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in key):
            raise StoreError("The key is no text.", key=key, hint="Use another.")

    def at(self, key: str, token: str) -> bool:
        return key in self.held and self.held[key].token == token

    def put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        token = f"t{next(self.tokens)}"
        self.held[key] = Stored(payload, dict(headers), token)
        return token


class InsertsOverWhatIsThere(Memory):
    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self.put(key, payload, headers)


class IgnoresTokens(Memory):
    def at(self, key: str, token: str) -> bool:
        return key in self.held


class IgnoresTokensThatItDoesNotKnow(Memory):
    def at(self, key: str, token: str) -> bool:
        return key in self.held and (not token.startswith("t") or super().at(key, token))


class DeletesBlindly(Memory):
    def delete(self, key: str, token: str) -> bool:
        return self.held.pop(key, None) is not None


class SaysThatItDeleted(Memory):
    def delete(self, key: str, token: str) -> bool:
        return self.at(key, token)


class KeepsTheToken(Memory):
    def put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        self.held[key] = Stored(payload, dict(headers), "t")
        return "t"


class LooksAndThenWrites(Memory):
    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        if not self.at(key, token):
            return None
        time.sleep(1e-5)
        return self.put(key, payload, headers)


class LosesHeaders(Memory):
    def put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        return super().put(key, payload, {})


class KeepsFormerHeaders(Memory):
    def put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        before = self.held[key].headers if key in self.held else {}
        return super().put(key, payload, {**before, **headers})


class ListsAsWritten(Memory):
    def keys(self) -> Iterator[str]:
        return iter(list(self.held))


class ListsWhatIsThereNow(Memory):
    def keys(self) -> Iterator[str]:
        listed = sorted(self.held)
        return (listed[at] for at in range(len(listed)) if at < len(self.held) - 1 or len(self.held) < 2_000)


class CutsLines(Memory):
    def put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        return super().put(key, payload.replace(b"\r\n", b"\n"), headers)


class KnowsNoCase(Memory):
    def get(self, key: str) -> Stored | None:
        return super().get(key.casefold())

    def put(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str:
        return super().put(key.casefold(), payload, headers)


class TakesAnyKey(Memory):
    def check(self, key: str) -> None:
        pass


BROKEN: list[tuple[type[Memory], str]] = [
    (InsertsOverWhatIsThere, "test_insert_gives_a_token_once"),
    (InsertsOverWhatIsThere, "test_it_behaves_as_a_dictionary"),
    (IgnoresTokens, "test_update_needs_the_present_token"),
    (IgnoresTokens, "test_delete_needs_the_present_token"),
    (IgnoresTokensThatItDoesNotKnow, "test_a_token_of_another_kind_is_a_token_that_differs"),
    (DeletesBlindly, "test_delete_needs_the_present_token"),
    (SaysThatItDeleted, "test_delete_needs_the_present_token"),
    (KeepsTheToken, "test_update_needs_the_present_token"),
    (LooksAndThenWrites, "test_threads_lose_no_update"),
    (LosesHeaders, "test_headers_come_back_or_are_refused"),
    (KeepsFormerHeaders, "test_headers_come_back_or_are_refused"),
    (ListsAsWritten, "test_every_key_is_its_own_record"),
    (ListsWhatIsThereNow, "test_keys_are_in_order_also_while_others_write"),
    (KnowsNoCase, "test_every_key_is_its_own_record"),
    (TakesAnyKey, "test_a_key_that_is_no_text_is_refused"),
]
IN_ONE_PROCESS = sorted({check for _, check in BROKEN} | {"test_nothing_is_there_at_first"})


@pytest.mark.parametrize("check", IN_ONE_PROCESS)
def test_a_sound_store_passes(check: str) -> None:
    getattr(StoreConformance(), check)(Memory())


@pytest.mark.parametrize(("store", "check"), BROKEN, ids=[f"{store.__name__}-{check}" for store, check in BROKEN])
def test_a_broken_promise_is_caught(store: type[Memory], check: str) -> None:
    failure(StoreConformance(), check, store())


class RefusesUpdates(Memory):
    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return None


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_store_that_never_gets_on_does_not_hold_up_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "PATIENCE", 0.05)
    failure(StoreConformance(), "test_a_store_works_on_both_sides_of_a_fork", RefusesUpdates())


def test_bytes_that_change_are_caught() -> None:
    failure(StoreConformance(), "test_bytes_come_back_as_they_were", CutsLines(), bytes(range(256)) + b"\r\n")


def test_headers_that_are_taken_and_lost_are_caught() -> None:
    tested = StoreConformance()
    tested.keeps_headers = False
    failure(tested, "test_headers_come_back_or_are_refused", LosesHeaders())


@pytest.mark.parametrize(
    "check",
    [
        "test_processes_lose_no_update",
        "test_one_of_many_processes_inserts",
        "test_a_store_works_on_both_sides_of_a_fork",
        "test_a_killed_writer_leaves_the_old_record_or_the_new_one",
    ],
)
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_store_without_a_lock_is_caught(check: str, tmp_path: Path) -> None:
    opener = partial(Files, tmp_path / "files")
    store: ObjectStore = opener()
    failure(StoreConformance(), check, store, *([opener] if "fork" not in check else []))
