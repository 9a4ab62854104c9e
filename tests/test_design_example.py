"""The situation that the API was designed with, from the declaration to the verbs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from versioned_serde import (
    DirectoryStore,
    Parameter,
    Records,
    Registry,
    Schema,
    Version,
    add,
    remove,
    rename,
    retype,
)


class Line(BaseModel):
    sku: str
    amount: int = 1


class Order(BaseModel):
    buyer: str
    total: Decimal
    note: str | None = None
    lines: list[Line] = []


VERSIONS = (
    Version(1, codec="json", framing="bare"),
    Version(2, framing="envelope"),
    Version(3, add("note")),
    Version(
        4,
        rename("customer", "buyer"),
        retype("total", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda d: int(d * 100)),
        remove("fax", was=str | None),
    ),
)
orders = Schema("shop.order", Order, *VERSIONS, writes=3, keys={"lines": "sku"})
activated = Schema("shop.order", Order, *VERSIONS, writes=4, keys={"lines": "sku"})
heartbeat = Parameter("shop.heartbeat", {1: 5.0, 2: 10.0}, kind="at_most", writes=1)
registry = Registry(orders, heartbeat)

ADA = Order(buyer="ada", total=Decimal("9.90"), lines=[Line(sku="a")])


def test_versions_need_two_releases_where_they_say_so() -> None:
    assert [(line.number, line.min_reader) for line in orders.lines] == [(1, 1), (2, 2), (3, 2), (4, 4)]


def test_new_records_are_written_in_the_write_version_and_read_again() -> None:
    blob = orders.dumps(ADA)
    assert orders.loads(blob) == ADA
    assert orders.read(blob).version == 3
    assert b'"customer":"ada"' in blob
    assert b'"total":990' in blob
    payload, headers = orders.pack(ADA)
    assert (payload, dict(headers)) == (blob, {})
    assert orders.unpack(payload, headers) == ADA


def test_data_from_before_the_library_is_version_1() -> None:
    order = orders.loads(b'{"customer":"ada","total":990,"fax":"1","lines":[]}')
    assert order == Order(buyer="ada", total=Decimal("9.9"))


def test_an_edit_keeps_everything_it_did_not_understand() -> None:
    blob = b'{"customer":"ada","total":990,"fax":"1","gift":1.10,"lines":[{"sku":"a","seal":1e400}]}'
    document = orders.read(blob)
    with document.edit() as order:
        order.buyer = "grace"
        order.lines.insert(0, Line(sku="b"))
    written = orders.write(document)
    for part in (b'"customer":"grace"', b'"fax":"1"', b'"gift":1.10', b'{"sku":"a","seal":1e400}'):
        assert part in written
    document = activated.read(written)
    document.set(document.value.model_copy(update={"total": Decimal("1.00")}))
    again = activated.read(activated.write(document))
    assert again.version == 4
    assert again.value.buyer == "grace"
    assert sorted(again.unknown) == ["fax", "gift", "lines[1].seal"]


def test_records_over_a_store(tmp_path: Path) -> None:
    records = Records(orders, DirectoryStore(tmp_path))

    def change(order: Order) -> None:
        order.note = "gift"

    records.insert("17", ADA)
    records.edit("17", change)
    assert records.get("17") == ADA.model_copy(update={"note": "gift"})
    records.replace("17", ADA)
    assert records.get("17") == ADA


def test_a_parameter_is_declared_beside_the_schemas() -> None:
    assert registry["shop.heartbeat"] is heartbeat
    assert heartbeat.value == 5.0
    assert heartbeat.tolerates(10.0)
