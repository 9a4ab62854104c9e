"""`SqlStore` and its database: what it says when that refuses, is gone or is busy; processes."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from tests.stores.sites import SECRET, Site, refused, service_table, wait_for
from versioned_serde.errors import DeclarationError, StoreError
from versioned_serde.stores.sql import SqlStore
from versioned_serde.testing.conformance.stores import run


def test_a_column_that_others_must_fill(site: Site) -> None:
    name = site.table("id TEXT PRIMARY KEY, body TEXT, customer TEXT NOT NULL")
    with SqlStore(site.url, name) as store:
        error = refused(lambda: store.insert("a", SECRET.encode(), {}))
        assert "customer" in error.problem
        assert error.hint == (
            "`customer` needs a value that a record does not have: "
            "give it a default, or insert the row by your own SQL."
        )
        assert (error.key, error.transient) == ("a", False)
        site.run("INSERT INTO @ VALUES ('a', 'one', 'ada')", name)
        stored = store.get("a")
        assert stored is not None
        assert store.update("a", stored.token, b"two", {}) is not None


def test_another_unique_column_is_no_key_that_is_taken(site: Site) -> None:
    name = site.table("id TEXT PRIMARY KEY, body TEXT, n INTEGER DEFAULT 1 UNIQUE")
    with SqlStore(site.url, name) as store:
        assert store.insert("a", b"x", {}) is not None
        error = refused(lambda: store.insert("b", SECRET.encode(), {}))
        assert "nique constraint" in error.problem.replace("UNIQUE", "nique")
        assert "constraint" in error.hint or "fits" in error.hint


def test_a_table_that_went_away(site: Site) -> None:
    name = service_table(site)
    with SqlStore(site.url, name) as store:
        site.run("DROP TABLE @", name)
        assert refused(lambda: store.get("a")).hint == (
            "The table is not what it was when the store was opened: open it again."
        )


def test_a_user_who_may_not(served: Site) -> None:
    name = service_table(served)
    role = f"limited_{name}"
    served.run(f"CREATE ROLE {role} LOGIN", name)
    served.run(f"GRANT SELECT ON @ TO {role}", name)
    with SqlStore(served.url.replace("postgres@", f"{role}@"), name) as store:
        assert store.get("a") is None
        error = refused(lambda: store.insert("a", SECRET.encode(), {}))
        assert error.hint == "Grant this user SELECT, INSERT, UPDATE and DELETE on the table."
        assert not error.transient


def test_waiting_for_a_lock_ends(site: Site) -> None:
    name = service_table(site)
    with SqlStore(site.url, name, timeout=0.05) as store, site.engine.connect() as other:
        token = store.insert("a", SECRET.encode(), {})
        assert token is not None
        other.exec_driver_sql("BEGIN")
        other.exec_driver_sql("UPDATE @ SET n = 8".replace("@", name))
        error = refused(lambda: store.update("a", token, SECRET.encode(), {}))
        other.exec_driver_sql("ROLLBACK")
        what, problem = {
            "sqlite": ("file", "SQLite refused: database is locked."),
            "postgresql": ("row or the table", "PostgreSQL refused: canceling statement due to lock timeout."),
        }[site.product]
        assert str(error) == (
            f"{problem} Somebody held the {what} for 0.05 s: look for a long transaction, or raise `timeout`."
        )
        assert (error.key, error.transient) == ("a", True)
        assert store.update("a", token, b"two", {}) is not None


def test_a_lost_connection(served: Site) -> None:
    name = service_table(served)
    with SqlStore(f"{served.url}&application_name={name}", name) as store:
        token = store.insert("a", b"one", {})
        assert token is not None
        served.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '@'", name)
        wait_for(lambda: not served.run("SELECT 1 FROM pg_stat_activity WHERE application_name = '@'", name))
        error = refused(lambda: store.update("a", token, SECRET.encode(), {}))
        assert error.transient
        assert error.hint == "Whether a change was made is not known: read the record again."
        assert store.update("a", token, b"two", {}) is not None


def test_a_database_that_is_not_there(tmp_path: Any) -> None:
    for url in (f"postgresql://postgres@/x?host={tmp_path}", f"sqlite:///{tmp_path}/none/a.db"):
        error = refused(partial(SqlStore, url, "records", timeout=1))
        assert "refused" in error.problem
        assert error.transient == url.startswith("postgresql")
        assert error.hint


def test_a_pool_that_is_used_up(lite: Site) -> None:
    name = service_table(lite)
    engine = sa.create_engine(lite.url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    store = SqlStore(engine, name)
    with engine.connect():
        error = refused(lambda: store.get("a"))
    assert error.transient
    assert error.problem.startswith("All connections of this process were in use")
    assert store.get("a") is None
    engine.dispose()


def test_many_make_the_same_table_at_once(site: Site) -> None:
    base = service_table(site)
    for number in range(5):
        start = threading.Barrier(4)
        failed: list[StoreError] = []

        def make(number: int = number, start: threading.Barrier = start, failed: list[StoreError] = failed) -> None:
            start.wait(30)
            try:
                SqlStore.create(site.engine, f"{base}_{number}")
            except StoreError as error:
                failed.append(error)

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []


def _use(store: SqlStore, parent: int, pool: int) -> None:
    assert store.get("a") is not None
    assert id(store._database._here().pool) != pool
    # What was inherited is still there, since collecting it would close it.
    assert store._database._engines[parent] is not store._database._here()
    store.close()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("by_url", [True, False])
def test_a_forked_child_leaves_the_connections_of_its_parent_alone(site: Site, by_url: bool) -> None:
    name = service_table(site)
    with SqlStore(site.url if by_url else site.engine, name) as store:
        store.insert("a", b"one", {})
        pool = id(store._database._here().pool)
        run(multiprocessing.get_context("fork"), _use, [(store, os.getpid(), pool)] * 2)
        assert store.get("a") is not None
        assert id(store._database._here().pool) == pool


@pytest.mark.parametrize("url", ["mysql://host/x", "postgresql+psycopg2://host/x", "postgresql+asyncpg://host/x"])
def test_a_database_that_is_not_supported(url: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        SqlStore(url, "records")
    assert str(caught.value) == (
        f"`{url.partition(':')[0]}` is not supported. "
        "Supported are SQLite (`sqlite://`) and PostgreSQL by psycopg 3 (`postgresql+psycopg://`)."
    )


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(DeclarationError, match="in memory"):
        SqlStore(url, "records")


def test_a_text_that_is_no_url_is_not_repeated() -> None:
    with pytest.raises(DeclarationError) as caught:
        SqlStore(f"user:{SECRET}@host", "records")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("library", "extra", "purpose"), [("sqlalchemy", "sql", ""), ("psycopg", "postgresql", " for PostgreSQL")]
)
def test_a_missing_library_says_what_to_install(library: str, extra: str, purpose: str) -> None:
    code = f"""
import sys
sys.modules[{library!r}] = None
from versioned_serde import MissingExtraError
try:
    from versioned_serde.stores.sql import SqlStore
    SqlStore("postgresql://host/x", "records")
except MissingExtraError as error:
    print(error)
"""
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == (
        f"`SqlStore` needs `{library}`{purpose}, which is not installed. Run: pip install 'versioned-serde[{extra}]'\n"
    )


def test_the_driver_is_psycopg_and_waits_end(served: Site) -> None:
    name = service_table(served)
    url = served.url.replace("postgresql+psycopg", "postgresql") + "&options=-c%20work_mem%3D5MB"
    with SqlStore(url, name, timeout=7.5) as store, store._database.connection("") as connection:
        settings = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("lock_timeout", "work_mem")]
        assert settings == ["7500ms", "5MB"]
        assert connection.dialect.driver == "psycopg"
