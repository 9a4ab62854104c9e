"""What each step does to a tree, up and down, by example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, down, lineage, raw, shape, up
from versioned_serde import Schema, Version
from versioned_serde.errors import ConversionError, DeclarationError
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.redefault import redefault
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.replace import replace
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    Attribute,
    Constant,
    ListType,
    NullableType,
    ObjectType,
    Shape,
)
from versioned_serde.tree import COMPLEMENT, Tree, Typed


def cents(text: str) -> int:
    return int(float(text) * 100)


PRICE: Callable[[], retype] = lambda: retype("price", was=NUMBER, up=lambda n: f"{n / 100:.2f}", down=cents)  # noqa: E731


def test_add_keeps_the_value_as_an_unknown_one_on_the_way_down() -> None:
    ways = lineage(shape(a=TEXT, note=(NullableType(TEXT), None)), add("note"))
    assert down(ways, {"a": "x", "note": "gift"}) == {"a": "x", "note": Typed(NullableType(TEXT), "gift")}
    assert up(ways, {"a": "x"}) == {"a": "x"}
    assert up(ways, {"a": "x", "note": raw("gift")}) == {"a": "x", "note": "gift"}


def test_add_fills_what_is_absent_and_never_overwrites() -> None:
    ways = lineage(shape(a=TEXT, b=TEXT), add("b", fill=lambda older: older["a"].upper()))
    assert up(ways, {"a": "x"}) == {"a": "x", "b": "X"}
    assert up(ways, {"a": "x", "b": Typed(TEXT, "kept")}) == {"a": "x", "b": "kept"}


def test_what_an_old_editor_left_out_is_filled() -> None:
    ways = lineage(shape(lines=ListType(ObjectType(shape(a=TEXT, b=TEXT)))), within("lines", add("b", fill="none")))
    tree: Tree = {"lines": [{"a": "x", "b": "y"}, {"a": "z"}]}
    ways.fill(tree, min_reader=1, version=2)
    assert tree == {"lines": [{"a": "x", "b": "y"}, {"a": "z", "b": "none"}]}


def test_remove_keeps_the_value_for_the_way_back() -> None:
    ways = lineage(shape(a=TEXT), remove("fax", was=NullableType(TEXT)))
    assert ways.shapes[0] == shape(a=TEXT, fax=(NullableType(TEXT), None))
    gone = up(ways, {"a": "x", "fax": "1"})
    assert gone == {"a": "x", "fax": Typed(NullableType(TEXT), "1")}
    assert down(ways, gone) == {"a": "x", "fax": "1"}
    assert down(ways, {"a": "x"}) == {"a": "x"}


def test_remove_gives_older_readers_what_they_require() -> None:
    ways = lineage(shape(a=TEXT), remove("fax", was=TEXT, fill="none"))
    assert down(ways, {"a": "x"}) == {"a": "x", "fax": "none"}


def test_remove_with_purge_really_drops() -> None:
    ways = lineage(shape(a=TEXT), remove("fax", was=NullableType(TEXT), purge=True))
    assert up(ways, {"a": "x", "fax": "1"}) == {"a": "x"}


def test_rename_moves_and_refuses_to_overwrite() -> None:
    ways = lineage(shape(buyer=TEXT), rename("customer", "buyer"))
    assert up(ways, {"customer": "ada"}) == {"buyer": "ada"}
    assert down(ways, {"buyer": "ada"}) == {"customer": "ada"}
    with pytest.raises(ConversionError, match="already holds as an unknown attribute"):
        up(ways, {"customer": "ada", "buyer": raw(1)})


def test_retype_without_loss_leaves_nothing() -> None:
    ways = lineage(shape(price=TEXT), PRICE())
    assert up(ways, {"price": 990}) == {"price": "9.90"}
    assert down(ways, {"price": "9.90"}) == {"price": 990}


def test_retype_keeps_what_it_loses_and_restores_it_whole() -> None:
    ways = lineage(shape(price=TEXT), PRICE())
    lower = down(ways, {"price": "9.905"})
    assert lower["price"] == 990
    assert COMPLEMENT in lower
    assert up(ways, lower) == {"price": "9.905"}


def test_retype_does_not_restore_over_a_change() -> None:
    ways = lineage(shape(price=TEXT), PRICE())
    lower = down(ways, {"price": "9.905"})
    lower["price"] = 500
    assert up(ways, lower) == {"price": "5.00"}


def test_redefault_writes_what_absence_means_out_on_both_ways() -> None:
    ways = lineage(shape(a=(NUMBER, 2)), redefault("a", was=1))
    assert up(ways, {}) == {"a": 1}
    assert down(ways, {}) == {"a": 2}
    ways = lineage(shape(a=(NUMBER, 2)), redefault("a", was=REQUIRED))
    assert down(ways, {}) == {"a": 2}


def test_replace_changes_all_that_is_declared_and_nothing_else() -> None:
    ways = lineage(
        shape(name=TEXT),
        replace(
            was=shape(first=TEXT, last=TEXT),
            up=lambda older: {"name": f"{older['first']} {older['last']}"},
            down=lambda newer: dict(zip(("first", "last"), newer["name"].split(" ", 1), strict=True)),
        ),
    )
    gift = raw(1)
    assert up(ways, {"first": "Ada", "last": "Lovelace", "gift": gift}) == {"name": "Ada Lovelace", "gift": gift}
    assert down(ways, {"name": "Ada Lovelace"}) == {"first": "Ada", "last": "Lovelace"}


def test_a_failing_function_is_named_with_its_place_and_without_the_value() -> None:
    ways = lineage(shape(lines=ListType(ObjectType(shape(price=TEXT)))), within("lines", PRICE()))
    with pytest.raises(ConversionError) as caught:
        down(ways, {"lines": [{"price": "9"}, {"price": "secret"}]})
    assert caught.value.path == "lines[1]"
    assert caught.value.version == 2
    assert "secret" not in str(caught.value)


def test_fills_and_defaults_are_never_shared_between_records() -> None:
    ways = lineage(shape(a=ListType(TEXT)), add("a", fill=[]))
    one, other = up(ways, {}), up(ways, {})
    one["a"].append("x")
    assert other == {"a": []}


def test_a_rename_lets_no_unknown_attribute_pass_for_the_renamed_one() -> None:
    ways = lineage(shape(buyer=(TEXT, "")), rename("customer", "buyer"))
    with pytest.raises(ConversionError, match="already holds as an unknown attribute"):
        up(ways, {"buyer": raw(5)})
    assert up(ways, {}) == {}


def test_null_is_not_passed_where_both_types_have_it() -> None:
    both = retype("a", was=NullableType(NUMBER), up=str, down=int)
    ways = lineage(shape(a=(NullableType(TEXT), None)), both)
    assert ways.shapes[0] == shape(a=(NullableType(NUMBER), None))
    assert up(ways, {"a": None}) == {"a": None}
    assert down(ways, {"a": None}) == {"a": None}
    assert up(ways, {}) == {}


def test_defaults_that_do_not_mean_each_other_are_written_out() -> None:
    ways = lineage(shape(a=(TEXT, "?")), retype("a", was=NUMBER, up=str, down=lambda text: 0, default=7))
    assert ways.shapes[0] == shape(a=(NUMBER, 7))
    assert up(ways, {})["a"] == "7"
    assert down(ways, {})["a"] == 0


def test_a_default_is_said_for_what_was_removed() -> None:
    for said, expected in (({"default": 5}, Constant(5)), ({"default": FACTORY}, FACTORY), ({"fill": 1}, REQUIRED)):
        assert lineage(shape(), remove("a", was=NUMBER, **said)).shapes[0].attributes[0].default == expected


def test_a_computed_default_is_always_written_like_none() -> None:
    for was, now in ((FACTORY, REQUIRED), (REQUIRED, FACTORY), (FACTORY, 2)):
        ways = lineage(shape(a=(NUMBER, now)), redefault("a", was=was))
        assert ways.history[0].attributes[0].default is was


def test_redefault_of_what_may_be_missing_is_refused() -> None:
    with pytest.raises(DeclarationError, match="cannot say what a newer record without the attribute means"):
        lineage(shape(a=(TEXT, ABSENT)), redefault("a", was="s"))


def test_a_failing_fill_is_named_without_the_value() -> None:
    ways = lineage(shape(a=TEXT, b=NUMBER), add("b", fill=lambda older: int(older["a"])))
    with pytest.raises(ConversionError, match=r"The fill of add\('b'\) failed with ValueError") as caught:
        up(ways, {"a": "secret"})
    assert "secret" not in str(caught.value)


def test_a_fill_may_change_what_it_is_shown_and_give_what_is_shared() -> None:
    shared: list[str] = []

    def fill(older: Tree) -> list[str]:
        older["a"].append("changed")
        return shared

    tree = up(lineage(shape(a=ListType(TEXT), b=ListType(TEXT)), add("b", fill=fill)), {"a": ["x"]})
    assert tree == {"a": ["x"], "b": []}
    tree["b"].append("y")
    assert shared == []


def test_defaults_that_are_written_out_are_not_shared() -> None:
    default: list[str] = []
    up(lineage(shape(a=(ListType(TEXT), ["x"])), redefault("a", was=default)), {})["a"].append("y")
    assert default == []


def test_within_takes_a_declared_shape() -> None:
    line = Shape("Line", (Attribute("sku", TEXT), Attribute("note", TEXT, ABSENT)))
    step = within(line, add("note"))
    assert repr(step) == "within(Line, add('note'))"
    order = Shape("Order", (Attribute("lines", ListType(ObjectType(line))),))
    first = Version(1, codec="json", framing="envelope")
    schema: Schema[Any] = Schema("order", order, first, Version(2, step), writes=2, keys={"lines": "sku"})
    assert [line.min_reader for line in schema.lines] == [1, 1]
    assert schema.lines[0].shape.attributes[0].type == ListType(ObjectType(line.without("note")))
