"""Counting by how records begin agrees with looking at each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.backfill.rewritten import BAD, LINES, Order, fill, old, opened, orders
from versioned_serde import DirectoryStore, Schema, SqliteStore, Version, add, rename
from versioned_serde.backfill.counting import Counted, counted
from versioned_serde.envelope.binary import prefix, seal
from versioned_serde.protocols import Page


@dataclass
class Newer:
    buyer: str
    total: int
    gift: str | None = None


def by_looking(schema: Schema[Order], store: SqliteStore) -> Counted:
    found = Counted("starts")
    for _, stored in store.scan("", "", 1000).records:
        found.add(schema, stored)
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with opened(tmp_path / "shop.db") as (store, _):
        yield store


def test_records_are_counted_by_their_tags(store: SqliteStore) -> None:
    fill(store, 7, bad=2)
    store.insert("new", orders.dumps(Order("grace", 1)), {})
    newer = Schema("shop.order", Newer, *LINES, Version(3, add("gift")), writes=3)
    store.insert("newer", newer.dumps(Newer("grace", 1, "a book")), {})
    document = orders.read(newer.dumps(Newer("grace", 1, "a book")))
    with document.edit() as order:
        order.total = 2
    store.insert("mixed", orders.write(document), {})
    too_new = replace(orders.lines[-1].tag(), version=300, min_reader=300)
    store.insert("unreadable", seal(prefix(too_new) + b"{}"), {})
    store.insert("short", b"\xfe\xc1\x12", {})
    store.insert("empty", b"", {})
    found = counted(orders, store)
    assert found == by_looking(orders, store)
    assert found.counts == {(1, 1, False): 7, (2, 2, False): 1, (3, 2, False): 1, (3, 2, True): 1}
    assert sum(found.unreadable.values()) == 5
    assert found.records == 15


@pytest.mark.parametrize("checksum", [False, True])
def test_records_are_counted_by_their_headers(store: SqliteStore, checksum: bool) -> None:
    lines = Version(1, codec="json", framing="headers", checksum=checksum), Version(2, rename("customer", "buyer"))
    schema = Schema("shop.order", Order, *lines, writes=2)
    before = Schema("shop.order", Order, *lines, writes=1)
    for number in range(5):
        packed = (schema if number % 2 else before).pack(Order("ada", number))
        store.insert(f"order-{number}", packed.payload, packed.headers)
    store.insert("bad", BAD, {})
    found = counted(schema, store)
    assert found == by_looking(schema, store)
    assert found.counts == {(1, 1, False): 3, (2, 2, False): 2}
    assert found.how == "starts"


def test_the_tag_of_a_newer_version_may_be_longer(store: SqliteStore) -> None:
    schema = Schema("shop.order", Order, Version(126, codec="json", framing="envelope"))
    for number, low in ((126, 126), (128, 126), (130, 129)):
        tag = replace(schema.lines[0].tag(), version=number, min_reader=low)
        store.insert(str(number), seal(prefix(tag) + b"{}"), {})
    found = counted(schema, store)
    assert found == by_looking(schema, store)
    assert found.counts == {(126, 126, False): 1, (128, 126, False): 1}
    assert found.unreadable == {"UnreadableVersionError": 1}


def test_a_damaged_payload_counts_as_what_its_tag_says(store: SqliteStore) -> None:
    record = old.dumps(Order("ada", 1))
    store.insert("damaged", record[:-1] + bytes([record[-1] ^ 1]), {})
    assert counted(orders, store).counts == {(1, 1, False): 1}


def test_nothing_of_the_records_but_their_starts_is_read(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, 3)

    def refused(*_: object) -> Page:
        raise AssertionError

    monkeypatch.setattr(SqliteStore, "scan", refused)
    assert counted(orders, store).counts == {(1, 1, False): 3}


def test_where_tags_are_inside_or_missing_pages_are_looked_at(store: SqliteStore) -> None:
    lines = Version(1, codec="json", framing="bare"), Version(2, rename("customer", "buyer"), framing="envelope")
    schema = Schema("shop.order", Order, *lines, writes=2)
    for number in range(40):
        store.insert(f"order-{number:02}", b'{"customer":"ada","total":1}', {})
    store.insert("order-99", schema.dumps(Order("ada", 1)), {})
    found = counted(schema, store, pages=4, batch=20)
    assert (found.how, found.counts) == ("all", {(1, 1, False): 40, (2, 2, False): 1})
    found = counted(schema, store, pages=4, batch=5)
    assert (found.how, found.records) == ("sample", 20)


def test_a_store_that_cannot_count_is_looked_at(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path / "orders", fsync=False)
    for number in range(5):
        store.insert(f"order-{number}", old.dumps(Order("ada", number)), {})
    found = counted(orders, store)
    assert (found.how, found.counts) == ("all", {(1, 1, False): 5})
