"""Records that are tried again after the run: the books stay true, whoever is killed when."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.backfill.rewritten import Order, fill, old, opened, orders, rewrite
from versioned_serde import SqliteStore
from versioned_serde.backfill.books import Books, Outcome
from versioned_serde.backfill.quarantine import Quarantine
from versioned_serde.backfill.record import Looker, find
from versioned_serde.backfill.settlement import Tried, correction, entries, retry
from versioned_serde.backfill.state import State
from versioned_serde.rewriting import Target


class Killed(BaseException):
    """What no handler of errors catches."""


class Mortal:
    """A store whose process is killed before a call of a number, or after it was carried out."""

    def __init__(self, store: SqliteStore, left: list[int], *, after: bool) -> None:
        self._store = store
        self._left = left
        self._after = after

    def __getattr__(self, name: str) -> Any:
        called = getattr(self._store, name)

        def call(*arguments: Any) -> Any:
            self._left[0] -= 1
            if self._left[0] == 0 and not self._after:
                raise Killed
            result = called(*arguments)
            if self._left[0] == 0:
                raise Killed
            return result

        return call


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that is complete; of its four bad records one has been mended, one deleted, one rewritten by a host."""
    path = tmp_path_factory.mktemp("ended") / "shop.db"
    with opened(path) as (store, state):
        fill(store, 10, bad=4)
        assert rewrite(store, state).books.quarantined == 4
        for key, new in (("bad-0", old), ("bad-1", None), ("bad-2", orders)):
            stored = store.get(key)
            assert stored is not None
            if new is None:
                assert store.delete(key, stored.token)
            else:
                assert store.update(key, stored.token, new.dumps(Order("grace", 1)), {})
    return path


def copied(ended: Path, path: Path) -> AbstractContextManager[tuple[SqliteStore, SqliteStore]]:
    shutil.copy(ended, path)
    return opened(path)


def tried(store: Any, state: Any, keys: list[str] | None = None) -> list[Tried]:
    run = find(State(state), "orders")
    there = [entry.key for entry in entries(State(state), run.id)] if keys is None else keys
    return list(retry(orders, store, State(state), run.id, Target(2), there))


def look(state: SqliteStore) -> tuple[Books, list[str]]:
    run = find(State(state), "orders")
    return Looker(State(state), run).progress().books, sorted(each.key for each in entries(State(state), run.id))


def test_what_is_well_leaves_and_is_counted_anew(ended: Path, tmp_path: Path) -> None:
    with copied(ended, tmp_path / "shop.db") as (store, state):
        assert sorted(tried(store, state), key=lambda each: each.key) == [
            Tried("bad-0", Outcome.MIGRATED),
            Tried("bad-1", Outcome.DELETED),
            Tried("bad-2", Outcome.ALREADY),
            Tried("bad-3", Outcome.QUARANTINED),
        ]
        once = look(state)
        assert once == (Books(14, migrated=11, already=1, deleted=1, quarantined=1), ["bad-3"])
        assert once[0].balanced
        # What is tried a second time is not counted a second time, and neither is what is not there.
        assert tried(store, state, ["bad-0", "bad-3", "order-001"]) == [Tried("bad-3", Outcome.QUARANTINED)]
        assert look(state) == once
        # A new run of the name begins with new books.
        assert rewrite(store, state).books == Books(13, already=12, quarantined=1)
        assert correction(State(state), find(State(state), "orders").id) == Books()
        assert list(State(state).keys("settled/")) == []


@pytest.mark.parametrize("after", [False, True])
def test_a_retry_that_is_killed_anywhere_leaves_true_books(ended: Path, tmp_path: Path, after: bool) -> None:
    path = tmp_path / "shop.db"
    kills = 0
    while True:
        with copied(ended, path) as (store, state):
            left = [kills + 1]
            try:
                tried(Mortal(store, left, after=after), Mortal(state, left, after=after))
            except Killed:
                kills += 1
            else:
                break
            books, inside = look(state)
            assert (books.scanned, books.balanced) == (14, True)
            assert books.quarantined == len(inside)
            tried(store, state)
            books, inside = look(state)
            assert inside == ["bad-3"]
            # The record that was rewritten just before the kill is `already` when it is looked at again.
            assert books in (
                Books(14, migrated=11, already=1, deleted=1, quarantined=1),
                Books(14, migrated=10, already=2, deleted=1, quarantined=1),
            )
            run = find(State(state), "orders")
            assert [entry.key for entry in Quarantine(State(state), run.id)] == ["bad-3"]
    assert kills > 20


@pytest.mark.parametrize("killed", [False, True])
def test_two_retries_at_once_count_a_record_once(ended: Path, tmp_path: Path, killed: bool) -> None:
    with copied(ended, tmp_path / "shop.db") as (store, state):
        run = find(State(state), "orders")
        keys = ["bad-0", "bad-1", "bad-2"]

        class Dying(State):
            """It has counted what it did, and takes nothing out of the quarantine any more."""

            def delete(self, key: str) -> None:
                if killed:
                    raise Killed
                super().delete(key)

        class Slow(State):
            """Another retry comes in between what this one did and what it counts."""

            came = False

            def change(self, *arguments: Any, **options: Any) -> Any:
                if not self.came:
                    self.came = True
                    with suppress(Killed):
                        assert len(list(retry(orders, store, Dying(state), run.id, Target(2), keys))) == 3
                return super().change(*arguments, **options)

        slow = Slow(state)
        assert len(list(retry(orders, store, slow, run.id, Target(2), keys))) == 3
        assert slow.came
        books, inside = look(state)
        assert inside == ["bad-3"]
        assert books == Books(14, migrated=10, already=2, deleted=1, quarantined=1)
