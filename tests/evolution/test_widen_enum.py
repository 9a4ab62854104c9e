"""`widen_enum`: what older readers get instead of a new member."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evolution.describing import down, lineage, shape, up
from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.widen_enum import widen_enum
from versioned_serde.shape import EnumType, ListType, MapType, NullableType

SIZES = EnumType(("s", "m", "l"))
OPEN = EnumType(("s", "m", "l"), open=True)


def test_a_closed_enum_gives_older_readers_an_older_member() -> None:
    ways = lineage(shape(size=SIZES), widen_enum("size", "l", down={"l": "m"}))
    lower = down(ways, {"size": "l"})
    assert lower["size"] == "m"
    assert up(ways, lower) == {"size": "l"}
    assert down(ways, {"size": "s"}) == {"size": "s"}


def test_an_open_enum_is_left_alone() -> None:
    ways = lineage(shape(size=EnumType(("s", "m"), open=True)), widen_enum("size", "m"))
    assert down(ways, {"size": "m"}) == {"size": "m"}


@pytest.mark.parametrize(
    ("newest", "step", "problem"),
    [
        (SIZES, widen_enum("size", "l", down=lambda size: "xl"), "which older member stands for 'l'"),
        (SIZES, widen_enum("size", "l", down=lambda size: size.missing), "which older member stands for 'l'"),
        (SIZES, widen_enum("size", was_closed=True, down=lambda size: "s"), "says that the enum became open"),
        (
            (ListType(SIZES), ["s", "l"]),
            widen_enum("size", "l", down={"l": "m"}),
            "adds the member that is the default",
        ),
        (OPEN, widen_enum("size", "l", down={"l": "m"}), "has `down`"),
    ],
)
def test_a_step_that_would_not_land_valid_is_refused(newest: Any, step: Step, problem: str) -> None:
    with pytest.raises(DeclarationError, match=problem):
        lineage(shape(size=newest), step)


def test_an_enum_that_opens_asks_the_function_for_any_value() -> None:
    ways = lineage(shape(size=OPEN), widen_enum("size", "l", was_closed=True, down=lambda size: "m"))
    assert ways.shapes[0] == shape(size=EnumType(("s", "m")))
    lower = down(ways, {"size": "xxl"})
    assert lower["size"] == "m"
    assert up(ways, lower) == {"size": "xxl"}


def test_members_within_lists_maps_and_nulls_are_lowered() -> None:
    many = NullableType(ListType(MapType(SIZES)))
    ways = lineage(shape(size=many), widen_enum("size", "l", down={"l": "m"}))
    lower = down(ways, {"size": [{"a": "l", "b": "s"}, {}]})
    assert lower["size"] == [{"a": "m", "b": "s"}, {}]
    assert up(ways, lower) == {"size": [{"a": "l", "b": "s"}, {}]}
    assert down(ways, {"size": None}) == {"size": None}
