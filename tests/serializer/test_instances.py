"""What model kinds have in common, through dataclasses."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from versioned_serde import PayloadError, Schema, UnwritableValueError, Version


class Color(enum.Enum):
    RED = "red"


@dataclass
class Card:
    kind: Literal["card"] = "card"
    number: str = ""


@dataclass
class Cash:
    kind: Literal["cash", "coins"] = "cash"


@dataclass
class Thing:
    weight: float = 0
    color: Color = Color.RED
    open_color: Color | str = Color.RED
    tags: set[int] = field(default_factory=set)
    pair: tuple[int, ...] = ()
    prices: dict[str, Card] = field(default_factory=dict)
    paid: Card | Cash | None = None
    anything: Any = None


@dataclass
class Numbered:
    number: str

    def __post_init__(self) -> None:
        int(self.number)


@dataclass
class Checked:
    cards: dict[str, Numbered]


things = Schema("a.thing", Thing, Version(1, codec="json", framing="bare"))


def again(thing: Thing) -> Thing:
    return things.loads(things.dumps(thing))


def test_each_container_comes_back_as_it_was() -> None:
    thing = Thing(
        weight=1.5,
        tags={3, 1, 2},
        pair=(1, 2),
        prices={"a": Card(number="1")},
        paid=Cash("coins"),
        anything={"a": [1, 2.5, None, True]},
    )
    assert again(thing) == thing


def test_a_set_is_written_in_one_order() -> None:
    assert b'"tags":[1,2,3]' in things.dumps(Thing(tags={3, 1, 2}))


def test_an_int_stands_for_a_float_where_it_is_exactly_one() -> None:
    assert b'"weight":3.0' in things.dumps(Thing(weight=3))
    for refused in (2**53 + 1, True):
        with pytest.raises(UnwritableValueError):
            things.dumps(Thing(weight=refused))


def test_an_unknown_member_of_an_open_enum_is_kept_as_it_came() -> None:
    thing = things.loads(b'{"open_color":"blue"}')
    assert thing.open_color == "blue"
    assert b'"open_color":"blue"' in things.dumps(thing)
    assert things.loads(b'{"open_color":"red"}').open_color is Color.RED


def test_an_unknown_member_of_a_closed_enum_is_refused() -> None:
    with pytest.raises(PayloadError) as caught:
        things.loads(b'{"color":"blue"}')
    assert caught.value.path == "color"


def test_a_value_of_no_arm_is_refused() -> None:
    with pytest.raises(UnwritableValueError) as caught:
        things.dumps(Thing(paid=Thing()))  # type: ignore[arg-type]
    assert str(caught.value) == ("a.thing version 1: at `paid`: Expected one of the union's models, found `Thing`.")
    with pytest.raises(PayloadError):
        things.loads(b'{"paid":{"kind":"cheque"}}')


def test_a_place_within_a_map_does_not_tell_the_key() -> None:
    with pytest.raises(UnwritableValueError) as caught:
        things.dumps(Thing(prices={"secret": Card(number=5)}))  # type: ignore[arg-type]
    assert caught.value.path == "prices[*].number"


def test_a_key_of_a_map_is_no_place_in_an_error() -> None:
    plain = Version(1, codec="json", framing="bare")
    with pytest.raises(PayloadError) as caught:
        Schema("a.shelf", Checked, plain).loads(b'{"cards":{"private":{"number":"x"}}}')
    assert "private" not in str(caught.value)
    assert caught.value.path == "cards[*]"


@pytest.mark.parametrize("wrong", [{"tags": 5}, {"prices": [1]}, {"pair": "ab"}], ids=str)
def test_a_container_of_another_kind_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnwritableValueError):
        things.dumps(Thing(**wrong))
