"""Cases of the laws that random histories reach too rarely."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from versioned_serde import Schema, Version, add, redefault, remove, rename, retype, widen_enum, within

FIRST = Version(1, codec="json", framing="envelope")


class OldLine(BaseModel):
    price: int = 0


class OldOrder(BaseModel):
    lines: list[OldLine] | None = None


class NewLine(BaseModel):
    total: int


class NewOrder(BaseModel):
    lines: list[NewLine] | None = None


def _total(line: dict[str, Any]) -> int:
    return int(line.get("price", 0)) + 1


KEYS = {"lines": "price"}
old_orders = Schema("order", OldOrder, FIRST, keys=KEYS)
new_orders = Schema(
    "order",
    NewOrder,
    FIRST,
    Version(2, within("lines", add("total", fill=_total))),
    Version(3, within("lines", remove("price", was=int, default=0))),
    writes=3,
    keys={"lines": "total"},
)


def test_a_fill_is_shown_what_a_later_version_removed() -> None:
    document = old_orders.read(new_orders.dumps(NewOrder(lines=[])))
    document.set(OldOrder(lines=[OldLine(price=5)]))
    assert new_orders.loads(old_orders.write(document)).lines == [NewLine(total=6)]


def test_a_fill_of_what_a_later_version_removed_does_not_matter() -> None:
    class Order(BaseModel):
        note: str = ""

    class Middle(BaseModel):
        price: int = 0
        total: int

    newest = Schema(
        "order",
        Order,
        FIRST,
        Version(2, within("lines", add("total", fill=_total))),
        Version(3, remove("lines", was=list[Middle] | None)),
        Version(4, add("note")),
        writes=4,
    )
    assert {line.min_reader for line in newest.lines} == {1}
    document = old_orders.read(newest.dumps(Order(note="x")))
    document.set(OldOrder(lines=[OldLine(price=5)]))
    record = old_orders.write(document)
    assert newest.loads(record) == Order(note="x")
    assert old_orders.loads(newest.write(newest.read(record))) == OldOrder(lines=[OldLine(price=5)])


def test_a_seed_is_independent_once_stored() -> None:
    record = old_orders.dumps(OldOrder(lines=[OldLine(price=5)]))
    stored = new_orders.write(new_orders.read(record))
    document = old_orders.read(stored)
    with document.edit() as order:
        assert order.lines
        order.lines[0].price = 100
    assert new_orders.loads(old_orders.write(document)).lines == [NewLine(total=6)]


@dataclass
class Cheap:
    price: int = 100


@dataclass
class Holder:
    lines: list[Cheap] = field(default_factory=list)


class Sent(BaseModel):
    price: Decimal = Decimal(5)


class Given(BaseModel):
    price: int = 100


def test_a_default_that_is_retyped_to_another_one_is_written_out() -> None:
    step = retype("price", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda d: int(d * 100), default=100)
    newer = Schema("sent", Sent, FIRST, Version(2, step), writes=2)
    prepared = Schema("sent", Sent, FIRST, Version(2, step), writes=1)
    older = Schema("sent", Given, FIRST)
    assert newer.loads(older.dumps(Given())).price == 1
    assert older.loads(prepared.dumps(Sent())).price == 500
    assert newer.loads(newer.dumps(Sent())).price == 5


def test_nothing_undeclared_is_written_into_a_bare_record() -> None:
    class Note(BaseModel):
        text: str = ""
        note: str | None = None

    bare = Version(1, codec="json", framing="bare")
    notes = Schema("note", Note, bare, Version(2, framing="envelope"), Version(3, add("note")), writes=1)
    assert notes.dumps(Note(text="a", note="b")) == b'{"text":"a"}'
    # What came with a bare record stays in it.
    assert notes.write(notes.read(b'{"text":"a","gift":1.10}')) == b'{"text":"a","gift":1.10}'


def test_a_fill_may_hold_objects_of_a_model_that_changed_later() -> None:
    changed = Version(3, within("lines", rename("cost", "price")))
    schema = Schema(
        "held", Holder, FIRST, Version(2, add("lines", fill=[])), changed, writes=3, keys={"lines": "price"}
    )
    assert schema.lines[1].shape.names == ("lines",)


class Was(BaseModel):
    n: int = 1


class Now(BaseModel):
    n: int = 2


def test_absent_means_the_default_of_the_version_that_it_was_written_in() -> None:
    step = Version(2, redefault("n", was=1))
    was = Schema("n", Was, FIRST)
    prepared = Schema("n", Now, FIRST, step, writes=1)
    active = Schema("n", Now, FIRST, step, writes=2)
    assert active.loads(was.dumps(Was())).n == 1
    assert active.loads(active.dumps(Now())).n == 2
    assert was.loads(prepared.dumps(Now())).n == 2


class Item(BaseModel):
    n: int = 0


class Stock(BaseModel):
    items: dict[str, Item]


def test_unknown_attributes_stay_in_maps() -> None:
    stock = Schema("stock", Stock, Version(1, codec="json", framing="bare"))
    document = stock.read(b'{"items":{"a":{"n":1,"gift":1.10},"b":{"gift":2},"c":{}}}')
    with document.edit() as value:
        value.items["a"].n = 5
        del value.items["b"]
        value.items["d"] = Item()
    assert stock.write(document) == b'{"items":{"a":{"n":5,"gift":1.10},"c":{},"d":{}}}'


class Few(BaseModel):
    color: Literal["red", "green"]


class Many(BaseModel):
    color: Literal["red", "green", "blue"]


def test_an_old_reader_of_a_closed_enum_gets_an_old_member() -> None:
    few = Schema("color", Few, FIRST)
    many = Schema("color", Many, FIRST, Version(2, widen_enum("color", "blue", down={"blue": "green"})), writes=1)
    record = many.dumps(Many(color="blue"))
    assert few.loads(record).color == "green"
    assert many.loads(record).color == "blue"
    assert many.loads(few.write(few.read(record))).color == "blue"
