"""Null, absent and default; defaults by version; seeds; names; lexemes; a stale complement; JSONB; a rebased schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, NotRequired, TypedDict

import pytest
from pydantic import BaseModel

from versioned_serde import (
    DeclarationError,
    Schema,
    UnreadableVersionError,
    Version,
    add,
    redefault,
    remove,
    rename,
    retype,
    within,
)

CODECS = ["json", "msgpack", "xml", "cbor"]


class Old(TypedDict):
    buyer: str
    note: NotRequired[str | None]


class New(TypedDict):
    buyer: str
    note: NotRequired[str | None]
    gift: NotRequired[str | None]


@pytest.mark.parametrize("codec", CODECS)
def test_null_absent_and_default_pass_through_an_old_editor(codec: str) -> None:
    first = Version(1, codec=codec, framing="envelope")
    old: Schema[Old] = Schema("order", Old, first)
    new: Schema[New] = Schema("order", New, first, Version(2, add("gift")), writes=2)
    cases: list[dict[str, Any]] = [{}, {"gift": None}, {"gift": ""}, {"note": None}, {"note": "", "gift": "x"}]
    for given in cases:
        document = old.read(new.dumps({"buyer": "ada", **given}))  # type: ignore[typeddict-item]
        with document.edit() as order:
            order["buyer"] = "grace"
        assert new.loads(old.write(document)) == {"buyer": "grace", **given}
        for note in (None, "n"):
            with document.edit() as order:
                order["note"] = note
            assert new.loads(old.write(document)) == {"buyer": "grace", **given, "note": note}
        with document.edit() as order:
            order.pop("note", None)
        rest = {name: value for name, value in given.items() if name != "note"}
        assert new.loads(old.write(document)) == {"buyer": "grace", **rest}


class Renamed(BaseModel):
    customer: str
    note: str | None = None


class Former(BaseModel):
    buyer: str
    note: str | None = None


@pytest.mark.parametrize("codec", CODECS)
def test_a_renamed_attribute_has_one_name_in_a_record_and_no_old_editor(codec: str) -> None:
    first = Version(1, codec=codec, framing="envelope")
    old = Schema("order", Former, first)
    new = {
        writes: Schema("order", Renamed, first, Version(2, rename("buyer", "customer")), writes=writes)
        for writes in (1, 2)
    }
    record = new[2].dumps(Renamed(customer="ada"))
    with pytest.raises(UnreadableVersionError):
        old.read(record)
    assert b"buyer" not in record
    # While it is prepared, old editors edit what new hosts wrote, and new hosts edit it again: nothing is lost.
    document = old.read(new[1].dumps(Renamed(customer="ada", note="n")))
    with document.edit() as order:
        order.buyer = "grace"
    document_2 = new[1].read(old.write(document))
    with document_2.edit() as renamed:
        assert renamed.customer == "grace"
        renamed.customer = "joan"
    assert old.loads(new[1].write(document_2)) == Former(buyer="joan", note="n")


class Names(BaseModel):
    b: str


class Inner(BaseModel):
    fax: str = ""


class Outer(BaseModel):
    inner: Inner = Inner()
    fax: str = ""


def test_a_name_is_never_used_again() -> None:
    first = Version(1, codec="json", framing="envelope")
    with pytest.raises(DeclarationError, match="used again"):
        Schema("names", Names, first, Version(2, rename("b", "a")), Version(3, rename("a", "b")), writes=2)
    with pytest.raises(DeclarationError, match="reserved"):
        Schema("names", Names, first, reserved={"b"})
    with pytest.raises(DeclarationError, match="reserved"):
        Schema("outer", Outer, first, reserved={"inner.fax"})
    Schema("inner", Outer, first, reserved={"inner.name"})  # another object's name is another name


class Person(BaseModel):
    first: str
    greeting: str


class FormerPerson(BaseModel):
    first: str


@pytest.mark.parametrize("codec", CODECS)
def test_a_derived_fill_is_a_seed_and_no_reader_reconciles(codec: str) -> None:
    first = Version(1, codec=codec, framing="envelope")
    step = add("greeting", fill=lambda person: f"Dear {person['first']}")
    old = Schema("person", FormerPerson, first)
    new = Schema("person", Person, first, Version(2, step), writes=2)
    seeded = new.loads(old.dumps(FormerPerson(first="ada")))
    assert seeded.greeting == "Dear ada"
    document = old.read(new.dumps(seeded))
    with document.edit() as person:
        person.first = "grace"
    assert new.loads(old.write(document)) == Person(first="grace", greeting="Dear ada")


class Box(BaseModel):
    size: int = 3
    kind: str = "x"


@pytest.mark.parametrize("codec", CODECS)
def test_absence_means_the_default_of_the_version_that_wrote_it(codec: str) -> None:
    class FormerBox(BaseModel):
        size: int = 1
        kind: str = "x"

    first = Version(1, codec=codec, framing="envelope")
    old = Schema("box", FormerBox, first)
    new = {w: Schema("box", Box, first, Version(2, redefault("size", was=1)), writes=w) for w in (1, 2)}
    assert new[2].loads(old.dumps(FormerBox())) == Box(size=1)
    assert new[2].loads(old.dumps(FormerBox())).model_fields_set == {"size"}  # written out, as both ways do
    assert old.loads(new[1].dumps(Box())) == FormerBox(size=3)
    assert new[2].loads(new[2].dumps(Box())).model_fields_set == set()


class Cents(BaseModel):
    amount: int


class Euros(BaseModel):
    amount: Decimal


@pytest.mark.parametrize("codec", CODECS)
def test_a_stale_complement_never_returns(codec: str) -> None:
    first = Version(1, codec=codec, framing="envelope")
    step = retype("amount", was=int, up=lambda cents: Decimal(cents) / 100, down=lambda euros: int(euros * 100))
    old = Schema("price", Cents, first)
    new = Schema("price", Euros, first, Version(2, step), writes=1)
    lost = Decimal("9.905")
    for history in product((990, 1, 2), repeat=3):
        record = new.dumps(Euros(amount=lost))
        changed = False
        for cents in history:
            document = old.read(record)
            changed = changed or cents != document.value.amount
            with document.edit() as price:
                price.amount = cents
            record = old.write(document)
        # From A to B and back to A: what was lost belonged to the first A.
        expected = Decimal(history[-1]) / 100 if changed else lost
        assert new.loads(record).amount == expected, history


LEXEMES = ["1.10", "1e400", "-0", "123456789012345678901234567890", "0.1000000000000000055511151231257827"]


@pytest.mark.parametrize("lexeme", LEXEMES)
def test_an_unknown_number_is_kept_as_it_was_written(lexeme: str) -> None:
    schema = Schema("order", Former, Version(1, codec="json", framing="bare"))
    document = schema.read(f'{{"buyer":"ada","gift":{{"n":[{lexeme}]}}}}'.encode())
    with document.edit() as order:
        order.buyer = "grace"
    assert schema.write(document) == f'{{"buyer":"grace","gift":{{"n":[{lexeme}]}}}}'.encode()


@pytest.mark.parametrize(
    "raw", [b"\xca\x3d\xcc\xcc\xcd", b"\xd2\x00\x00\x00\x01", b"\xc7\x03\x05abc", b"\xda\x00\x01x", b"\xdd\0\0\0\1\xc0"]
)
def test_an_unknown_messagepack_value_is_kept_as_its_bytes(raw: bytes) -> None:
    schema = Schema("order", Former, Version(1, codec="msgpack", framing="bare"))
    document = schema.read(b"\x82\xa5buyer\xa3ada\xa4gift" + raw)
    with document.edit() as order:
        order.buyer = "grace"
    assert schema.write(document) == b"\x82\xa5buyer\xa5grace\xa4gift" + raw


class Third(BaseModel):
    customer: str
    note: str | None = None
    total: int = 0


def test_a_rebased_schema_reads_and_writes_the_same_bytes() -> None:
    steps = (Version(2, rename("buyer", "customer")), Version(3, add("total"), remove("fax", was=str | None)))
    full = Schema("order", Third, Version(1, codec="json", framing="envelope"), *steps, writes=3)
    rebased = Schema(
        "order", Third, Version(2, codec="json", framing="envelope"), steps[1], writes=3, reserved={"buyer"}
    )
    last = Schema(
        "order",
        Third,
        Version(3, codec="json", framing="envelope", min_reader=2),
        reserved={"buyer", "fax"},
    )
    order = Third(customer="ada", note="n", total=3)
    assert full.dumps(order) == rebased.dumps(order) == last.dumps(order)
    record = full.dumps(order)
    for schema in (full, rebased, last):
        document = schema.read(record)
        with document.edit() as edited:
            edited.note = None
        assert schema.loads(schema.write(document)) == Third(customer="ada", note=None, total=3)


def jsonb(text: bytes) -> bytes:
    """What a JSONB column of PostgreSQL makes of JSON text.

    It keeps the last of duplicates, members by length and bytes, and numbers as `numeric` prints them.
    """
    parsed = json.loads(text, parse_float=lambda lexeme: _Number(format(Decimal(lexeme), "f")), parse_int=_Number)

    def told(value: Any) -> str:
        if isinstance(value, dict):
            order = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
            return "{" + ", ".join(f"{json.dumps(name)}: {told(value[name])}" for name in order) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(told, value)) + "]"
        return value.lexeme if isinstance(value, _Number) else json.dumps(value)

    return told(parsed).encode()


@dataclass
class _Number:
    lexeme: str


class Line(BaseModel):
    sku: str
    price: Decimal = Decimal(0)


class Basket(BaseModel):
    customer: str
    lines: list[Line] = []


class FormerLine(BaseModel):
    sku: str


class FormerBasket(BaseModel):
    customer: str
    lines: list[FormerLine] = []


def test_records_survive_a_jsonb_column() -> None:
    first = Version(1, codec="json", framing="inline")
    old = Schema("basket", FormerBasket, first, keys={"lines": "sku"})
    new = Schema("basket", Basket, first, Version(2, within("lines", add("price"))), writes=2, keys={"lines": "sku"})
    basket = Basket(customer="ada", lines=[Line(sku="a", price=Decimal("1.10")), Line(sku="b", price=Decimal("1E+3"))])
    stored = jsonb(new.dumps(basket))
    assert stored.startswith(b'{"lines"'), "the tag is not in front any more"
    assert new.loads(stored) == basket
    document = old.read(stored)
    with document.edit() as former:
        former.customer = "grace"
        former.lines.reverse()
    back = jsonb(old.write(document))
    assert new.loads(back) == Basket(customer="grace", lines=[*reversed(basket.lines)])
    assert jsonb(back) == back
    assert jsonb(b'{"b":1e2,"a":1.10,"a":2.50}') == b'{"a": 2.50, "b": 100}'
