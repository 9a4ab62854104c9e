"""One attribute becomes several, and several one: what is absent, what is lost, what is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.evolution.describing import TEXT, down, lineage, raw, sent, shape, up
from versioned_serde.errors import ConversionError
from versioned_serde.evolution.steps.merge import merge
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.split import split
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import REQUIRED, ListType, ObjectType
from versioned_serde.tree import COMPLEMENT, Tree, copied, same


def apart(name: str) -> tuple[str, str]:
    first, _, last = name.partition(" ")
    return first, last


def joined(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def by_split(default: Any = REQUIRED) -> split:
    return split("name", into=("first", "last"), was=TEXT, up=apart, down=joined, default=default)


def by_merge(*defaults: Any) -> merge:
    return merge(("first", "last"), into="name", was=(TEXT, TEXT), up=joined, down=apart, default=defaults or None)


def test_a_value_is_taken_apart_and_joined_in_its_place() -> None:
    ways = lineage(shape(a=TEXT, first=TEXT, last=TEXT, z=TEXT), by_split())
    assert ways.shapes[0] == shape(a=TEXT, name=TEXT, z=TEXT)
    assert up(ways, {"a": "", "name": "Ada King", "z": ""}) == {"a": "", "first": "Ada", "last": "King", "z": ""}
    assert down(ways, {"first": "Ada", "last": "King"}) == {"name": "Ada King"}


def test_several_values_are_joined_in_the_place_of_one() -> None:
    ways = lineage(shape(a=TEXT, name=TEXT, z=TEXT), by_merge())
    assert ways.shapes[0] == shape(a=TEXT, first=TEXT, last=TEXT, z=TEXT)
    assert up(ways, {"first": "Ada", "last": "King"}) == {"name": "Ada King"}
    assert down(ways, {"name": "Ada King"}) == {"first": "Ada", "last": "King"}


def test_what_is_lost_is_kept_and_comes_back_whole() -> None:
    ways = lineage(shape(first=TEXT, last=TEXT), by_split())
    lower = sent(down(ways, {"first": "Ada King", "last": "Lovelace"}))
    assert lower["name"] == "Ada King Lovelace"
    assert up(ways, copied(lower)) == {"first": "Ada King", "last": "Lovelace"}
    assert up(ways, {**lower, "name": "Ada K Lovelace"})["last"] == "K Lovelace"


def test_a_name_may_stay_with_one_of_the_parts() -> None:
    ways = lineage(shape(name=TEXT, rest=TEXT), split("name", into=("name", "rest"), was=TEXT, up=apart, down=joined))
    assert up(ways, {"name": "Ada King"}) == {"name": "Ada", "rest": "King"}
    ways = lineage(shape(name=TEXT), merge(("name", "rest"), into="name", was=(TEXT, TEXT), up=joined, down=apart))
    assert up(ways, {"name": "Ada", "rest": "King"}) == {"name": "Ada King"}


def test_an_absent_part_counts_as_its_default() -> None:
    ways = lineage(shape(first=TEXT, last=(TEXT, "")), by_split())
    assert ways.shapes[0] == shape(name=TEXT)
    lower = down(ways, {"first": "Ada"})
    assert lower["name"] == "Ada"
    assert up(ways, lower) == {"first": "Ada"}, "that it was absent is restored, too"
    assert up(ways, {"name": "Ada"}) == {"first": "Ada", "last": ""}


def test_all_absent_is_absent_where_the_defaults_mean_each_other() -> None:
    step = split("name", into=("first", "last"), was=TEXT, up=apart, down=joined)
    ways = lineage(shape(first=(TEXT, "No"), last=(TEXT, "One")), step)
    assert ways.shapes[0] == shape(name=(TEXT, "No One"))
    assert down(ways, {}) == {}
    assert up(ways, {}) == {}
    assert down(ways, {"last": "Body"})["name"] == "No Body"


def test_all_absent_is_written_out_where_the_defaults_mean_something_else() -> None:
    ways = lineage(shape(first=(TEXT, "No"), last=(TEXT, "")), by_split("Some Body"))
    higher = up(ways, {})
    assert (higher["first"], higher["last"]) == ("Some", "Body")
    assert down(ways, higher) == {}
    lower = down(ways, {})
    assert lower["name"] == "No"
    assert up(ways, lower) == {}


def test_the_older_parts_have_what_the_default_is_taken_apart_to() -> None:
    ways = lineage(shape(name=(TEXT, "No One")), by_merge())
    assert ways.shapes[0] == shape(first=(TEXT, "No"), last=(TEXT, "One"))
    ways = lineage(shape(name=TEXT), by_merge(REQUIRED, ""))
    assert ways.shapes[0] == shape(first=TEXT, last=(TEXT, ""))


TEXTS = ("", "Ada", "Ada King", "Ada King Lovelace", " x")
DEFAULTS: list[tuple[Any, Any]] = [(REQUIRED, REQUIRED), (REQUIRED, ""), ("", ""), ("Ada", "King"), ("No", "x y")]


@pytest.mark.parametrize("whole", [REQUIRED, "", "Ada King", "Some"])
@pytest.mark.parametrize("parts", DEFAULTS, ids=str)
@pytest.mark.parametrize("step", ["split", "merge"])
def test_there_and_back_with_every_default_and_whatever_is_absent(step: str, whole: Any, parts: Any) -> None:
    """L3, presence included."""
    several, one = shape(first=(TEXT, parts[0]), last=(TEXT, parts[1])), shape(name=(TEXT, whole))
    ways = lineage(several, by_split(whole)) if step == "split" else lineage(one, by_merge(*parts))
    assert ways.shapes[0] == (one if step == "split" else several)
    of_parts, of_whole = (down, up) if step == "split" else (up, down)
    for values in product(
        *([value for value in (None, *TEXTS) if value is not None or each is not REQUIRED] for each in parts)
    ):
        tree: Tree = {key: value for key, value in zip(("first", "last"), values, strict=True) if value is not None}
        assert same(of_whole(ways, sent(of_parts(ways, copied(tree)))), tree)
    for value in (None, *TEXTS):
        tree = {} if value is None else {"name": value}
        if value is not None or whole is not REQUIRED:
            assert same(of_parts(ways, sent(of_whole(ways, copied(tree)))), tree)


def test_what_is_not_valid_stays_so_for_the_reader_to_say() -> None:
    assert up(lineage(shape(first=TEXT, last=TEXT), by_split()), {}) == {}
    assert "name" not in up(lineage(shape(name=TEXT), by_merge()), {"first": "Ada"})


@pytest.mark.parametrize("given", [("Ada",), ["Ada", "King"], None], ids=str)
def test_a_function_that_does_not_give_a_value_for_each_part_is_named(given: Any) -> None:
    step = split("name", into=("first", "last"), was=TEXT, up=lambda name: given, down=joined)
    with pytest.raises(ConversionError, match=r"split\('name', into=\('first', 'last'\)\) failed on the way up"):
        up(lineage(shape(first=TEXT, last=TEXT), step), {"name": "secret"})


def test_what_a_function_gives_is_checked_part_by_part() -> None:
    step = split("name", into=("first", "last"), was=TEXT, up=lambda name: ("Ada", 5), down=joined)
    with pytest.raises(ConversionError, match="gives a `int` where a `str` is declared") as caught:
        up(lineage(shape(first=TEXT, last=TEXT), step), {"name": "Ada"})
    assert caught.value.path == "last"


def test_an_unknown_attribute_is_not_overwritten() -> None:
    ways = lineage(shape(first=TEXT, last=TEXT), by_split())
    with pytest.raises(ConversionError, match="already holds as an unknown attribute"):
        up(ways, {"name": "Ada", "last": raw(1)})


def test_in_a_list_beside_other_steps_of_the_version() -> None:
    line = shape(sku=TEXT, first=TEXT, last=TEXT)
    ways = lineage(
        shape(lines=ListType(ObjectType(line))),
        within("lines", by_split(), rename("code", "sku")),
    )
    tree = {"lines": [{"sku": "1", "first": "A B", "last": "C"}, {"sku": "2", "first": "D", "last": "E"}]}
    lower = sent(down(ways, copied(tree)))
    assert [line["name"] for line in lower["lines"]] == ["A B C", "D E"]
    assert COMPLEMENT in lower["lines"][0]
    assert COMPLEMENT not in lower["lines"][1]
    lower["lines"].reverse()
    assert up(ways, lower)["lines"] == [*reversed(tree["lines"])]
