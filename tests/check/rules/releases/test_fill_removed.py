"""The rule `fill-removed`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, make_dataclass
from types import UnionType
from typing import Any, get_origin

import pytest

from tests.check.comparing import compared, declared, found, only
from versioned_serde import PayloadError, Schema, Version, add, within
from versioned_serde.check.rules.releases import fill_removed
from versioned_serde.evolution.steps.step import Step


@dataclass
class OldLine:
    sku: str


@dataclass
class Line:
    sku: str
    amount: int
    gift: bool = False


AMOUNT, GIFT, NOTE = add("amount", fill=1), add("gift"), add("note", fill="?")


def orders(line: type, type_: Any, more: Sequence[Any], *versions: Version, writes: int) -> Schema[Any]:
    """Has `lines`, of a type of lines."""
    default = [field(default=None)] if isinstance(type_, UnionType) else []
    model = make_dataclass("Order", [("buyer", str), *more, ("lines", type_, *default)])
    return declared(model, *versions, keys={"lines": "sku"} if get_origin(type_) is list else None, writes=writes)


def old(type_: Any = list[OldLine]) -> Schema[Any]:
    return orders(OldLine, type_, [], Version(1, codec="json", framing="envelope"), writes=1)


def before(type_: Any = list[Line]) -> Schema[Any]:
    """Lists version 1, and version 2, of which its hosts may have edited records."""
    steps = within("lines", AMOUNT, GIFT), NOTE
    lines = Version(1, codec="json", framing="envelope"), Version(2, *steps), Version(3, add("more"))
    return orders(
        Line, type_, [("note", str), ("more", int | None, field(default=None, kw_only=True))], *lines, writes=2
    )


def retired(*steps: Step, type_: Any = list[Line], min_reader: int = 1) -> Schema[Any]:
    """Version 1 is gone."""
    lines = Version(2, *steps, codec="json", framing="envelope", min_reader=min_reader), Version(3, add("more"))
    return orders(
        Line, type_, [("note", str), ("more", int | None, field(default=None, kw_only=True))], *lines, writes=2
    )


def test_fails_where_an_element_may_lack_it() -> None:
    finding = only(fill_removed, before(), retired(NOTE))
    assert (finding.severity, finding.attribute, finding.version) == ("error", "lines.amount", 2)
    assert finding.message == "Records of version 2 may lack `lines.amount`, and its line has no `add` that fills it."


def test_real_hosts_make_such_records() -> None:
    with_fill, without = retired(NOTE, within("lines", AMOUNT)), retired(NOTE)
    listing, knowing = before(), old()
    document = knowing.read(listing.dumps(listing.model("ada", "", [Line("x", 2)])))
    with document.edit() as order:
        order.lines.append(OldLine("y"))
    record = knowing.write(document)
    assert [line.amount for line in with_fill.loads(record).lines] == [2, 1]
    with pytest.raises(PayloadError, match=r"lines\[1\]\.amount"):
        without.loads(record)


@pytest.mark.parametrize("type_", [Line | None, dict[str, Line]])
def test_fails_where_an_object_may_come(type_: Any) -> None:
    assert only(fill_removed, before(type_), retired(NOTE, type_=type_)).severity == "error"
    assert found(fill_removed, before(type_), retired(NOTE, within("lines", AMOUNT), type_=type_)) == []


def test_an_object_that_is_always_there_is_a_warning() -> None:
    findings = found(fill_removed, before(Line), retired(type_=Line))
    assert [(each.severity, each.attribute) for each in findings] == [("warning", "lines.amount"), ("warning", "note")]


def test_passes_where_the_fill_is_there_or_nobody_needs_it() -> None:
    assert found(fill_removed, before(), retired(NOTE, within("lines", AMOUNT))) == []
    assert found(fill_removed, before(), before()) == []
    assert found(fill_removed, before(), retired(min_reader=2)) == []


def test_a_lock_alone_does_not_tell_what_is_on_the_line() -> None:
    comparison = compared(before(), retired())
    assert len(list(fill_removed.check(comparison))) == 2
    assert not list(fill_removed.check(type(comparison)(now=comparison.now, beside=comparison.beside)))
