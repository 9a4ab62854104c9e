"""`SqlStore` over tables of a service, beside writers that do not know it."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from functools import partial
from typing import Any

import pytest

from tests.stores.sites import Site, refused, service_table, statements, wait_for
from versioned_serde.errors import DeclarationError
from versioned_serde.protocols import Stored
from versioned_serde.stores import sql
from versioned_serde.stores.sql import SqlStore
from versioned_serde.stores.sqlite import SqliteStore
from versioned_serde.testing.conformance.scans import scanned

LAYOUTS: list[dict[str, Any]] = [
    {},
    {"headers": "tag"},
    {"revision": "version"},
    {"headers": "tag", "revision": "version"},
]


@pytest.mark.parametrize("columns", LAYOUTS, ids=str)
class TestWritersWhoDoNotKnowUs:
    """What is promised against them, with and without a column of revisions."""

    @pytest.fixture
    def name(self, site: Site) -> str:
        name = service_table(site)
        site.run("INSERT INTO @ (id, body, tag, customer, n) VALUES ('a', :body, '{}', 'ada', 7)", name, body=b"one")
        return name

    @pytest.fixture
    def store(self, site: Site, name: str, columns: dict[str, Any]) -> Any:
        with SqlStore(site.url, name, **columns) as store:
            yield store

    def test_their_rows_are_records(self, store: SqlStore) -> None:
        stored = store.get("a")
        assert stored is not None
        assert (stored.payload, stored.headers) == (b"one", {})
        assert store.scan("", "", 10).records == [("a", stored)]
        assert store.update("a", stored.token, b"two", {}) is not None

    def test_other_columns_stay_as_they_are(self, site: Site, name: str, store: SqlStore) -> None:
        stored = store.get("a")
        assert stored is not None
        token = store.update("a", stored.token, b"two", {})
        assert token is not None
        assert store.update("a", token, b"three", {}) is not None
        assert store.insert("b", b"new", {}) is not None
        rows = site.run("SELECT id, body, customer, n FROM @ ORDER BY id", name)
        assert rows == [("a", b"three", "ada", 7), ("b", b"new", "nobody", None)]

    def test_a_change_of_the_payload_is_noticed(self, site: Site, name: str, store: SqlStore) -> None:
        stored = store.get("a")
        assert stored is not None
        site.run("UPDATE @ SET body = :body", name, body=b"theirs")
        assert store.update("a", stored.token, b"ours", {}) is None
        assert store.delete("a", stored.token) is False
        again = store.get("a")
        assert again is not None
        assert again.payload == b"theirs"
        assert store.update("a", again.token, b"ours", {}) is not None

    def test_a_change_after_our_own_is_noticed(self, site: Site, name: str, store: SqlStore) -> None:
        stored = store.get("a")
        assert stored is not None
        token = store.update("a", stored.token, b"ours", {})
        assert token is not None
        site.run("UPDATE @ SET body = :body", name, body=b"theirs")
        assert store.update("a", token, b"more of ours", {}) is None

    def test_a_change_of_our_other_columns_is_noticed(
        self, site: Site, name: str, store: SqlStore, columns: dict[str, Any]
    ) -> None:
        for column, statement in (("tag", """UPDATE @ SET tag = '["x"]'"""), ("version", "UPDATE @ SET version = 5")):
            stored = store.get("a")
            assert stored is not None
            site.run(statement, name)
            known = column in columns.values()
            assert (store.update("a", stored.token, b"ours", {}) is None) == known

    def test_a_change_of_what_is_not_ours_is_no_conflict(self, site: Site, name: str, store: SqlStore) -> None:
        stored = store.get("a")
        assert stored is not None
        site.run("UPDATE @ SET customer = 'eve'", name)
        assert store.update("a", stored.token, b"ours", {}) is not None
        assert site.run("SELECT customer FROM @", name) == [("eve",)]

    def test_a_row_that_was_deleted_is_noticed(self, site: Site, name: str, store: SqlStore) -> None:
        stored = store.get("a")
        assert stored is not None
        site.run("DELETE FROM @", name)
        assert store.update("a", stored.token, b"ours", {}) is None
        assert store.get("a") is None

    def test_a_row_without_a_payload_is_no_record(self, site: Site, name: str, store: SqlStore) -> None:
        site.run("INSERT INTO @ (id) VALUES ('empty')", name)
        assert store.get("empty") is None
        assert list(store.keys()) == ["a"]
        assert [key for key, _ in scanned(store, 1)] == ["a"]
        assert [count for *_, count in store.starts(9)] == [1]
        assert store.insert("empty", b"x", {}) is None


def test_a_token_with_a_revision_does_not_come_back(site: Site) -> None:
    name = service_table(site)
    with SqlStore(site.url, name) as plain, SqlStore(site.url, name, revision="version") as revised:
        for store, comes_back in ((plain, True), (revised, False)):
            first = store.insert("a", b"one", {})
            assert first is not None
            second = store.update("a", first, b"two", {})
            assert second is not None
            assert store.update("a", second, b"one", {}) is not None
            assert (store.update("a", first, b"late", {}) is not None) == comes_back
            last = store.get("a")
            assert last is not None
            assert store.delete("a", last.token)


def test_a_revision_leaves_room_for_those_who_count(site: Site) -> None:
    name = site.table("id INTEGER PRIMARY KEY, body TEXT, version INTEGER NOT NULL")
    with SqlStore(site.url, name, revision="version") as store:
        for number in range(20):
            store.insert(str(number), b"x", {})
        site.run("UPDATE @ SET version = version + 1", name)
        most = 2**31 if site.product == "postgresql" else 2**63
        assert all(0 < version < most * 0.75 for (version,) in site.run("SELECT version FROM @", name))


def test_a_row_that_another_transaction_holds_is_waited_for_and_then_lost(served: Site) -> None:
    name = service_table(served)
    with SqlStore(served.url, name) as store, served.engine.connect() as other:
        token = store.insert("a", b"one", {})
        assert token is not None
        results: list[str | None] = []
        ours = threading.Thread(target=lambda: results.append(store.update("a", token, b"ours", {})))
        other.exec_driver_sql("BEGIN")
        other.exec_driver_sql("UPDATE @ SET body = 'theirs'".replace("@", name))
        ours.start()
        wait_for(lambda: served.run("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
        other.exec_driver_sql("COMMIT")
        ours.join()
        assert results == [None]
        stored = store.get("a")
        assert stored is not None
        assert stored.payload == b"theirs"


class TestScans:
    def test_a_page_is_one_statement_by_the_key(self, site: Site) -> None:
        name = service_table(site)
        with SqlStore(site.url, name, headers="tag") as store:
            for number in range(30):
                store.insert(f"{number:02}", b"x", {})
            with statements(store._database._here()) as sent:
                page = store.scan("=10", "=28", 5)
            assert [key for key, _ in page.records] == ["11", "12", "13", "14", "15"]
            assert len(sent) == 1
            # For SQLite, SQLAlchemy always writes an offset, and here it is 0.
            assert "OFFSET" not in sent[0].removesuffix("LIMIT ? OFFSET ?")

    def test_parts_are_found_without_payloads(self, site: Site) -> None:
        name = service_table(site)
        with SqlStore(site.url, name) as store:
            for number in range(40):
                store.insert(f"{number:02}", b"x", {})
            with statements(store._database._here()) as sent:
                assert store.partition(4) == ["=09", "=19", "=29"]
            assert not any("body" in statement for statement in sent)

    def test_a_large_table_is_parted_by_a_sample(self, served: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        name = served.table("id integer PRIMARY KEY, body text")
        served.run("INSERT INTO @ SELECT number, 'x' FROM generate_series(1, 100000) AS number", name)
        with SqlStore(served.url, name) as store:
            exact = [int(position[1:]) for position in store.partition(4)]
            assert exact == [25_000, 50_000, 75_000]
            monkeypatch.setattr(sql, "_SAMPLED", 200)
            with statements(store._database._here()) as sent:
                found = [int(position[1:]) for position in store.partition(4)]
            assert "TABLESAMPLE system" in sent[-1]
            assert all(abs(one - other) < 12_500 for one, other in zip(found, exact, strict=True))

    def test_a_sample_that_finds_too_little_is_no_basis(self, served: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        name = served.table("id integer PRIMARY KEY, body text")
        served.run("INSERT INTO @ SELECT number, 'x' FROM generate_series(1, 20000) AS number", name)
        served.run("DELETE FROM @ WHERE id > 6", name)
        monkeypatch.setattr(sql, "_SAMPLED", 1)
        with SqlStore(served.url, name) as store:
            assert store.partition(3) == ["=2", "=4"]


def test_a_closed_store_says_so(site: Site) -> None:
    store = SqlStore.create(site.url, f"{service_table(site)}_new")
    other = store.beside("progress")
    other.close()
    assert str(refused(lambda: other.get("a"))) == "The store was closed. Open a new `SqlStore`."
    assert store.get("a") is None
    third = store.beside("progress")
    store.close()
    for each in (store, third):
        assert str(refused(partial(each.get, "a"))) == "The store was closed. Open a new `SqlStore`."


def test_an_engine_stays_open(site: Site) -> None:
    name = service_table(site)
    with SqlStore(site.engine, name) as store:
        store.insert("a", b"one", {})
    assert site.run("SELECT count(*) FROM @", name) == [(1,)]
    refused(lambda: store.get("a"))


def test_the_plain_layout_is_that_of_sqlite_store(tmp_path: Any) -> None:
    with SqlStore.create(f"sqlite:///{tmp_path}/a.db") as store, SqliteStore(tmp_path / "a.db") as other:
        assert store.insert("a", b"one", {"h": "ü"}) is not None
        stored = other.get("a")
        assert stored is not None
        assert (stored.payload, stored.headers) == (b"one", {"h": "ü"})
        assert other.update("a", stored.token, b"two", {}) is not None
        again = store.get("a")
        assert again is not None
        assert again.payload == b"two"


def test_the_plain_layout_of_postgresql_keeps_keys_by_code_points(served: Site) -> None:
    name = f"{service_table(served)}_new"
    with SqlStore.create(served.url, name):
        pass
    columns = served.run(
        "SELECT column_name, data_type, is_nullable, collation_name FROM information_schema.columns"
        " WHERE table_name = '@' ORDER BY ordinal_position",
        name,
    )
    assert columns == [
        ("key", "text", "NO", "C"),
        ("payload", "bytea", "NO", None),
        ("headers", "text", "NO", None),
        ("revision", "bigint", "NO", None),
    ]


def test_a_table_of_others_is_not_taken_for_ours(site: Site) -> None:
    with pytest.raises(DeclarationError, match="has no column `key` for the key"):
        SqlStore.create(site.url, service_table(site))


def test_a_schema_of_the_database(served: Site) -> None:
    name = service_table(served)
    served.run("CREATE SCHEMA s_@", name)
    served.run('CREATE TABLE s_@."Own Records" ("Id %s" text PRIMARY KEY, "Body" text)', name)
    with SqlStore(served.url, "Own Records", "Id %s", "Body", schema=f"s_{name}") as store:
        token = store.insert("a", b"one", {})
        assert token is not None
        assert store.update("a", token, b"two", {}) is not None
        assert store.partition(3) == []
        with store.beside("progress") as other:
            assert other.insert("x", b"y", {}) is not None
        assert served.run('SELECT key FROM s_@."Own Records_progress"', name) == [("x",)]


@pytest.mark.parametrize("name", ["", "A", "a b", "a" * 21, "é", "a1"])
def test_what_is_no_name_beside(lite: Site, name: str) -> None:
    with SqlStore(lite.url, service_table(lite)) as store, pytest.raises(DeclarationError, match="cannot be the name"):
        store.beside(name)


def test_a_store_that_was_opened_by_url_can_be_pickled(site: Site) -> None:
    name = service_table(site)
    with SqlStore(site.url, name, headers="tag", revision="version", timeout=7) as store:
        token = store.insert("a", b"one", {"h": "1"})
        sent = pickle.dumps((store, store.beside("progress")))
        opened: tuple[SqlStore, SqlStore] = pickle.loads(sent)  # noqa: S301 - our own
        with opened[0] as again, opened[1] as other:
            assert again.get("a") == Stored(b"one", {"h": "1"}, token or "")
            assert again._place == store._place
            other.insert("p", b"x", {})
            assert list(store.beside("progress").keys()) == ["p"]


def test_a_store_over_an_engine_cannot_be_pickled(site: Site) -> None:
    with pytest.raises(DeclarationError, match="Open it by a URL"):
        pickle.dumps(SqlStore(site.engine, service_table(site)))


def _changed(store: SqlStore, before: Stored | None) -> bool:
    return store.get("a") != before


def _rewrite(url: str, name: str, contents: list[bytes]) -> None:
    store = SqlStore(f"{url}&application_name=writer", name)
    while True:
        for content in contents:
            stored = store.get("a")
            assert stored is not None
            store.update("a", stored.token, content, {})


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_killed_writer_leaves_the_old_record_or_the_new_one(served: Site) -> None:
    contents = [letter * 400_000 for letter in (b"a", b"b", b"c")]
    name = service_table(served)
    with SqlStore(served.url, name) as store:
        store.insert("a", b"first", {})
        for _ in range(10):
            before = store.get("a")
            # Forked, so that it starts at once: it makes a store of its own.
            writer = multiprocessing.get_context("fork").Process(target=_rewrite, args=(served.url, name, contents))
            writer.start()
            wait_for(partial(_changed, store, before))
            writer.kill()
            writer.join()
            # The server may be about to finish what the writer last asked for.
            wait_for(lambda: not served.run("SELECT 1 FROM pg_stat_activity WHERE application_name = 'writer'"))
            after = store.get("a")
            assert after is not None
            assert after.payload in contents
            assert store.update("a", after.token, b"first", {}) is not None
