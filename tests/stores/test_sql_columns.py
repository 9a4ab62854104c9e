"""Which columns `SqlStore` takes, and what it makes of what is in them."""

from __future__ import annotations

import itertools
import json
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from tests.stores.sites import BYTES, SECRET, Site, refused, service_table, statements
from versioned_serde import Records, Schema, Version
from versioned_serde.errors import DeclarationError
from versioned_serde.stores.sql import SqlStore
from versioned_serde.testing.conformance.scans import scanned


@dataclass
class Order:
    buyer: str
    total: int = 0


class TestKeys:
    def test_integers(self, site: Site) -> None:
        name = site.table("id INTEGER PRIMARY KEY, body TEXT")
        keys = ["-5", "0", "3", "20", "100"]
        with SqlStore(site.url, name) as store:
            for key in reversed(keys):
                assert store.insert(key, key.encode(), {}) is not None
            assert list(store.keys()) == keys
            assert [key for key, _ in scanned(store, 2)] == keys
            (middle,) = store.partition(2)
            assert [key for key, _ in scanned(store, 9, "", middle)] + [
                key for key, _ in scanned(store, 9, middle)
            ] == keys
            assert site.run("SELECT id FROM @ WHERE body = '20'", name) == [(20,)]
            beyond = str(2**31 if site.product == "postgresql" else 2**63)
            for key in ("", "a", "07", "-0", "+1", " 1", "1.0", "1e3", "\u0661", beyond, "9" * 40):
                error = refused(partial(store.get, key))
                assert error.key == key
                assert "integer" in error.problem
                refused(partial(store.insert, key, b"x", {}))

    def test_uuids(self, served: Site) -> None:
        name = served.table("id uuid PRIMARY KEY, body text")
        keys = sorted(str(uuid.UUID(int=number << 100)) for number in range(1, 40))
        with SqlStore(served.url, name) as store:
            for key in reversed(keys):
                assert store.insert(key, b"x", {}) is not None
            assert list(store.keys()) == keys
            assert [key for key, _ in scanned(store, 7)] == keys
            assert len(store.partition(4)) == 3
            for key in ("", "a", keys[0].replace("-", ""), f"{{{keys[0]}}}", "A" + keys[0][1:]):
                assert refused(partial(store.get, key)).hint.startswith("Keys of this table are written as")

    def test_text_that_postgresql_has_no_place_for(self, served: Site) -> None:
        with SqlStore(served.url, service_table(served)) as store:
            assert refused(lambda: store.get("a\0")).hint == "Use a key without NUL."

    def test_a_unique_column_that_may_be_null(self, site: Site) -> None:
        name = site.table("n INTEGER PRIMARY KEY, id VARCHAR(40) UNIQUE, body TEXT")
        site.run("INSERT INTO @ VALUES (1, NULL, 'x'), (2, NULL, 'y'), (3, 'a', 'z')", name)
        with SqlStore(site.url, name) as store:
            assert [(key, stored.payload) for key, stored in scanned(store, 1)] == [("a", b"z")]
            assert list(store.keys()) == ["a"]
            assert store.partition(2) == []

    def test_sqlite_lets_a_column_hold_anything(self, lite: Site) -> None:
        name = lite.table("id TEXT PRIMARY KEY, body BLOB")
        lite.run("INSERT INTO @ VALUES ('a', 'text in a BLOB'), (:key, 'by no key of ours')", name, key=b"b")
        with SqlStore(lite.url, name) as store:
            ((key, stored),) = scanned(store, 10)
            assert (key, stored.payload) == ("a", b"text in a BLOB")
            assert list(store.keys()) == ["a"]
            assert store.update("a", stored.token, b"new", {}) is not None

    def test_a_collation_of_the_column(self, lite: Site) -> None:
        name = lite.table("id TEXT COLLATE NOCASE PRIMARY KEY, body TEXT")
        with SqlStore(lite.url, name) as store:
            for key in ("b", "A", "c", "D", "_"):
                store.insert(key, key.encode(), {})
            assert list(store.keys()) == ["A", "D", "_", "b", "c"]
            assert [key for key, _ in scanned(store, 2)] == ["_", "A", "b", "c", "D"]
            cuts = ["", *store.partition(3), ""]
            found = [[key for key, _ in scanned(store, 9, *span)] for span in itertools.pairwise(cuts)]
            assert found == [["_", "A"], ["b", "c"], ["D"]]

    def test_the_order_of_keys_is_not_the_server_s(self, served: Site) -> None:
        with SqlStore(served.url, service_table(served)) as store:
            with statements(store._database._here()) as sent:
                list(store.keys())
            (statement,) = sent
            assert "ORDER BY" in statement
            assert statement.count('COLLATE "C"') == 1


class TestJson:
    @pytest.fixture(params=["json", "jsonb"])
    def name(self, request: pytest.FixtureRequest, served: Site) -> str:
        return served.table(f"id text PRIMARY KEY, body {request.param}, version bigint")

    @pytest.mark.parametrize("columns", [{}, {"revision": "version"}], ids=str)
    def test_a_token_is_of_what_is_stored(self, served: Site, name: str, columns: dict[str, Any]) -> None:
        with SqlStore(served.url, name, **columns) as store:
            token = store.insert("a", b'{"long": 1.50, "b": 1e2}', {})
            stored = store.get("a")
            assert stored is not None
            assert stored.token == token
            assert json.loads(stored.payload) == {"long": 1.5, "b": 100}
            token = store.update("a", stored.token, b'{"b":   2, "a": 3}', {})
            assert token is not None
            ((_, stored),) = store.scan("", "", 1).records
            assert stored.token == token
            assert store.delete("a", token)

    def test_the_raw_text_is_read(self, served: Site, name: str) -> None:
        with SqlStore(served.url, name) as store:
            store.insert("a", b'{"n": 1.10000000000000000000000001, "m": 12345678901234567890}', {})
            stored = store.get("a")
            assert stored is not None
            assert b"1.10000000000000000000000001" in stored.payload
            assert b"12345678901234567890" in stored.payload

    def test_what_is_no_json_is_refused(self, served: Site, name: str) -> None:
        with SqlStore(served.url, name) as store:
            for payload in (f"{{{SECRET}", f'"{SECRET}" "', SECRET):
                error = refused(partial(store.insert, "a", payload.encode(), {}))
                assert error.problem == "PostgreSQL refused: invalid input syntax for type json."
                assert not error.transient
            for bytes_ in (b"\xfe\xc1", b'"\0"'):
                error = refused(partial(store.insert, "a", bytes_, {}))
                assert "holds text" in error.problem
            assert store.get("a") is None

    def test_starts_are_the_tags(self, served: Site, name: str) -> None:
        schema = Schema("shop.order", Order, Version(1, codec="json", framing="inline"))
        with SqlStore(served.url, name) as store:
            records = Records(schema, store)
            for number in range(5):
                records.insert(str(number), Order("ada", number))
            records.edit("3", lambda order: Order("grace", order.total))
            assert records.get("3") == Order("grace", 3)
            for number, payload in enumerate((b'{"buyer": "x"}', b"[1]", b"7", b'"$serde"', b"null")):
                store.insert(f"untagged {number}", payload, {})
            counts = {start: count for start, _, count in store.starts(4)}
            assert set(counts.values()) == {5}
            tagged, untagged = sorted(counts, key=len, reverse=True)
            assert json.loads(tagged) == {"$serde": {"schema": "shop.order", "version": 1, "min_reader": 1}}
            assert schema.identify(tagged).version == 1
            assert untagged == b"{}"


def test_json_in_sqlite_is_text(lite: Site) -> None:
    name = lite.table("id TEXT PRIMARY KEY, body JSON")
    schema = Schema("shop.order", Order, Version(1, codec="json", framing="inline"))
    with SqlStore(lite.url, name) as store:
        records = Records(schema, store)
        records.insert("a", Order("ada"))
        records.insert("b", Order("bob"))
        records.edit("a", lambda _: Order("eve"))
        assert records.get("a") == Order("eve")
        for key, payload in (("number", b"1.0"), ("broken", b"{"), ("bare", b'{"buyer":"x"}')):
            token = store.insert(key, payload, {})
            stored = store.get(key)
            assert stored is not None
            assert stored.token == token
        counts = {start: count for start, _, count in store.starts(4)}
        tag = b'{"$serde":{"schema":"shop.order","version":1,"min_reader":1}}'
        assert counts == {tag: 2, b"{}": 3}
        assert refused(lambda: store.insert("c", b"\xff", {})).hint.startswith("Write JSON without a coding")


@pytest.mark.parametrize("type_", ["TEXT", "JSON", "JSONB"])
def test_the_tag_in_a_column(site: Site, type_: str) -> None:
    if (site.product, type_) == ("sqlite", "JSONB"):
        type_ = "VARCHAR(200)"
    name = site.table(f"id TEXT PRIMARY KEY, body {BYTES[site.product]}, tag {type_}")
    schema = Schema("shop.order", Order, Version(1, codec="json", coding="gzip", framing="headers"))
    with SqlStore(site.url, name, headers="tag") as store:
        records = Records(schema, store)
        for key in "ab":
            records.insert(key, Order("ada"))
        records.edit("a", lambda _: Order("eve"))
        assert records.get("a") == Order("eve")
        ((start, headers, count),) = store.starts(2)
        assert (start, list(headers), count) == (b"\x1f\x8b", ["serde-tag"], 2)


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        (None, {}),
        ("{}", {}),
        ('{"a": "b", "n": 1, "o": {"x": null}}', {"a": "b", "n": "1", "o": '{"x": null}'}),
        ("[1]", {}),
        ("null", {}),
        ('"serde-tag"', {}),
    ],
)
def test_headers_that_others_wrote(site: Site, text: str | None, headers: dict[str, str]) -> None:
    name = service_table(site)
    site.run("INSERT INTO @ (id, body, tag) VALUES ('a', :body, :tag)", name, body=b"one", tag=text)
    with SqlStore(site.url, name, headers="tag") as store:
        stored = store.get("a")
        assert stored is not None
        assert stored.headers == headers
        assert list(store.starts(9)) == [(b"one", headers, 1)]
        assert store.update("a", stored.token, b"two", {"h": "ü"}) is not None
        assert site.run("SELECT tag FROM @", name) == [('{"h": "ü"}',)]


def test_headers_that_are_no_json_are_none(site: Site) -> None:
    name = service_table(site)
    site.run("INSERT INTO @ (id, body, tag) VALUES ('a', :body, '{')", name, body=b"one")
    with SqlStore(site.url, name, headers="tag") as store:
        stored = store.get("a")
        assert stored is not None
        assert stored.headers == {}


@pytest.mark.parametrize(
    ("columns", "arguments", "problem", "hint"),
    [
        (
            "id TEXT PRIMARY KEY, payload TEXT",
            {"revision": "v"},
            "The table `@` has no column `body` for the payload and no `v` for the revision.",
            "It has `id`, `payload`.",
        ),
        (
            "id TEXT, body TEXT",
            {},
            "The column `id` of `@` is not unique by itself.",
            "Name a column that tells rows apart, or add a unique index.",
        ),
        (
            "id TEXT, n INTEGER, body TEXT, PRIMARY KEY (id, n)",
            {},
            "The column `id` of `@` is not unique by itself.",
            "",
        ),
        (
            "id NUMERIC PRIMARY KEY, body TEXT",
            {},
            "The column `id` of `@` is of the type NUMERIC, which cannot be the key.",
            "",
        ),
        (
            "id TEXT PRIMARY KEY, body DATE",
            {},
            "The column `body` of `@` is of the type DATE, which cannot be the payload.",
            "",
        ),
        (
            "id TEXT PRIMARY KEY, body TEXT, v SMALLINT",
            {"revision": "v"},
            "The column `v` of `@` is of the type SMALLINT, which cannot be the revision.",
            "Supported are INTEGER, BIGINT.",
        ),
        (
            "id TEXT PRIMARY KEY, body TEXT, tag DATE",
            {"headers": "tag"},
            "The column `tag` of `@` is of the type DATE, which cannot be the headers.",
            "",
        ),
        (
            "id TEXT PRIMARY KEY, body TEXT",
            {"headers": "body"},
            "One column of `@` was given two roles.",
            "Name a column for each.",
        ),
    ],
)
def test_a_table_that_does_not_fit(
    site: Site, columns: str, arguments: dict[str, Any], problem: str, hint: str
) -> None:
    name = site.table(columns)
    with pytest.raises(DeclarationError) as caught:
        SqlStore(site.url, name, **arguments)
    assert caught.value.problem == problem.replace("@", name)
    assert caught.value.hint == hint or not hint


def test_a_table_that_is_not_there(site: Site) -> None:
    with pytest.raises(DeclarationError) as caught:
        SqlStore(site.url, "none", schema="main" if site.product == "sqlite" else "public")
    assert caught.value.problem.startswith("There is no table `")
    assert caught.value.hint == "Name one that is there, or use `SqlStore.create`."


@pytest.mark.parametrize("type_", ["char(36)", "citext_like", "mood"])
def test_types_whose_values_change_or_are_not_free(served: Site, type_: str) -> None:
    if type_ != "char(36)":
        served.run("DROP TYPE IF EXISTS mood, citext_like CASCADE")
        served.run("CREATE TYPE mood AS ENUM ('sad')" if type_ == "mood" else "CREATE DOMAIN citext_like AS text")
    name = served.table(f"id {type_} PRIMARY KEY, body {type_}, n text UNIQUE")
    for key, payload in (("id", "n"), ("n", "body")):
        with pytest.raises(DeclarationError, match="is of the type"):
            SqlStore(served.url, name, key, payload)


def test_a_unique_index_will_do_unless_it_is_partial(site: Site) -> None:
    name = site.table("id TEXT NOT NULL, body TEXT")
    site.run("CREATE UNIQUE INDEX @_partial ON @ (id) WHERE body <> 'x'", name)
    with pytest.raises(DeclarationError, match="is not unique"):
        SqlStore(site.url, name)
    site.run("CREATE UNIQUE INDEX @_whole ON @ (id)", name)
    with SqlStore(site.url, name) as store:
        assert store.insert("a", b"x", {}) is not None
        assert store.insert("a", b"y", {}) is None
