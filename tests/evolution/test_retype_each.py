"""Elements of another type: what is lost of each comes back to that element, and to no other."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, down, lineage, raw, sent, shape, up
from versioned_serde.errors import ConversionError
from versioned_serde.evolution.complement import drop_stale
from versioned_serde.evolution.elements import alike
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.retype_each import retype_each
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import ListType, MapType, NullableType, ObjectType, Scalar
from versioned_serde.tree import Entry, Tree, complement, copied, same

AMOUNT = Scalar("decimal")


def floor(name: str) -> retype_each:
    """`"7.5"` is 7 in the older form; -1 and 0 are both `"0"` in the newer one."""
    return retype_each(name, was=NUMBER, up=lambda n: str(max(n, 0)), down=lambda text: int(text.split(".")[0]))


LIST = lineage(shape(tags=ListType(TEXT)), floor("tags"))
MAP = lineage(shape(tags=MapType(TEXT)), floor("tags"))


def written(ways: Lineage, tree: Tree, *, newest: bool = False) -> Tree:
    """What a writer of the oldest version, or of the newest, makes of an edited tree, as it is read again."""
    drop_stale(tree, ways.shapes[-1 if newest else 0], ways.binding, lambda it: ways.down(it, 1) if newest else None)
    return sent(tree)  # type: ignore[no-any-return]


def lowered(*texts: str) -> Tree:
    return sent(down(LIST, {"tags": list(texts)}))  # type: ignore[no-any-return]


def test_each_element_goes_there_and_back() -> None:
    assert LIST.shapes[0] == shape(tags=ListType(NUMBER))
    assert up(LIST, {"tags": [7, 0]}) == {"tags": ["7", "0"]}
    assert down(LIST, {"tags": ["7", "0"]}) == {"tags": [7, 0]}
    assert up(MAP, {"tags": {"a": 7}}) == {"tags": {"a": "7"}}
    assert up(LIST, {}) == {}


def test_what_is_kept_of_a_map_does_not_depend_on_its_order() -> None:
    one, other = (down(MAP, {"tags": tags}) for tags in ({"a": "1.5", "b": "2.5"}, {"b": "2.5", "a": "1.5"}))
    entries = [complement(tree)[0] for tree in (one, other)]
    assert [[*entry.kept] for entry in entries] == [["a", "b"], ["a", "b"]]
    assert [[*entry.witness] for entry in entries] == [["a", "b"], ["a", "b"]]


def test_null_stays_null_and_so_does_a_null_element() -> None:
    ways = lineage(
        shape(tags=(NullableType(ListType(NullableType(TEXT))), None)),
        retype_each("tags", was=NullableType(NUMBER), up=str, down=int),
    )
    assert up(ways, {"tags": None}) == {"tags": None}
    assert up(ways, {"tags": [1, None]}) == {"tags": ["1", None]}
    assert down(ways, {"tags": ["1", None]}) == {"tags": [1, None]}


def test_a_default_is_taken_down_with_its_elements() -> None:
    assert lineage(shape(tags=(ListType(TEXT), ["7"])), floor("tags")).shapes[0] == shape(tags=(ListType(NUMBER), [7]))


def test_elements_are_restored_whatever_became_of_the_others() -> None:
    lower = lowered("7.5", "8", "9.25", "3")
    assert lower["tags"] == [7, 8, 9, 3]
    lower["tags"] = [1, 9, 88, 7]  # edited, deleted, inserted and moved
    assert up(LIST, written(LIST, lower))["tags"] == ["1", "9.25", "88", "7.5"]


def test_an_element_that_came_to_have_the_value_is_not_restored() -> None:
    lower = lowered("7.5", "8")
    lower["tags"] = [7, 7]
    assert up(LIST, written(LIST, lower))["tags"] == ["7", "7"]


def test_what_was_given_up_does_not_come_back() -> None:
    lower = lowered("7.5", "9.5")
    lower["tags"] = [9]
    lower = written(LIST, lower)
    lower["tags"] = [7, 9]
    assert up(LIST, written(LIST, lower))["tags"] == ["7", "9.5"]


def test_equal_elements_that_came_from_the_same_are_restored_together() -> None:
    lower = lowered("7.5", "1", "7.5")
    lower["tags"] = [7, 7, 2]
    assert up(LIST, written(LIST, lower))["tags"] == ["7.5", "7.5", "2"]
    lower["tags"] = [7, 2]
    assert up(LIST, written(LIST, lower))["tags"] == ["7", "2"]


@pytest.mark.parametrize("texts", [("7.5", "7.25", "1"), ("7.5", "7", "1")], ids=str)
def test_where_different_elements_became_equal_the_list_is_restored_as_a_whole(texts: tuple[str, ...]) -> None:
    lower = lowered(*texts)
    assert up(LIST, written(LIST, copied(lower)))["tags"] == [*texts]
    lower["tags"] = [7, 7, 2]
    assert up(LIST, written(LIST, lower))["tags"] == ["7", "7", "2"]


def test_in_a_map_the_key_says_which_is_which() -> None:
    lower = sent(down(MAP, {"tags": {"a": "7.5", "b": "7.25", "c": "9.5", "$kept": "3.5", "": "1"}}))
    del lower["tags"]["a"]
    lower["tags"] |= {"b": 7, "c": 1, "d": 7}
    lower = written(MAP, lower)
    assert up(MAP, copied(lower))["tags"] == {"b": "7.25", "c": "1", "d": "7", "$kept": "3.5", "": "1"}
    lower["tags"]["c"] = 9
    assert up(MAP, written(MAP, lower))["tags"]["c"] == "9"


def test_the_way_up_may_lose_too() -> None:
    higher = sent(up(LIST, {"tags": [-1, 5, -2]}))
    assert higher["tags"] == ["0", "5", "0"]
    assert down(LIST, copied(higher))["tags"] == [-1, 5, -2]
    higher = sent(up(LIST, {"tags": [-1, 5, 6]}))
    higher["tags"] = ["6", "0", "8"]
    assert down(LIST, written(LIST, higher, newest=True))["tags"] == [6, -1, 8]
    higher["tags"] = ["6", "8"]
    higher = written(LIST, higher, newest=True)
    higher["tags"] = ["6", "0"]
    assert down(LIST, written(LIST, higher, newest=True))["tags"] == [6, 0]


def test_a_rename_of_the_same_version_takes_what_is_kept_along() -> None:
    ways = lineage(shape(tags=ListType(TEXT)), rename("labels", "tags"), floor("tags"))
    lower = sent(down(ways, {"tags": ["7.5", "1"]}))
    lower["labels"].append(4)
    assert up(ways, written(ways, lower))["tags"] == ["7.5", "1", "4"]


def test_elements_may_be_objects_with_what_is_unknown_in_them() -> None:
    ways = lineage(
        shape(ids=ListType(NUMBER)),
        retype_each("ids", was=shape(n=NUMBER), up=lambda held: held["n"], down=lambda n: {"n": n}),
    )
    tree = {"ids": [{"n": 1, "gift": raw("x")}, {"n": 2}]}
    higher = sent(up(ways, copied(tree)))
    assert higher["ids"] == [1, 2]
    higher["ids"].reverse()
    back = down(ways, written(ways, higher, newest=True))
    assert back["ids"] == [tree["ids"][1], tree["ids"][0]]


@pytest.mark.parametrize("held", [[7], {"a": 7}], ids=["list", "map"])
def test_a_failing_function_is_named_with_its_place(held: Any) -> None:
    step = retype_each("tags", was=NUMBER, up=lambda n: str(n // 0), down=int)
    inner = ListType(TEXT) if type(held) is list else MapType(TEXT)
    ways = lineage(shape(lines=ListType(ObjectType(shape(tags=inner)))), within("lines", step))
    with pytest.raises(ConversionError, match=r"retype_each\('tags'\) failed on the way up") as caught:
        up(ways, {"lines": [{"tags": held}]})
    assert caught.value.path == f"lines[0].tags{'[0]' if type(held) is list else '[*]'}"


def test_what_a_function_gives_is_checked() -> None:
    step = retype_each("tags", was=NUMBER, up=lambda n: n, down=int)
    with pytest.raises(ConversionError, match="gives a `int` where a `str` is declared") as caught:
        up(lineage(shape(tags=ListType(TEXT)), step), {"tags": [7]})
    assert caught.value.path == "tags[0]"


@pytest.mark.parametrize(
    "entry",
    [
        Entry("2.0", "down", {"0": raw("no number")}, {"0": raw("7.5")}, each="tags"),
        Entry("2.0", "down", {}, {"0": raw("7.5")}, each="tags"),
        Entry("2.0", "down", {"0": raw(7)}, {}, each="tags"),
        Entry("2.0", "down", {"0": raw(7)}, {"0": raw("7.5")}, each="others"),
        Entry("2.0", "down", {"tags": raw("no list")}, {"tags": raw(["7.5"])}),
        Entry("2.0", "down", {"tags": raw([7])}, {}),
    ],
)
def test_an_entry_that_says_nothing_of_the_elements_is_dropped(entry: Entry) -> None:
    tree = written(LIST, {"tags": [7], "$kept": [entry]})
    assert not complement(tree) or entry.each is None
    assert up(LIST, tree) == {"tags": ["7"]}


VALUES = ("7.5", "7.25", "7", "9.5")
EDITS = [list(each) for count in range(4) for each in product((7, 9), repeat=count)]


@pytest.mark.parametrize("first", list(product(VALUES, repeat=2)), ids=str)
def test_no_history_of_edits_gives_an_element_what_another_one_lost(first: tuple[str, ...]) -> None:
    """An element has what was lost only if there are as many of its value now as at every time before."""
    for edits in product(EDITS, repeat=2):
        lower = lowered(*first)
        counts: list[Counter[int]] = [Counter(lower["tags"])]
        for edit in edits:
            lower["tags"] = list(edit)
            lower = written(LIST, lower)
            counts.append(Counter(edit))
        told = {value: {text for text in first if int(text.split(".")[0]) == value} for value in (7, 9)}
        clear = all(len(texts) < 2 for texts in told.values())
        unchanged = all(edit == [int(text.split(".")[0]) for text in first] for edit in edits)
        expected = [
            next(iter(told[value]))
            if clear and told[value] and len({count[value] for count in counts}) == 1
            else str(value)
            for value in edits[-1]
        ]
        assert up(LIST, lower)["tags"] == (list(first) if unchanged else expected), (first, edits)


@pytest.mark.parametrize(
    "values",
    [
        [1, 1.0, True, "1", None, Decimal(1), Decimal("1.0"), float("nan"), 0.0, -0.0, [1], [1.0], {"a": 1}],
        [[[1]], [[2]], {"a": {"b": 1}}, {"a": {"b": 2}}, Decimal("sNaN"), Decimal("NaN"), b"1", [], {}],
    ],
)
def test_alike_is_what_is_the_same(values: list[Any]) -> None:
    assert sorted(alike([*values, *copied(values)])) == [[index, index + len(values)] for index in range(len(values))]


def test_equal_is_what_is_the_same_in_the_bytes() -> None:
    ways = lineage(
        shape(tags=ListType(TEXT)),
        retype_each("tags", was=AMOUNT, up=lambda amount: f"{amount}!", down=lambda text: Decimal(text.split("!")[0])),
    )
    lower = down(ways, {"tags": ["1.1!a", "1.10!b"]})
    assert lower["tags"] == [Decimal("1.1"), Decimal("1.10")]
    lower["tags"].reverse()
    drop_stale(lower, ways.shapes[0], ways.binding, lambda it: None)
    assert same(up(ways, lower)["tags"], ["1.10!b", "1.1!a"])
