"""The complement: restored whole or not at all, and dropped by every writer once what a step wrote has changed.

All short histories of writes by an old and a new host are tried, at the top, in a nested object and in a list, for a
step that loses on the way down and for one that loses on the way up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, NotRequired, TypedDict

import pytest

from versioned_serde import Schema, Version, rename, replace, retype, within
from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.steps.step import Step
from versioned_serde.serializer.line import Packed
from versioned_serde.testing.laws import lowered


@dataclass
class Cents:
    amount: int


@dataclass
class Amount:
    amount: Decimal


@dataclass
class CentsHeld:
    held: Cents


@dataclass
class AmountHeld:
    held: Amount


@dataclass
class CentsLine:
    id: int
    amount: int


@dataclass
class AmountLine:
    id: int
    amount: Decimal


@dataclass
class CentsLines:
    lines: list[CentsLine]


@dataclass
class AmountLines:
    lines: list[AmountLine]


CLASSES = {"top": (Cents, Amount), "object": (CentsHeld, AmountHeld)}
INNER = {Cents: Cents, Amount: Amount, CentsHeld: Cents, AmountHeld: Amount}
FIRST = Version(1, codec="json", framing="envelope")


def _up(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _down(amount: Decimal) -> int:
    return int(amount * 100)


def _step(place: str, step: Step) -> Step:
    return step if place == "top" else within("held", step)


PLACES = tuple(CLASSES)
OLD = (100, 200)
NEW = (Decimal("1.00"), Decimal("1.005"), Decimal("2.001"))
WRITES: list[tuple[str, Any]] = (
    [("old", cents) for cents in OLD] + [("new", amount) for amount in NEW] + [("old", None), ("new", None)]
)


@pytest.mark.parametrize("place", PLACES)
def test_a_way_down_that_loses(place: str) -> None:
    """The record rests in the older form; the newer form of what an old host changed is computed afresh."""
    older, newer = CLASSES[place]
    old: Schema[Any] = Schema("paid", older, FIRST)
    step = _step(place, retype("amount", was=int, up=_up, down=_down))
    new: Schema[Any] = Schema("paid", newer, FIRST, Version(2, step), writes=1)
    for start in NEW:
        for writes in product(WRITES, repeat=3):
            record = new.dumps(_made(new, place, start))
            amount = start
            for host, value in writes:
                record = _written(old if host == "old" else new, record, place, value)
                if value is not None and host == "new":
                    amount = value
                elif value is not None and value != _down(amount):
                    amount = _up(value)
                told = (start, writes, record)
                assert str(_seen(new, record, place)) == str(amount), told
                assert _seen(old, record, place) == _down(amount), told


@pytest.mark.parametrize("place", PLACES)
def test_a_way_up_that_loses(place: str) -> None:
    """The record rests in the newer form; what the older form held comes back if the newer one was left alone."""
    newer, older = CLASSES[place]
    old: Schema[Any] = Schema("paid", older, FIRST)
    step = _step(place, retype("amount", was=Decimal, up=_down, down=_up))
    new: Schema[Any] = Schema("paid", newer, FIRST, Version(2, step), writes=2)
    for start in NEW:
        for writes in product([100, 200, None], repeat=3):
            record = old.dumps(_made(old, place, start))
            amount, cents = start, _down(start)
            for value in writes:
                record = _written(new, record, place, value)
                if value is not None and value != cents:
                    amount, cents = _up(value), value
                told = (start, writes, record)
                assert _seen(new, record, place) == cents, told
                back = lowered(new, 1, Packed(record, {}))
                assert _seen(old, back.payload, place) == amount, told


def _made(schema: Schema[Any], place: str, amount: Any) -> Any:
    inner = INNER[schema.model](amount)
    return inner if place == "top" else schema.model(inner)


def _written(schema: Schema[Any], record: bytes, place: str, amount: Any) -> bytes:
    document = schema.read(record)
    with document.edit() as value:
        if amount is not None:
            (value if place == "top" else value.held).amount = amount
    return schema.write(document)


def _seen(schema: Schema[Any], record: bytes, place: str) -> Any:
    value = schema.loads(record)
    return (value if place == "top" else value.held).amount


def test_in_a_list_each_element_has_its_own() -> None:
    step = within("lines", retype("amount", was=int, up=_up, down=_down))
    old = Schema("paid", CentsLines, FIRST, keys={"lines": "id"})
    new = Schema("paid", AmountLines, FIRST, Version(2, step), writes=1, keys={"lines": "id"})
    record = new.dumps(AmountLines([AmountLine(number, Decimal(f"{number}.005")) for number in range(1, 5)]))
    document = old.read(record)
    with document.edit() as order:
        order.lines.reverse()
        order.lines[1].amount = 999
        del order.lines[0]
        order.lines.append(CentsLine(9, 100))
    record = old.write(document)
    document = old.read(record)
    with document.edit() as order:
        order.lines[0].amount = 300  # back to what it was, but what was lost with it stays lost
    record = old.write(document)
    assert [str(line.amount) for line in new.loads(record).lines] == ["3", "2.005", "1.005", "1"]


def test_only_one_raising_version_may_be_in_flight() -> None:
    second = Version(2, retype("amount", was=int, up=_up, down=_down))
    with pytest.raises(DeclarationError, match="Activate version 2"):
        Schema("paid", Amount, FIRST, second, Version(3, coding="gzip"), writes=1)


class Rest(TypedDict):
    whole: int
    rest: NotRequired[int]


class Tail(TypedDict):
    whole: int
    tail: NotRequired[int]


class Joined(TypedDict):
    amount: Decimal


Parts = tuple[int, int | None]
PARTS: list[Parts] = [(1, None), (1, 5), (2, None)]


def _joined(whole: int, rest: int | None) -> Decimal:
    return Decimal(whole) if rest is None else whole + Decimal(rest) / 10


@pytest.mark.parametrize("name", ["rest", "tail"])
def test_what_a_way_left_absent_is_part_of_what_must_still_stand(name: str) -> None:
    """An old host that sets it and takes it away again has decided; what was lost does not come back."""
    old = Schema("paid", Rest, FIRST)
    was, renamed = (Rest, []) if name == "rest" else (Tail, [rename("rest", "tail")])
    step = replace(
        was=was,
        up=lambda parts: {"amount": _joined(parts["whole"], parts.get(name))},
        down=lambda joined: {"whole": int(joined["amount"])},
    )
    new = Schema("paid", Joined, FIRST, Version(2, *renamed, step), writes=1)
    for start, writes in product([Decimal(1), Decimal("1.07")], product(PARTS, repeat=3)):
        record = new.dumps(Joined(amount=start))
        amount, last = start, PARTS[0]
        for parts in writes:
            document = old.read(record)
            with document.edit() as value:
                value["whole"] = parts[0]
                value.pop("rest", None)
                if parts[1] is not None:
                    value["rest"] = parts[1]
            record = old.write(document)
            if parts != last:
                amount, last = _joined(*parts), parts
            assert str(new.loads(record)["amount"]) == str(amount), (start, writes, record)
