"""The verbs of a schema, from a service's point of view."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from versioned_serde import (
    ConversionError,
    Limits,
    PayloadError,
    ReadError,
    Schema,
    SerdeError,
    TagMismatchError,
    UnreadableVersionError,
    UnwritableValueError,
    Version,
    add,
    remove,
    rename,
    retype,
    within,
)


class Line(BaseModel):
    sku: str
    amount: int = 1


class Order(BaseModel):
    buyer: str
    note: str | None = None
    lines: list[Line] = []


class OlderOrder(BaseModel):
    """`Order` as release 1 knew it."""

    buyer: str
    lines: list[Line] = []


V1 = Version(1, codec="json", framing="envelope")
KEYS = {"lines": "sku"}
older = Schema("shop.order", OlderOrder, V1, keys=KEYS)
orders = Schema("shop.order", Order, V1, Version(2, add("note")), writes=2, keys=KEYS)


def counted(schema: Schema[Any]) -> dict[tuple[str, str], int]:
    return {(count.version, count.outcome): count.value for count in schema.counts() if count.value}


def test_what_is_written_is_read_again_with_its_presence() -> None:
    for order in (Order(buyer="ada"), Order(buyer="ada", note=None), Order(buyer="ada", lines=[Line(sku="a")])):
        again = orders.loads(orders.dumps(order))
        assert again == order
        assert again.model_fields_set == order.model_fields_set


def test_an_old_host_edits_a_newer_record_and_loses_nothing() -> None:
    record = orders.dumps(Order(buyer="ada", note="gift", lines=[Line(sku="a"), Line(sku="b")]))
    document = older.read(record)
    assert document.version == 2
    assert list(document.unknown) == ["note"]
    with document.edit() as order:
        order.buyer = "grace"
        order.lines.reverse()
    again = orders.read(older.write(document))
    assert again.version == 2
    assert again.origin.mixed
    assert again.value == Order(buyer="grace", note="gift", lines=[Line(sku="b"), Line(sku="a")])


def test_a_writer_that_leaves_nothing_unknown_clears_the_flag() -> None:
    document = older.read(orders.dumps(Order(buyer="ada", note="gift")))
    document.set(OlderOrder(buyer="grace"))
    record = older.write(document)
    assert orders.read(record).origin.mixed
    assert not orders.read(orders.write(orders.read(record))).origin.mixed


def test_a_frozen_model_is_edited_by_comparison() -> None:
    document = older.read(orders.dumps(Order(buyer="ada", note="gift")))
    document.set(document.value.model_copy(update={"buyer": "grace"}))
    assert orders.loads(older.write(document)) == Order(buyer="grace", note="gift")


def test_a_failed_edit_leaves_the_document_as_it_was() -> None:
    document = orders.read(orders.dumps(Order(buyer="ada")))

    def fail() -> None:
        with document.edit() as order:
            order.buyer = "grace"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert document.value == Order(buyer="ada")
    assert orders.loads(orders.write(document)) == Order(buyer="ada")


def test_an_edit_never_lowers_a_version() -> None:
    prepared = Schema("shop.order", Order, V1, Version(2, add("note")), writes=1, keys=KEYS)
    newer = orders.dumps(Order(buyer="ada", note="gift"))
    assert prepared.read(prepared.write(prepared.read(newer))).version == 2
    assert prepared.read(prepared.dumps(Order(buyer="ada"))).version == 1
    assert orders.read(orders.write(orders.read(prepared.dumps(Order(buyer="ada"))))).version == 2


def test_a_record_that_needs_a_newer_reader_is_refused_with_what_to_do() -> None:
    renamed = Schema(
        "shop.order", Order, V1, Version(2, add("note")), Version(3, rename("customer", "buyer")), writes=3, keys=KEYS
    )
    with pytest.raises(UnreadableVersionError) as caught:
        orders.loads(renamed.dumps(Order(buyer="ada")))
    error = caught.value
    assert (error.schema, error.version, error.min_reader, error.known_versions) == ("shop.order", 3, 3, (1, 2))
    assert str(error) == (
        "shop.order version 3: The record needs a reader of version 3 or newer. This process reads 1, 2."
        " Deploy a release that lists version 3, or roll its writers back; do not overwrite it."
    )


def test_a_retired_version_is_refused_with_what_to_do() -> None:
    retired = Schema(
        "shop.order", Order, Version(2, add("note"), codec="json", framing="envelope", min_reader=1), keys=KEYS
    )
    assert retired.dumps(Order(buyer="ada")) == orders.dumps(Order(buyer="ada"))  # retiring changes no bytes
    with pytest.raises(UnreadableVersionError) as caught:
        retired.loads(older.dumps(OlderOrder(buyer="ada")))
    assert str(caught.value) == (
        "shop.order version 1: The record's version is not listed any more. This process reads 2."
        " A release that lists version 1 reads it; have that one rewrite the record."
    )


def test_a_retired_schema_still_fills_what_an_old_editor_left_out() -> None:
    class Newest(BaseModel):
        buyer: str
        code: str

    class Oldest(BaseModel):
        buyer: str

    class Holder(BaseModel):
        rows: list[Newest]

    class OldHolder(BaseModel):
        rows: list[Oldest]

    first = Version(1, codec="json", framing="envelope")
    step = within("rows", add("code", fill="none"))
    old = Schema("a.rows", OldHolder, first, keys={"rows": "buyer"})
    new = Schema("a.rows", Holder, first, Version(2, step), writes=2, keys={"rows": "buyer"})
    rebased = Version(2, step, codec="json", framing="envelope", min_reader=1)
    late = Schema("a.rows", Holder, rebased, keys={"rows": "buyer"})
    document = old.read(new.dumps(Holder(rows=[Newest(buyer="ada", code="x")])))
    with document.edit() as holder:
        holder.rows.append(Oldest(buyer="grace"))
    record = old.write(document)
    expected = Holder(rows=[Newest(buyer="ada", code="x"), Newest(buyer="grace", code="none")])
    assert new.loads(record) == expected
    assert late.loads(record) == expected


def test_a_tag_that_differs_from_the_declaration_is_refused() -> None:
    other = Schema("shop.order", OlderOrder, Version(1, codec="json", coding="gzip", framing="envelope"), keys=KEYS)
    with pytest.raises(TagMismatchError) as caught:
        older.loads(other.dumps(OlderOrder(buyer="ada")))
    assert str(caught.value) == (
        "shop.order version 1: The tag differs from what version 1 declares in coding."
        " A version's bytes never change: find out which release wrote it and what it declared."
    )


def test_a_record_of_another_schema_is_refused() -> None:
    other = Schema("shop.invoice", OlderOrder, V1, keys=KEYS)
    with pytest.raises(TagMismatchError, match="another schema"):
        older.loads(other.dumps(OlderOrder(buyer="ada")))


def test_the_tag_travels_in_headers() -> None:
    sent = Schema("shop.order", Order, Version(1, codec="json", framing="headers"), keys=KEYS)
    payload, headers = sent.pack(Order(buyer="ada"))
    assert payload == b'{"buyer":"ada"}'
    assert sent.unpack(payload, headers) == Order(buyer="ada")
    document = sent.read(payload, headers)
    with document.edit() as order:
        order.note = "gift"
    assert sent.unpack(*sent.write_packed(document)) == Order(buyer="ada", note="gift")
    with pytest.raises(UnwritableValueError, match="travels in headers"):
        sent.dumps(Order(buyer="ada"))
    with pytest.raises(UnwritableValueError, match="travels in headers"):
        sent.write(document)


def test_an_inline_tag_stands_in_the_object() -> None:
    inline = Schema("shop.order", Order, Version(1, codec="json", framing="inline"), keys=KEYS)
    record = inline.dumps(Order(buyer="ada"))
    assert record == b'{"$serde":{"schema":"shop.order","version":1,"min_reader":1},"buyer":"ada"}'
    assert inline.loads(record) == Order(buyer="ada")


def test_nothing_undeclared_is_written_into_a_bare_record() -> None:
    bare = Schema(
        "shop.order",
        Order,
        Version(1, codec="json", framing="bare"),
        Version(2, framing="envelope"),
        Version(3, add("note")),
        writes=1,
        keys=KEYS,
    )
    assert bare.dumps(Order(buyer="ada", note="gift")) == b'{"buyer":"ada"}'
    assert counted(bare)["1", "unknown_dropped"] == 1
    # What came with a bare record stays in it.
    document = bare.read(b'{"buyer":"ada","legacy":1.10}')
    with document.edit() as order:
        order.buyer = "grace"
    assert bare.write(document) == b'{"buyer":"grace","legacy":1.10}'


def test_batches_pass_none_through_and_say_where_they_failed() -> None:
    records = orders.dumps_many([Order(buyer="ada"), None])
    assert orders.loads_many(records) == [Order(buyer="ada"), None]
    with pytest.raises(ReadError) as caught:
        orders.loads_many([records[0], b"x"])
    assert caught.value.path == "[1]"
    collected = orders.loads_many([records[0], b"x", None], errors="collect")
    assert collected[0] == Order(buyer="ada")
    assert isinstance(collected[1], SerdeError)
    assert collected[2] is None
    with pytest.raises(UnwritableValueError) as refused:
        orders.dumps_many([Order(buyer="ada"), Order.model_construct(buyer=5)])
    assert refused.value.path == "[1].buyer"


def test_counters_tell_what_happened() -> None:
    new = Schema("shop.order", Order, V1, Version(2, add("note")), writes=2, keys=KEYS)
    old = Schema("shop.order", OlderOrder, V1, keys=KEYS)
    record = new.dumps(Order(buyer="ada", note="gift"))
    new.loads(record)
    old.loads(record)
    old.write(old.read(record))
    new.loads(old.dumps(OlderOrder(buyer="ada")))
    for bad in (b"", record[:-1], older.dumps(OlderOrder(buyer="ada")) + b"x"):
        with pytest.raises(ReadError):
            new.loads(bad)
    assert counted(new) == {
        ("2", "written"): 1,
        ("2", "read"): 1,
        ("1", "read"): 1,
        ("1", "converted"): 1,
        ("none", "refused"): 3,
    }
    assert counted(old) == {
        ("newer", "read"): 2,
        ("newer", "unknown_dropped"): 1,
        ("newer", "written"): 1,
        ("newer", "unknown_kept"): 1,
        ("1", "written"): 1,
    }


def test_dropping_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    old = Schema("shop.order", OlderOrder, V1, keys=KEYS)
    record = orders.dumps(Order(buyer="ada", note="gift"))
    with caplog.at_level(logging.INFO, "versioned_serde"):
        old.loads(record)
        old.loads(record)
    assert len(caplog.records) == 1
    assert "gift" not in caplog.text


def test_a_model_that_carries_unknown_attributes_keeps_them_through_loads_and_dumps() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        buyer: str

    carrying = Schema("shop.order", Open, V1)
    value = carrying.loads(orders.dumps(Order(buyer="ada", note="gift")))
    assert value.model_extra == {"note": "gift"}
    assert carrying.loads(carrying.dumps(value)) == value
    assert ("newer", "unknown_dropped") not in counted(carrying)


def test_a_value_of_a_wrong_type_is_refused_with_its_place_and_without_its_text() -> None:
    with pytest.raises(UnwritableValueError) as caught:
        orders.dumps(Order.model_construct(buyer="ada", lines=[Line.model_construct(sku=b"secret")]))
    assert caught.value.path == "lines[0].sku"
    assert "secret" not in str(caught.value)


def test_a_value_that_the_model_refuses_is_an_error_without_its_text() -> None:
    class Strict(BaseModel):
        buyer: str = Field(max_length=3)

    strict = Schema("shop.order", Strict, V1)
    with pytest.raises(PayloadError) as caught:
        strict.loads(older.dumps(OlderOrder(buyer="secret")))
    assert "secret" not in str(caught.value)
    assert caught.value.path == "buyer"
    assert counted(strict) == {("1", "refused"): 1}


def test_a_failing_step_names_itself() -> None:
    class Cents(BaseModel):
        total: int

    class Priced(BaseModel):
        total: Decimal

    priced = Schema(
        "shop.price",
        Priced,
        V1,
        Version(2, retype("total", was=int, up=lambda cents: Decimal(1) / cents, down=int)),
        writes=1,
    )
    record = Schema("shop.price", Cents, V1).dumps(Cents(total=0))
    with pytest.raises(ConversionError) as caught:
        priced.loads(record)
    assert str(caught.value) == (
        "shop.price version 2: retype('total') failed on the way up with DivisionByZero."
        " Its functions must accept every valid value."
    )


def test_a_record_that_every_reader_would_refuse_is_not_written() -> None:
    small = Schema("shop.order", Order, V1, keys=KEYS, limits=Limits(max_bytes=1_000))
    with pytest.raises(UnwritableValueError, match="every reader refuses"):
        small.dumps(Order(buyer="x" * 1_000))


def test_versions_far_above_the_newest_are_not_believed() -> None:
    narrow = Schema("shop.order", OlderOrder, V1, keys=KEYS, limits=Limits(version_window=0))
    with pytest.raises(UnreadableVersionError, match="not believed"):
        narrow.loads(orders.dumps(Order(buyer="ada")))


def test_a_removed_attribute_comes_back_on_the_way_back() -> None:
    class Faxed(BaseModel):
        buyer: str
        fax: str | None = None

    old = Schema("shop.order", Faxed, V1)
    new = Schema(
        "shop.order",
        OlderOrder,
        V1,
        Version(2, add("lines")),
        Version(3, remove("fax", was=str | None)),
        writes=3,
        keys=KEYS,
    )
    document = new.read(old.dumps(Faxed(buyer="ada", fax="1")))
    with document.edit() as order:
        order.buyer = "grace"
    assert old.loads(new.write(document)) == Faxed(buyer="grace", fax="1")


def test_every_truncation_and_every_flipped_bit_of_a_checked_record_is_refused() -> None:
    record = orders.dumps(Order(buyer="ada", note="gift"))
    damaged = [record[:length] for length in range(len(record))]
    damaged += [
        bytes(byte ^ (1 << bit) if at == index else byte for at, byte in enumerate(record))
        for index in range(len(record))
        for bit in range(8)
    ]
    for data in damaged:
        with pytest.raises(ReadError):
            orders.loads(data)


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_what_drivers_give_for_bytes_is_read(kind: type[bytearray] | type[memoryview]) -> None:
    record = orders.dumps(Order(buyer="ada"))
    assert orders.loads(kind(record)) == Order(buyer="ada")  # type: ignore[arg-type]
