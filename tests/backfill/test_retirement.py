"""Whether a reader may go: each condition alone keeps it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from versioned_serde import Schema, SqliteStore, Version, rename
from versioned_serde.backfill import Settings, backfill, census
from versioned_serde.backfill.retirement import Condition, Evidence, Found, Reads, certificate, conditions, found
from versioned_serde.backfill.state import State
from versioned_serde.errors import BackfillError
from versioned_serde.lock.certificate import Certificate, version_digest
from versioned_serde.lock.description import described


@dataclass
class Order:
    buyer: str


LINES = (Version(1, codec="json", framing="envelope"), Version(2, rename("customer", "buyer")))
before = Schema("shop.order", Order, *LINES, writes=1)
orders = Schema("shop.order", Order, *LINES, writes=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "orders.db", fsync=False)


def settings() -> Settings:
    return Settings(engine=ThreadPoolExecutor(1), shards=2)


def scanned(store: SqliteStore) -> Found:
    census(orders, store, settings=settings())
    return found("orders.db", State(store.beside("backfill")), "shop.order", "shop.order.census")


def full(store: SqliteStore) -> Evidence:
    """All that it takes, a week after the fence."""
    for number in range(20):
        store.insert(f"{number}", before.dumps(Order("ada")), {})
    assert backfill(orders, store, to=2, settings=settings()).books.migrated == 20
    fenced = datetime.now(UTC)
    return Evidence(
        fenced_at=fenced,
        bake=72 * HOUR,
        found=[scanned(store)],
        reads=Reads(fenced, {"host-1": 0.0, "host-2": 0.0}),
        side_places=["the cache"],
        cleared={"the cache": fenced + 5 * HOUR},
    )


def missing(evidence: Evidence, after: timedelta = 168 * HOUR) -> list[Condition]:
    return [each for each in conditions(1, evidence, now=datetime.now(UTC) + after) if not each.holds]


def test_all_conditions_give_a_certificate(store: SqliteStore) -> None:
    evidence = full(store)
    assert missing(evidence) == []
    made = certificate(orders, 1, evidence, now=datetime.now(UTC) + 168 * HOUR)
    assert made.counts == {(2, 2, False): 20}
    assert [(each.place, each.records) for each in made.scans] == [("orders.db", 20)]
    assert Certificate.parsed(made.text()) == made
    # `serde-check` takes it for the version as the lock has it, and for no other.
    assert made.objection(version_digest(described(orders)["versions"]["1"])) == ""
    assert made.objection(version_digest(described(orders)["versions"]["2"])) != ""


def unscanned(evidence: Evidence) -> Found:
    return replace(evidence.found[0], complete=False)


def earlier(evidence: Evidence) -> Found:
    return replace(evidence.found[0], run=replace(evidence.found[0].run, began_at="2020-01-01T00:00:00+00:00"))


SPOILED: dict[str, tuple[Callable[[Evidence], Evidence], list[str]]] = {
    "no fence": (lambda e: replace(e, fenced_at=None), ["fence", "bake", "scan", "cleared:the cache"]),
    "a fence in the future": (
        lambda e: replace(e, fenced_at=datetime.now(UTC) + 900 * HOUR),
        ["fence", "bake", "scan", "cleared:the cache"],
    ),
    "a long bake": (lambda e: replace(e, bake=169 * HOUR), ["bake", "reads"]),
    "no scan": (lambda e: replace(e, found=[]), ["scan"]),
    "a scan that did not end": (lambda e: replace(e, found=[e.found[0], unscanned(e)]), ["scan"]),
    "a scan before the fence": (lambda e: replace(e, found=[earlier(e)]), ["scan"]),
    "a record": (lambda e: replace(e, found=[replace(e.found[0], counts={(1, 1, False): 1})]), ["none-left"]),
    "a tag that was not read": (
        lambda e: replace(e, found=[replace(e.found[0], unreadable={"no-tag": 3})]),
        ["none-unreadable"],
    ),
    "a quarantine": (lambda e: replace(e, found=[replace(e.found[0], quarantined=1)]), ["quarantine"]),
    "no metrics": (lambda e: replace(e, reads=None), ["reads"]),
    "no hosts": (lambda e: replace(e, reads=Reads(datetime.now(UTC), {})), ["reads"]),
    "a silent host": (lambda e: replace(e, reads=Reads(datetime.now(UTC), {"a": 0.0, "b": None})), ["reads"]),
    "a reader": (lambda e: replace(e, reads=Reads(datetime.now(UTC), {"a": 0.0, "b": 1.0})), ["reads"]),
    "late metrics": (lambda e: replace(e, reads=Reads(datetime.now(UTC) + 100 * HOUR, {"a": 0.0})), ["reads"]),
    "a side place": (lambda e: replace(e, cleared={}), ["cleared:the cache"]),
    "a side place before the fence": (
        lambda e: replace(e, cleared={"the cache": datetime.now(UTC) - HOUR}),
        ["cleared:the cache"],
    ),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_each_condition_alone_keeps_the_reader(store: SqliteStore, spoil: str) -> None:
    change, names = SPOILED[spoil]
    evidence = change(full(store))
    told = missing(evidence)
    assert [each.name for each in told] == names
    assert all(each.told.endswith(".") and each.next_step for each in told)
    with pytest.raises(BackfillError, match="Its reader may not go") as failure:
        certificate(orders, 1, evidence, now=datetime.now(UTC) + 168 * HOUR)
    assert failure.value.hint == told[0].next_step
    assert (failure.value.schema, failure.value.version) == ("shop.order", 1)


def test_what_a_backfill_could_not_rewrite_keeps_the_reader(store: SqliteStore) -> None:
    evidence = full(store)
    store.insert("broken", b"\xfe\xc1broken", {})
    assert backfill(orders, store, to=2, settings=settings()).books.quarantined == 1
    evidence = replace(evidence, found=[scanned(store)])
    assert [each.name for each in missing(evidence)] == ["none-unreadable", "quarantine"]


def test_a_version_that_is_not_listed_has_no_certificate(store: SqliteStore) -> None:
    with pytest.raises(BackfillError, match="Version 7 is not listed"):
        certificate(orders, 7, full(store))


def test_a_backfill_is_no_census(store: SqliteStore) -> None:
    full(store)
    with pytest.raises(BackfillError, match="no census"):
        found("orders.db", State(store.beside("backfill")), "shop.order", "shop.order.to-2")
    with pytest.raises(BackfillError, match=r"no such run.*`shop.order.census`, `shop.order.to-2`"):
        found("orders.db", State(store.beside("backfill")), "shop.order", "another")
