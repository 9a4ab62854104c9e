"""What a lossy way keeps, when it comes back, and when it is dropped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, down, history, lineage, raw, sent, shape, up
from versioned_serde.errors import ConversionError
from versioned_serde.evolution.complement import drop_stale, shaped
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.replace import replace
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import ListType, MapType, NullableType, ObjectType, Shape, UnionType
from versioned_serde.tree import COMPLEMENT, Entry, Tree, Typed, complement, copied


def floor(name: str) -> retype:
    """`"7.5"` is 7 in the older form; -1 and 0 are both `"0"` in the newer one."""
    return retype(name, was=NUMBER, up=lambda n: str(max(n, 0)), down=lambda text: int(text.split(".")[0]))


PRICES = lineage(shape(price=TEXT, note=(TEXT, "")), floor("price"))


def written(ways: Lineage, tree: Tree, newest: Shape | None = None) -> Tree:
    """What a writer makes of the tree before it goes down."""
    drop_stale(tree, newest or ways.shapes[-1], ways.binding, lambda it: ways.down(it, 1))
    return tree


def test_an_entry_says_what_was_written_and_what_was_lost() -> None:
    (entry,) = complement(down(PRICES, {"price": "7.5"}))
    assert (entry.step, entry.direction) == ("2.0", "down")
    assert entry.witness == {"price": Typed(NUMBER, 7)}
    assert entry.kept == {"price": Typed(TEXT, "7.5")}


def test_nothing_is_kept_where_nothing_is_lost() -> None:
    assert down(PRICES, {"price": "7"}) == {"price": 7}
    assert down(PRICES, {"note": "x"}) == {"note": "x"}


@pytest.mark.parametrize("how", [copied, sent], ids=["in this process", "by the record"])
def test_both_ways_are_restored_whole(how: Any) -> None:
    assert up(PRICES, how(down(PRICES, {"price": "7.5"}))) == {"price": "7.5"}
    higher = up(PRICES, {"price": -1})
    assert higher["price"] == "0"
    assert down(PRICES, how(higher)) == {"price": -1}


@pytest.mark.parametrize("change", [{"price": 8}, {}], ids=["changed", "taken out"])
def test_an_entry_whose_witness_does_not_hold_is_dropped_on_the_way_back(change: Tree) -> None:
    lower = sent(down(PRICES, {"price": "7.5"}))
    del lower["price"]
    back = up(PRICES, {**lower, **change})
    assert back == {name: str(value) for name, value in change.items()}


def test_a_value_that_is_equal_but_written_otherwise_is_no_witness() -> None:
    # 1.0 == 1, and each is another value on the wire.
    entry = Entry("2.0", "down", {"price": Typed(NUMBER, 1.0)}, {"price": Typed(TEXT, "1.5")})
    assert up(PRICES, {"price": 1, COMPLEMENT: [entry]}) == {"price": "1"}


def test_an_old_host_drops_at_once_what_its_edit_makes_stale() -> None:
    old = lineage(shape(price=NUMBER, note=(TEXT, "")))
    lower = sent(down(PRICES, {"price": "7.5"}))
    assert complement(written(old, {**lower, "note": "edited"}))
    for edited in ({**lower, "price": 8}, {COMPLEMENT: lower[COMPLEMENT]}):
        assert COMPLEMENT not in written(old, edited)


def test_a_new_host_drops_at_once_what_was_kept_on_the_way_up() -> None:
    higher = up(PRICES, {"price": -1})
    assert complement(written(PRICES, {**copied(higher), "note": "edited"}))
    assert COMPLEMENT not in written(PRICES, {**copied(higher), "price": "5"})


def test_what_cannot_be_a_value_of_the_attribute_does_not_hold() -> None:
    entry = Entry("3.0", "down", {"price": raw("text")}, {"price": raw(1)})
    assert written(lineage(shape(price=NUMBER)), {"price": 1, COMPLEMENT: [entry]}) == {"price": 1}


def test_entries_of_each_object_are_judged_by_that_object() -> None:
    nested = shape(price=TEXT)
    newest = shape(
        lines=ListType(ObjectType(nested)), by_name=MapType(NullableType(ObjectType(nested))), one=ObjectType(nested)
    )
    ways = lineage(newest, *(within(place, floor("price")) for place in ("lines", "by_name", "one")))
    tree = {
        "lines": [{"price": "1.5"}, {"price": "2.5"}],
        "by_name": {"a": {"price": "3.5"}, "b": None},
        "one": {"price": "4.5"},
    }
    lower = sent(down(ways, copied(tree)))
    assert up(ways, copied(lower)) == tree
    lower["lines"][0]["price"] = lower["one"]["price"] = 9
    dropped = written(lineage(ways.shapes[0]), lower)
    assert [bool(complement(node)) for node, _ in shaped(dropped, ways.shapes[0])] == [False, False, True, True, False]


def test_objects_of_a_union_are_judged_by_their_arm() -> None:
    card, cash = shape(kind=TEXT, price=NUMBER), shape(kind=TEXT, price=TEXT)
    old = shape(pay=UnionType("kind", (("card", ObjectType(card)), ("cash", ObjectType(cash)))))
    for kind, value, holds in (("card", 1, True), ("card", 2, False), ("cash", "1", False), ("other", 2, True)):
        entry = Entry("3.0", "down", {"price": raw(1)}, {"price": raw("1.5")})
        tree = written(lineage(old), {"pay": {"kind": kind, "price": value, COMPLEMENT: [entry]}})
        assert bool(complement(tree["pay"])) is holds, kind


def test_a_witness_follows_an_attribute_that_the_same_version_renames() -> None:
    ways = lineage(shape(price=TEXT), rename("cents", "price"), floor("price"))
    lower = sent(down(ways, {"price": "7.5"}))
    assert lower[COMPLEMENT][0].witness.keys() == {"cents"}
    old = lineage(shape(cents=NUMBER))
    assert up(ways, written(old, copied(lower))) == {"price": "7.5"}
    assert COMPLEMENT not in written(old, {**lower, "cents": 8})


def test_steps_keep_side_by_side_and_a_step_keeps_once() -> None:
    ways = lineage(shape(a=TEXT, b=TEXT), floor("a"), floor("b"))
    lower = down(ways, {"a": "1.5", "b": "2.5"})
    assert {entry.step for entry in complement(lower)} == {"2.0", "2.1"}
    stale = Entry("2.0", "down", {"a": Typed(NUMBER, 9)}, {})
    lower = down(ways, {"a": "1.5", "b": "2", COMPLEMENT: [stale]})
    assert [(entry.step, entry.witness) for entry in complement(lower)] == [("2.0", {"a": Typed(NUMBER, 1)})]


def test_names_that_are_in_both_forms_are_exchanged() -> None:
    swap = replace(
        was=shape(a=NUMBER, b=NUMBER),
        up=lambda it: {"a": it["b"], "c": it["a"]},
        down=lambda it: {"a": it["c"], "b": it["a"]},
    )
    ways = lineage(shape(a=NUMBER, c=NUMBER), swap)
    assert up(ways, {"a": 1, "b": 2}) == {"a": 2, "c": 1}
    assert down(ways, {"a": 2, "c": 1}) == {"a": 1, "b": 2}


@pytest.mark.parametrize("made", [{"c": 1}, {}], ids=["made", "left absent"])
def test_an_unknown_attribute_never_comes_to_stand_under_a_declared_name(made: Tree) -> None:
    step = replace(was=shape(a=NUMBER), up=lambda it: dict(made), down=lambda it: {"a": 0})
    with pytest.raises(ConversionError, match="makes `c`, which the record already holds"):
        up(lineage(shape(c=(NUMBER, 0)), step), {"a": 1, "c": raw("unknown")})


def test_an_entry_that_keeps_what_the_step_does_not_make_is_not_believed() -> None:
    forged = Entry("2.0", "down", {"price": raw(7)}, {"price": raw("7.5"), "note": raw("forged")})
    assert up(PRICES, {"price": 7, COMPLEMENT: [forged]}) == {"price": "7"}


# Nothing is shared --------------------------------------------------------------------------------------------------


def test_a_trial_changes_nothing_in_the_tree() -> None:
    box, old_box = ObjectType(shape(b=NUMBER)), NullableType(ObjectType(shape(a=NUMBER)))
    ways = history(
        shape(price=TEXT),
        [within("box", rename("a", "b")), floor("price")],
        [remove("box", was=NullableType(box))],
    )
    assert ways.shapes[0] == shape(price=NUMBER, box=(old_box, None))
    tree = up(ways, {"price": -1, "box": {"a": 1}})
    assert tree["box"] == Typed(NullableType(box), {"b": 1})
    assert written(ways, tree)["box"].value == {"b": 1}


def test_what_is_kept_is_not_changed_by_the_steps_before() -> None:
    box = ObjectType(shape(b=NUMBER))
    ways = history(
        shape(box=TEXT),
        [within("box", rename("a", "b"))],
        [retype("box", was=box, up=lambda it: "box", down=lambda text: {"b": 0})],
    )
    tree = up(ways, {"box": {"a": 1}})
    assert down(ways, copied(tree)) == {"box": {"a": 1}}
    assert down(ways, tree) == {"box": {"a": 1}}


def test_what_a_function_gives_may_be_the_same_for_all_records() -> None:
    shared: list[str] = []
    ways = lineage(
        shape(tags=ListType(TEXT)), retype("tags", was=TEXT, up=lambda text: shared, down=lambda tags: "none")
    )
    up(ways, {"tags": "none"})["tags"].append("x")
    assert shared == []
    given = {"tags": ["x"]}
    lower = down(ways, given)
    lower[COMPLEMENT][0].kept["tags"].value.append("y")
    assert up(ways, {"tags": "none"}) == {"tags": []}
