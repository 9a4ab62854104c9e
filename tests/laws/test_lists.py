"""Lists and objects under edit: a declared key decides, then identity, then a unique value; never the position."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal

import pytest
from pydantic import BaseModel

from versioned_serde import Schema, Version
from versioned_serde.errors import AmbiguousEditError


@dataclass
class Line:
    id: int
    text: str = ""


@dataclass
class Order:
    lines: list[Line]
    first: Line | None = None


@dataclass
class Card:
    kind: Literal["card"]
    number: int


@dataclass
class Cash:
    kind: Literal["cash"]
    number: int


@dataclass
class Payment:
    paid: Card | Cash


FIRST = Version(1, codec="json", framing="bare")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    keyless = Schema("order", Order, FIRST)
keyed = Schema("order", Order, FIRST, keys={"lines": "id"})
paying = Schema("payment", Payment, FIRST)
BOTH = pytest.mark.parametrize("schema", [keyed, keyless], ids=["keyed", "keyless"])


def record(*lines: tuple[int, str, str | None], first: str = "null") -> bytes:
    told = []
    for key, text, gift in lines:
        extra = "" if gift is None else f',"gift":{gift}'
        told.append(f'{{"id":{key},"text":"{text}"{extra}}}')
    return f'{{"lines":[{",".join(told)}],"first":{first}}}'.encode()


THREE = ((1, "a", "1.10"), (2, "b", "2.20"), (3, "c", "3.30"))


@BOTH
@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("in_place", [True, False])
def test_reordered(schema: Schema[Order], order: tuple[int, ...], in_place: bool) -> None:
    document = schema.read(record(*THREE))
    lines = [document.value.lines[index] for index in order]
    if in_place:
        with document.edit() as value:
            value.lines = lines
    else:
        document.set(Order([replace(line) for line in lines]))
    assert schema.write(document) == record(*(THREE[index] for index in order))


@BOTH
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_reordered_and_changed_in_place(schema: Schema[Order], order: tuple[int, ...]) -> None:
    document = schema.read(record(*THREE))
    with document.edit() as value:
        value.lines = [value.lines[index] for index in order]
        for line in value.lines:
            line.text = "new"
    assert schema.write(document) == record(*((key, "new", gift) for key, _, gift in (THREE[i] for i in order)))


@BOTH
@pytest.mark.parametrize("gone", range(3))
def test_deleted_by_comparison(schema: Schema[Order], gone: int) -> None:
    document = schema.read(record(*THREE))
    document.set(Order([replace(line) for line in document.value.lines if line.id != gone + 1]))
    assert schema.write(document) == record(*(line for line in THREE if line[0] != gone + 1))


@BOTH
@pytest.mark.parametrize("at", range(4))
def test_inserted_by_comparison(schema: Schema[Order], at: int) -> None:
    document = schema.read(record(*THREE))
    lines = [replace(line) for line in document.value.lines]
    lines.insert(at, Line(9, "x"))
    document.set(Order(lines))
    assert schema.write(document) == record(*THREE[:at], (9, "x", None), *THREE[at:])


def test_changed_by_comparison_needs_a_key() -> None:
    for schema in (keyed, keyless):
        document = schema.read(record(*THREE))
        document.set(Order([replace(line, text="new") for line in reversed(document.value.lines)]))
        if schema is keyed:
            assert schema.write(document) == record(*((key, "new", gift) for key, _, gift in reversed(THREE)))
        else:
            with pytest.raises(AmbiguousEditError, match="may be the same"):
                schema.write(document)


def test_replaced_where_nothing_is_unknown() -> None:
    document = keyless.read(record((1, "a", None), (2, "b", "2.20")))
    document.set(Order([Line(2, "b"), Line(7, "new")]))
    assert keyless.write(document) == record((2, "b", "2.20"), (7, "new", None))


def test_twins_are_not_told_apart_by_position() -> None:
    twins = ((1, "a", "1.10"), (1, "a", "2.20"))
    document = keyless.read(record(*twins))
    document.set(Order([Line(1, "a"), Line(2, "b")]))
    with pytest.raises(AmbiguousEditError):
        keyless.write(document)
    document = keyless.read(record(*twins))
    document.set(Order([Line(1, "a"), Line(1, "a"), Line(3, "c")]))
    with pytest.raises(AmbiguousEditError):
        keyless.write(document)
    document = keyless.read(record(*twins))
    with document.edit() as value:
        value.lines.reverse()
    assert keyless.write(document) == record(*reversed(twins))


def test_a_key_that_changes_in_place_is_followed_by_identity() -> None:
    document = keyed.read(record(*THREE))
    with document.edit() as value:
        value.lines[1].id = 8
    assert keyed.write(document) == record(THREE[0], (8, "b", "2.20"), THREE[2])


def test_a_key_decides_against_identity() -> None:
    document = keyed.read(record(*THREE))
    with document.edit() as value:
        value.lines[0].id, value.lines[1].id = 2, 1
    assert keyed.write(document) == record((2, "a", "2.20"), (1, "b", "1.10"), THREE[2])


def test_a_key_that_is_new_is_a_new_element() -> None:
    document = keyed.read(record(*THREE))
    document.set(Order([Line(1, "a"), Line(8, "b"), Line(3, "c")]))
    assert keyed.write(document) == record(THREE[0], (8, "b", None), THREE[2])


@pytest.mark.parametrize("gift", ["1.10", None])
def test_duplicate_keys(gift: str | None) -> None:
    document = keyed.read(record((1, "a", gift), (1, "b", None)))
    document.set(Order([Line(1, "b"), Line(1, "c")]))
    if gift is None:
        assert keyed.write(document) == record((1, "b", None), (1, "c", None))
    else:
        with pytest.raises(AmbiguousEditError, match="have the same `id`"):
            keyed.write(document)


class Tagged(BaseModel):
    id: int = 0
    text: str = ""


@dataclass
class Tags:
    lines: list[Tagged]


tagged = Schema("order", Tags, FIRST, keys={"lines": "id"})
WITHOUT_KEY = b'{"lines":[{"id":1,"text":"a"},{"text":"b","gift":1.10}]}'


def test_an_element_without_its_key_is_found_by_its_value() -> None:
    document = tagged.read(WITHOUT_KEY)
    document.set(Tags([Tagged(text="b"), Tagged(id=1, text="c")]))
    assert tagged.write(document) == b'{"lines":[{"text":"b","gift":1.10},{"id":1,"text":"c"}]}'


@pytest.mark.parametrize("other", [Tagged(text="c"), Tagged(id=7, text="b")], ids=["value", "key"])
def test_an_element_without_its_key_is_not_guessed(other: Tagged) -> None:
    document = tagged.read(WITHOUT_KEY)
    document.set(Tags([Tagged(id=1, text="a"), other]))
    with pytest.raises(AmbiguousEditError, match="another one is new"):
        tagged.write(document)


def test_an_element_without_its_key_can_be_removed() -> None:
    document = tagged.read(WITHOUT_KEY)
    document.set(Tags([Tagged(id=1, text="c")]))
    assert tagged.write(document) == b'{"lines":[{"id":1,"text":"c"}]}'


@dataclass
class Sorted:
    lines: list[Line]

    def __post_init__(self) -> None:
        self.lines = sorted(self.lines, key=lambda line: line.id)


def test_a_list_that_the_model_sorts() -> None:
    """By position, the text would go to the element with the other number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = Schema("order", Sorted, FIRST)
    document = schema.read(b'{"lines":[{"id":2,"text":"b","gift":2.20},{"id":1,"text":"a","gift":1.10}]}')
    with document.edit() as value:
        value.lines[0].text = "new"
    written = b'{"lines":[{"id":1,"text":"new","gift":1.10},{"id":2,"text":"b","gift":2.20}]}'
    assert schema.write(document) == written


def test_an_object_at_the_same_place_is_the_same_unless_it_was_null() -> None:
    held = '{"id":1,"text":"a","gift":1.10}'
    document = keyed.read(record(first=held))
    document.set(Order([], Line(2, "new")))
    assert keyed.write(document) == record(first='{"id":2,"text":"new","gift":1.10}')
    document.set(Order([], None))
    emptied = keyed.write(document)
    assert emptied == record()
    document = keyed.read(emptied)
    document.set(Order([], Line(1, "a")))
    assert keyed.write(document) == record(first='{"id":1,"text":"a"}')


def test_another_arm_is_another_object() -> None:
    held = b'{"paid":{"kind":"card","number":1,"gift":1.10}}'
    document = paying.read(held)
    with document.edit() as value:
        value.paid = Card("card", 2)
    assert paying.write(document) == b'{"paid":{"kind":"card","number":2,"gift":1.10}}'
    with document.edit() as value:
        value.paid = Cash("cash", 2)
    assert paying.write(document) == b'{"paid":{"kind":"cash","number":2}}'
