"""L3, L4 and edits by mixed releases for the steps that split, merge, move and convert elements, in real records.

All of them in one version, at the top and in a list: an old host changes what it likes, and whatever it left alone is
as the new host wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.cases import cases, tried
from versioned_serde import Schema, Version, merge, move, rekey, retype_each, split, within
from versioned_serde.serializer.line import Packed
from versioned_serde.testing.laws import lowered


@dataclass
class OldContact:
    mail: str | None = None


@dataclass
class OldLine:
    id: int
    size: str
    tags: list[int] = field(default_factory=list)


@dataclass
class Old:
    name: str
    street: str
    number: str
    phone: str | None = None
    city: str | None = None
    contact: OldContact | None = None
    prices: dict[str, int] = field(default_factory=dict)
    rates: dict[str, int] = field(default_factory=dict)
    lines: list[OldLine] = field(default_factory=list)


@dataclass
class Contact:
    mail: str | None = None
    phone: str | None = None


@dataclass
class Line:
    id: int
    width: str
    height: str
    tags: list[Decimal] = field(default_factory=list)


@dataclass
class Place:
    city: str | None = None


@dataclass
class New:
    first: str
    last: str
    address: str
    at: Place
    contact: Contact | None = None
    prices: dict[str, int] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def apart(text: str) -> tuple[str, str]:
    head, _, tail = text.partition(" ")
    return head, tail


def joined(head: str, tail: str) -> str:
    return f"{head} {tail}".strip()


def to_amount(cents: int) -> Decimal:
    return Decimal(cents) / 100


def to_cents(amount: Decimal) -> int:
    return int(amount * 100)


SECOND = Version(
    2,
    split("name", into=("first", "last"), was=str, up=apart, down=joined),
    merge(("street", "number"), into="address", was=(str, str), up=joined, down=apart),
    move("phone", "contact.phone"),
    move("city", "at.city"),
    rekey("prices", up=str.upper, down=str.lower),
    retype_each("rates", was=int, up=to_amount, down=to_cents),
    within(
        "lines",
        split("size", into=("width", "height"), was=str, up=apart, down=joined),
        retype_each("tags", was=int, up=to_amount, down=to_cents),
    ),
)
CODECS = ("json", "msgpack", "xml")


def releases(codec: str) -> tuple[Schema[Old], Schema[New], Schema[New]]:
    """The release before, the prepared one and the activated one."""
    first = Version(1, codec=codec, framing="envelope")
    keys = {"lines": "id"}
    return (
        Schema("shop.order", Old, first, keys=keys),
        Schema("shop.order", New, first, SECOND, writes=1, keys=keys),
        Schema("shop.order", New, first, SECOND, writes=2, keys=keys),
    )


RELEASES = {codec: releases(codec) for codec in CODECS}
texts = st.sampled_from(["", "a", "a b", "a b c", " "])
notes = st.none() | texts
cents = st.integers(-3, 3)
amounts = st.sampled_from([Decimal(text) for text in ("0.01", "0.014", "0.019", "0.02", "-0.005", "0")])
currencies = st.sampled_from(["usd", "USD", "Usd", "eur", "EUR"])


def maps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(currencies, values, max_size=4)


def lists(of: Any, *parts: st.SearchStrategy[Any], tags: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    line = st.builds(of, st.integers(0, 9), *parts, st.lists(tags, max_size=4))
    return st.lists(line, max_size=3, unique_by=lambda each: each.id)


olds = st.builds(
    Old,
    *(texts, texts, texts, notes, notes),
    st.none() | st.builds(OldContact, notes),
    *(maps(cents), maps(cents), lists(OldLine, texts, tags=cents)),
)
news = st.builds(
    New,
    *(texts, texts, texts, st.builds(Place, notes)),
    st.none() | st.builds(Contact, notes, notes),
    *(maps(cents), maps(amounts), lists(Line, texts, texts, tags=amounts)),
)


@pytest.mark.parametrize("codec", CODECS)
@cases(1)
@given(value=news)
def test_down_and_up_again(codec: str, value: New) -> None:
    _, prepared, activated = RELEASES[codec]
    record = prepared.dumps(value)
    assert prepared.loads(record) == value
    assert activated.loads(record) == value
    assert lowered(prepared, 1, Packed(record, {})).payload == record, "nothing wears off"
    tried("L3")


@pytest.mark.parametrize("codec", CODECS)
@cases(1)
@given(value=olds)
def test_up_and_down_again(codec: str, value: Old) -> None:
    old, prepared, activated = RELEASES[codec]
    record = Packed(old.dumps(value), {})
    assert old.loads(lowered(prepared, 1, lowered(activated, 2, record)).payload) == value
    tried("L3")


@pytest.mark.parametrize("codec", CODECS)
@cases(1)
@given(value=news, other=olds, changed=st.sets(st.sampled_from(["name", "street", "phone", "city", "rates", "lines"])))
def test_an_old_editor_changes_what_it_changes_and_nothing_else(
    codec: str, value: New, other: Old, changed: set[str]
) -> None:
    old, prepared, _ = RELEASES[codec]
    document = old.read(prepared.dumps(value))
    with document.edit() as held:
        before = replace(held)
        for name in changed:
            setattr(held, name, getattr(other, name))
    found = prepared.loads(old.write(document))
    if held.name == before.name:
        assert (found.first, found.last) == (value.first, value.last)
    else:
        assert (found.first, found.last) == apart(held.name)
    assert found.address == (value.address if held.street == before.street else joined(held.street, held.number))
    assert found.prices == value.prices
    assert (found.contact.phone if found.contact else None) == held.phone
    assert (found.contact.mail if found.contact else None) == (value.contact.mail if value.contact else None)
    assert found.at.city == held.city
    for key, rate in held.rates.items():
        kept = key in before.rates and before.rates[key] == rate
        assert found.rates[key] == (value.rates[key] if kept else to_amount(rate))
    assert found.rates.keys() == held.rates.keys()
    if held.lines == before.lines:
        assert found.lines == value.lines
    else:
        assert [(line.id, joined(line.width, line.height)) for line in found.lines] == [
            (line.id, joined(*apart(line.size))) for line in held.lines
        ]
    tried("L2")


@pytest.mark.parametrize("codec", CODECS)
@cases(1)
@given(value=olds, contact=st.builds(Contact, notes, notes), keys=maps(cents))
def test_a_new_editor_changes_what_it_changes_and_nothing_else(
    codec: str, value: Old, contact: Contact, keys: dict[str, int]
) -> None:
    old, prepared, _ = RELEASES[codec]
    document = prepared.read(old.dumps(value))
    with document.edit() as held:
        held.contact = contact
        held.prices |= keys
    found = old.loads(prepared.write(document))
    assert (found.phone, found.contact and found.contact.mail) == (contact.phone, contact.mail)
    assert (found.name, found.street, found.number, found.city) == (value.name, value.street, value.number, value.city)
    assert (found.rates, found.lines) == (value.rates, value.lines)
    for key, price in value.prices.items():
        # A key that shares its newer name with another one is as it was, or has the newer one's value.
        assert found.prices[key] == price or key.upper() in keys
    tried("L2")
