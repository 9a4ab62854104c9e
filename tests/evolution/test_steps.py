"""What each step does to a tree, up and down, by example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from versioned_serde.errors import ConversionError
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.redefault import redefault
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.replace import replace
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.widen_enum import widen_enum
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import (
    REQUIRED,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
)
from versioned_serde.tree import COMPLEMENT, Raw, Tree, Typed

TEXT, NUMBER = Scalar("str"), Scalar("int")
SIZES = EnumType(("s", "m", "l"))


class Plain:
    """Types are said as they are, and values are their own tree form."""

    def type(self, annotation: Any) -> Type:
        return ObjectType(annotation) if isinstance(annotation, Shape) else annotation

    def constant(self, type_: Type, value: Any) -> Any:
        return value


def shape(**attributes: Type | tuple[Type, Any]) -> Shape:
    def made(name: str, said: Type | tuple[Type, Any]) -> Attribute:
        if not isinstance(said, tuple):
            return Attribute(name, said)
        return Attribute(name, said[0], said[1] if isinstance(said[1], Default) else Constant(said[1]))

    return Shape("Order", tuple(made(name, said) for name, said in attributes.items()))


def lineage(newest: Shape, *steps: Step) -> Lineage:
    return Lineage(1, newest, [(), steps], Plain(), lambda type_, raw: raw.data.decode())


def up(ways: Lineage, tree: Tree) -> Tree:
    ways.up(tree, 1)
    return tree


def down(ways: Lineage, tree: Tree) -> Tree:
    ways.down(tree, 1)
    return tree


def cents(text: str) -> int:
    return int(float(text) * 100)


PRICE: Callable[[], retype] = lambda: retype("price", was=NUMBER, up=lambda n: f"{n / 100:.2f}", down=cents)  # noqa: E731


def test_add_keeps_the_value_as_an_unknown_one_on_the_way_down() -> None:
    ways = lineage(shape(a=TEXT, note=(NullableType(TEXT), None)), add("note"))
    assert down(ways, {"a": "x", "note": "gift"}) == {"a": "x", "note": Typed(NullableType(TEXT), "gift")}
    assert up(ways, {"a": "x"}) == {"a": "x"}
    assert up(ways, {"a": "x", "note": Raw("json", b"gift")}) == {"a": "x", "note": "gift"}


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
        up(ways, {"customer": "ada", "buyer": Raw("json", b"1")})


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


def test_a_closed_enum_gives_older_readers_an_older_member() -> None:
    ways = lineage(shape(size=SIZES), widen_enum("size", "l", down={"l": "m"}))
    lower = down(ways, {"size": "l"})
    assert lower["size"] == "m"
    assert up(ways, lower) == {"size": "l"}
    assert down(ways, {"size": "s"}) == {"size": "s"}


def test_an_open_enum_is_left_alone() -> None:
    ways = lineage(shape(size=EnumType(("s", "m"), open=True)), widen_enum("size", "m"))
    assert down(ways, {"size": "m"}) == {"size": "m"}


def test_replace_changes_all_that_is_declared_and_nothing_else() -> None:
    ways = lineage(
        shape(name=TEXT),
        replace(
            was=shape(first=TEXT, last=TEXT),
            up=lambda older: {"name": f"{older['first']} {older['last']}"},
            down=lambda newer: dict(zip(("first", "last"), newer["name"].split(" ", 1), strict=True)),
        ),
    )
    gift = Raw("json", b"1")
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
