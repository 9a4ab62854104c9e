"""Insert, edit, replace: three verbs over any store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from versioned_serde import (
    ConflictError,
    DirectoryStore,
    RecordExistsError,
    RecordMissingError,
    Records,
    Schema,
    SqliteStore,
    StoreError,
    UnreadableVersionError,
    Version,
    add,
    rename,
)
from versioned_serde.protocols import ObjectStore, Stored


@dataclass
class Order:
    buyer: str
    note: str | None = None


@dataclass
class OldOrder:
    buyer: str


@dataclass(frozen=True)
class FrozenOrder:
    buyer: str


V1 = Version(1, codec="json", framing="envelope")
old_orders = Schema("shop.order", OldOrder, V1)
orders = Schema("shop.order", Order, V1, Version(2, add("note")), writes=2)
renamed = Schema("shop.order", Order, V1, Version(2, add("note")), Version(3, rename("customer", "buyer")), writes=3)


@pytest.fixture(params=["directory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    if request.param == "directory":
        yield DirectoryStore(tmp_path / "records")
    else:
        with SqliteStore(tmp_path / "records.db") as sqlite:
            yield sqlite


def test_a_record_lives(store: ObjectStore) -> None:
    records = Records(orders, store)
    assert records.get("17") is None
    records.insert("17", Order("ada"))
    assert records.get("17") == Order("ada")
    assert list(records.keys()) == ["17"]
    assert records.delete("17")
    assert not records.delete("17")


def test_insert_refuses_a_taken_key_and_writes_nothing(store: ObjectStore) -> None:
    records = Records(orders, store)
    records.insert("17", Order("ada"))
    with pytest.raises(RecordExistsError) as caught:
        records.insert("17", Order("grace"))
    assert (caught.value.key, caught.value.schema) == ("17", "shop.order")
    assert records.get("17") == Order("ada")


def test_edit_keeps_what_it_does_not_understand(store: ObjectStore) -> None:
    Records(orders, store).insert("17", Order("ada", "gift"))

    def change(order: OldOrder) -> None:
        order.buyer = "grace"

    assert Records(old_orders, store).edit("17", change) == OldOrder("grace")
    assert Records(orders, store).get("17") == Order("grace", "gift")
    assert Records(old_orders, store).read("17").unknown.keys() == {"note"}


def test_edit_takes_another_value_for_frozen_models(store: ObjectStore) -> None:
    records = Records(Schema("shop.order", FrozenOrder, V1), store)
    Records(orders, store).insert("17", Order("ada", "gift"))
    records.edit("17", lambda order: FrozenOrder(order.buyer.upper()))
    assert Records(orders, store).get("17") == Order("ADA", "gift")


def test_replace_erases_what_the_record_held(store: ObjectStore) -> None:
    Records(orders, store).insert("17", Order("ada", "gift"))
    Records(old_orders, store).replace("17", OldOrder("grace"))
    assert Records(orders, store).get("17") == Order("grace")


@pytest.mark.parametrize(
    "verb",
    [
        lambda records: records.edit("17", lambda order: None),
        lambda records: records.replace("17", Order("grace")),
        lambda records: records.get("17"),
    ],
    ids=["edit", "replace", "get"],
)
def test_no_verb_overwrites_what_this_process_may_not_read(
    store: ObjectStore, verb: Callable[[Records[Order]], object]
) -> None:
    Records(renamed, store).insert("17", Order("ada"))
    with pytest.raises(UnreadableVersionError):
        verb(Records(orders, store))
    assert Records(renamed, store).get("17") == Order("ada")


@pytest.mark.parametrize(
    "verb",
    [
        lambda records: records.edit("17", lambda order: None),
        lambda records: records.replace("17", Order("grace")),
        lambda records: records.read("17"),
    ],
    ids=["edit", "replace", "read"],
)
def test_a_missing_record_is_named(store: ObjectStore, verb: Callable[[Records[Order]], object]) -> None:
    with pytest.raises(RecordMissingError) as caught:
        verb(Records(orders, store))
    assert str(caught.value) == "shop.order: There is no record under this key. Use `insert`."
    assert caught.value.key == "17"


class Contended:
    """A store in which another writer is faster, `times` over: it writes between a read and the write that follows."""

    def __init__(self, inner: ObjectStore, times: int) -> None:
        self._inner = inner
        self._times = times

    def get(self, key: str) -> Stored | None:
        stored = self._inner.get(key)
        if stored is not None and self._times > 0:
            self._times -= 1
            rival = orders.read(stored.payload)
            with rival.edit() as order:
                order.note = f"{order.note or ''}!"
            assert self._inner.update(key, stored.token, orders.write(rival), {}) is not None
        return stored

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self._inner.insert(key, payload, headers)

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        return self._inner.update(key, token, payload, headers)

    def delete(self, key: str, token: str) -> bool:
        return self._inner.delete(key, token)

    def keys(self) -> Iterator[str]:
        return self._inner.keys()


def rename_buyer(order: Order) -> None:
    order.buyer = "grace"


def test_a_lost_race_is_run_again_and_loses_nothing(store: ObjectStore) -> None:
    Records(orders, store).insert("17", Order("ada"))
    assert Records(orders, Contended(store, times=3)).edit("17", rename_buyer) == Order("grace", "!!!")
    assert Records(orders, store).get("17") == Order("grace", "!!!")


def test_a_race_that_is_never_won_is_an_error(store: ObjectStore) -> None:
    Records(orders, store).insert("17", Order("ada"))
    verbs: list[Callable[[Records[Order]], object]] = [
        lambda records: records.edit("17", rename_buyer),
        lambda records: records.replace("17", Order("grace")),
        lambda records: records.delete("17"),
    ]
    for verb in verbs:
        with pytest.raises(ConflictError) as caught:
            verb(Records(orders, Contended(store, times=99), attempts=3))
        assert str(caught.value) == (
            "shop.order: Other writers were faster 3 times."
            " Look for a writer that never stops, or allow more `attempts`."
        )
    assert Records(orders, store).get("17") == Order("ada", "!" * 9)


def test_headers_are_kept_where_the_store_has_a_place(tmp_path: Path) -> None:
    sent = Schema("shop.order", Order, Version(1, codec="json", framing="headers"))
    with SqliteStore(tmp_path / "records.db") as sqlite:
        records = Records(sent, sqlite)
        records.insert("17", Order("ada"))
        records.edit("17", rename_buyer)
        assert records.get("17") == Order("grace")


def test_what_is_read_is_rewritten_if_asked(store: ObjectStore) -> None:
    Records(old_orders, store).insert("17", OldOrder("ada"))
    assert Records(orders, store).get("17") == Order("ada")
    assert version_of(store, "17") == 1  # off by default
    records = Records(orders, store, rewrites=True)
    assert records.get("17") == Order("ada")
    assert version_of(store, "17") == 2
    after = store.get("17")
    assert records.get("17") == Order("ada")
    assert store.get("17") == after  # and once only
    Records(old_orders, store).insert("18", OldOrder("ada"))
    assert records.read("18").value == Order("ada")
    assert version_of(store, "18") == 2


def test_a_rewrite_keeps_what_is_not_understood(store: ObjectStore) -> None:
    newer = Schema("shop.order", Order, V1, Version(2, add("note")), writes=2)
    Records(newer, store).insert("17", Order("ada", "a note"))
    before = store.get("17")
    assert Records(old_orders, store, rewrites=True).get("17") == OldOrder("ada")
    assert store.get("17") == before


def test_a_rewrite_does_not_overwrite_a_faster_writer(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    Records(old_orders, store).insert("17", OldOrder("ada"))

    class Overtaken(DirectoryStore):
        def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
            Records(old_orders, store).edit("17", lambda _: OldOrder("grace"))
            return super().update(key, token, payload, headers)

    assert Records(orders, Overtaken(tmp_path), rewrites=True).get("17") == Order("ada")
    assert Records(orders, store).get("17") == Order("grace")


def test_a_rewrite_that_fails_does_not_fail_the_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Records(old_orders, DirectoryStore(tmp_path)).insert("17", OldOrder("ada"))

    class Refusing(DirectoryStore):
        def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
            raise StoreError("No space is left.", key=key)

    assert Records(orders, Refusing(tmp_path), rewrites=True).get("17") == Order("ada")
    assert "a record was read, and not rewritten: No space is left." in caplog.text
    assert version_of(DirectoryStore(tmp_path), "17") == 1


def version_of(store: ObjectStore, key: str) -> int:
    stored = store.get(key)
    assert stored is not None
    return orders.identify(stored.payload, stored.headers).version
