from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from contextlib import closing
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.stores.sqlite import SqliteStore
from versioned_serde.testing.conformance.scans import ScanConformance
from versioned_serde.testing.conformance.stores import Opener, run


class TestSqliteStore(ScanConformance):
    counts_starts = True

    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        return partial(SqliteStore, tmp_path / "records.db", fsync=False)


def test_a_token_does_not_come_back(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        tokens = []
        for _ in range(20):
            token = store.insert("a", b"same", {})
            assert token is not None
            tokens.append(token)
            assert store.delete("a", token)
        assert len(set(tokens)) == 20
        store.insert("a", b"same", {})
        assert all(store.update("a", token, b"other", {}) is None for token in tokens)


def test_tables_of_one_file_are_apart(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as one, SqliteStore(tmp_path / "a.db", "Select") as other:
        one.insert("a", b"one", {})
        assert other.get("a") is None
        other.insert("b", b"other", {})
        assert (list(one.keys()), list(other.keys())) == (["a"], ["b"])


def test_the_table_is_as_documented(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        token = store.insert("a", b"one", {"h": "ü"})
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT key, payload, headers, revision FROM records").fetchall() == [
            ("a", b"one", '{"h": "ü"}', int(token or 0))
        ]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(("fsync", "level"), [(True, 2), (False, 1)])
def test_durability_is_what_was_asked_for(tmp_path: Path, fsync: bool, level: int) -> None:
    with SqliteStore(tmp_path / "a.db", fsync=fsync) as store, store._connection("") as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (level,)


@pytest.mark.parametrize("table", ["", "a b", 'a"b', "1a", "sqlite_a", "SQLITE_a", "ä", "a;--", "a" * 64, "a\n", "a.b"])
def test_what_is_no_name_of_a_table_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(DeclarationError, match="cannot be the name of a table"):
        SqliteStore(tmp_path / "a.db", table)


@pytest.mark.parametrize("path", ["", ":memory:"])
def test_a_database_in_memory_is_refused(path: str) -> None:
    with pytest.raises(DeclarationError, match="in memory"):
        SqliteStore(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database at all " * 100)
    with pytest.raises(StoreError) as caught:
        SqliteStore(tmp_path / "a.db")
    assert str(caught.value) == (
        f"SQLite refused: file is not a database. Check `{tmp_path}/a.db`: it is damaged or not an SQLite file."
    )


def test_a_table_of_others_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE records (id INTEGER)")
    with pytest.raises(StoreError) as caught:
        SqliteStore(tmp_path / "a.db")
    assert str(caught.value) == (
        f"SQLite refused: no such column: key. "
        f"Check that `{tmp_path}/a.db` and its directory can be written to, and that the table is a store's."
    )


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open database file") as caught:
        SqliteStore(tmp_path / "none" / "a.db")
    assert not caught.value.transient


def test_a_long_transaction_of_others_is_waited_for_and_then_named(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db", timeout=0.05) as store:
        token = store.insert("a", b"one", {})
        assert token is not None
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as caught:
                store.update("a", token, b"two", {})
            assert str(caught.value) == (
                "SQLite refused: database is locked. "
                "Somebody held the file for 0.05 s: look for a long transaction, or raise `timeout`."
            )
            assert (caught.value.key, caught.value.transient) == ("a", True)
            # Readers do not wait.
            assert store.get("a") is not None
        assert store.update("a", token, b"two", {}) is not None


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        store.insert("a", b"one", {})
        listing = store.keys()
    for operation in (lambda: store.get("a"), lambda: next(listing)):
        with pytest.raises(StoreError) as caught:
            operation()
        assert str(caught.value) == "The store was closed. Open a new `SqliteStore`."
    store.close()


def test_a_call_under_way_ends_before_its_connection_is_closed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    with store._connection("") as connection:
        store.close()
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_connections_are_used_again(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        for _ in range(10):
            thread = threading.Thread(target=store.get, args=("a",))
            thread.start()
            thread.join()
        assert [len(idle) for idle in store._idle.values()] == [1]


def test_no_transaction_is_left_open(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        store.insert("a", b"one", {})
        listing = store.keys()
        next(listing)
        store.get("a")
        # Fails while anybody reads.
        with closing(sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)) as other:
            assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


def _open(path: Path, together: Barrier) -> None:
    for number in range(20):
        together.wait(10)
        SqliteStore(path / f"{number}.db").close()


def test_many_processes_make_the_same_file_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    run(context, _open, [(tmp_path, context.Barrier(4))] * 4)


def test_a_writer_of_a_file_that_is_not_in_wal_mode_is_waited_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE other (x)")
        other.execute("BEGIN IMMEDIATE")
        # SQLite itself gives up at once here, whatever its timeout.
        with pytest.raises(StoreError, match="locked"):
            SqliteStore(tmp_path / "a.db", timeout=0.05)
        end = threading.Timer(0.2, other.execute, ("COMMIT",))
        end.start()
        with SqliteStore(tmp_path / "a.db") as store:
            assert store.get("a") is None
        end.join()


def _check_connections(store: SqliteStore, parent: int) -> None:
    (inherited,) = store._idle[parent]
    assert store.get("a") is not None
    (own,) = store._idle[os.getpid()]
    assert own is not inherited
    store.close()
    assert list(store._idle[parent]) == [inherited]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_leaves_the_connections_of_its_parent_alone(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "a.db") as store:
        store.insert("a", b"one", {})
        run(multiprocessing.get_context("fork"), _check_connections, [(store, os.getpid())])
        assert store.get("a") is not None
