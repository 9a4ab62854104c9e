"""Places: which objects of a shape and of a tree a step is about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, down, lineage, raw, shape, up
from versioned_serde.errors import ConversionError, DeclarationError, PayloadError
from versioned_serde.evolution.path import Place, as_in, first_reused, mapped, objects_at, paths, shapes_at
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.replace import replace
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.within import within
from versioned_serde.evolution.visits import visits
from versioned_serde.shape import ListType, MapType, NullableType, ObjectType, Shape, UnionType
from versioned_serde.tree import Tree, Typed


class Box:
    pass


class Card:
    pass


BOX = ObjectType(shape(Box, w=NUMBER))
CARD = ObjectType(shape(Card, kind=TEXT, box=BOX))
CASH = ObjectType(shape(kind=TEXT, sum=NUMBER))
ORDER = shape(
    a=NUMBER,
    lines=ListType(ObjectType(shape(box=NullableType(BOX), parts=MapType(BOX)))),
    pay=UnionType("kind", (("visa", CARD), ("amex", CARD), ("cash", CASH))),
)
TREE: Tree = {
    "a": 1,
    "lines": [{"box": {"w": 1}, "parts": {"x": {"w": 2}, "y": {"w": 3}}}, {"box": None, "parts": {}}],
    "pay": {"kind": "amex", "box": {"w": 4}},
}


def seen(place: Place, tree: Tree) -> list[Any]:
    found: list[Any] = []
    visits(ORDER, place, lambda: found.append)(tree)
    return found


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("lines", TREE["lines"]),
        ("lines.box", [{"w": 1}]),
        ("lines.parts", [{"w": 2}, {"w": 3}]),
        ("pay", [TREE["pay"]]),
        ("pay.box", [{"w": 4}]),
        (Box, [{"w": 1}, {"w": 2}, {"w": 3}, {"w": 4}]),
        (Card, [TREE["pay"]]),
        ("a", []),
        ("box", []),
        (str, []),
    ],
)
def test_a_place_is_gone_to_through_lists_maps_nulls_and_unions(place: Place, expected: list[Any]) -> None:
    assert seen(place, TREE) == expected
    assert bool(shapes_at(ORDER, place)) is bool(expected)
    assert {id(nested) for _, nested in objects_at(ORDER, place)} == {id(nested) for nested in shapes_at(ORDER, place)}


def test_what_is_absent_null_undeclared_or_of_another_arm_is_not_visited() -> None:
    assert seen(Box, {}) == []
    assert seen(Box, {"pay": {"kind": "cash", "box": {"w": 1}}}) == []
    assert seen(Box, {"pay": {"kind": "cheque", "box": {"w": 1}}}) == []
    assert seen("lines", {"lines": raw([{}])}) == []
    assert seen("lines", {"lines": Typed(None, [{}])}) == []


def test_each_place_is_visited_in_its_own_form() -> None:
    forms = iter(("line", "part", "arm"))
    found: list[Any] = []

    def each() -> Any:
        form = next(forms)
        return lambda tree: found.append((form, tree["w"]))

    one_tag = shape(lines=ORDER.attributes[1].type, pay=UnionType("kind", (("amex", CARD), ("cash", CASH))))
    visits(one_tag, Box, each)(TREE)
    assert found == [("line", 1), ("part", 2), ("part", 3), ("arm", 4)]


def test_a_change_is_made_at_the_place_alone() -> None:
    wide = ObjectType(shape(v=NUMBER))
    changed = mapped(ORDER, "lines.box", lambda _, around: wide.shape)
    assert changed == shape(
        a=NUMBER,
        lines=ListType(ObjectType(shape(box=NullableType(wide), parts=MapType(BOX)))),
        pay=ORDER.attributes[2].type,
    )
    assert mapped(ORDER, "nowhere", lambda _, around: wide.shape) == ORDER
    assert shapes_at(mapped(ORDER, Box, lambda _, around: wide.shape), "pay.box") == [wide.shape, wide.shape]


def test_an_attribute_that_came_back_is_found_by_its_path() -> None:
    def order(**line: Any) -> Shape:
        return shape(lines=ListType(ObjectType(shape(**line))))

    assert list(dict(paths(order(a=NUMBER, b=BOX)))) == ["lines", "lines.a", "lines.b", "lines.b.w"]
    assert first_reused([order(a=NUMBER), order(b=NUMBER), order(a=NUMBER, b=NUMBER)]) == "lines.a"
    assert first_reused([order(a=NUMBER), order(a=TEXT), order(b=NUMBER)]) is None
    assert first_reused([]) is None


def test_a_class_means_the_form_that_it_has_in_the_shape() -> None:
    newest = ListType(ObjectType(shape(Box, v=NUMBER)))
    assert as_in(ORDER, newest) == ListType(BOX)
    assert as_in(ORDER, CASH) == CASH


def test_a_class_that_has_two_forms_in_the_shape_means_neither() -> None:
    changed = mapped(ORDER, "lines.box", lambda box, around: shape(Box, v=NUMBER))
    with pytest.raises(DeclarationError, match="`Box` has 2 forms at that version"):
        as_in(changed, ListType(BOX))
    assert as_in(changed, CASH) == CASH


# within -------------------------------------------------------------------------------------------------------------


def test_one_step_changes_a_shared_class_in_each_of_its_places() -> None:
    ways = lineage(ORDER, within(Box, rename("width", "w")))
    assert down(ways, {"lines": [{"box": {"w": 1}, "parts": {"x": {"w": 2}}}], "pay": {"kind": "visa", "box": {}}}) == {
        "lines": [{"box": {"width": 1}, "parts": {"x": {"width": 2}}}],
        "pay": {"kind": "visa", "box": {}},
    }


def test_a_shared_class_can_be_replaced_and_goes_on_naming_its_objects() -> None:
    old = shape(Card, width=TEXT)
    step = within(Box, replace(was=old, up=lambda it: {"w": int(it["width"])}, down=lambda it: {"width": str(it["w"])}))
    ways = lineage(shape(box=BOX), step)
    assert ways.shapes[0] == shape(box=ObjectType(old))
    assert up(ways, {"box": {"width": "3"}}) == {"box": {"w": 3}}
    assert down(ways, {"box": {"w": 3}}) == {"box": {"width": "3"}}
    assert shapes_at(ways.shapes[0], Box) == [old]
    assert not step.keeps_min_reader([ways.shapes[0]])


def test_steps_within_are_in_turn_and_within_each_other() -> None:
    newest = shape(lines=ListType(ObjectType(shape(box=BOX))))
    ways = lineage(newest, within("lines", within("box", rename("a", "b"), rename("b", "w"))))
    assert ways.shapes[0] == shape(lines=ListType(ObjectType(shape(box=ObjectType(shape(a=NUMBER))))))
    assert up(ways, {"lines": [{"box": {"a": 1}}]}) == {"lines": [{"box": {"w": 1}}]}
    assert down(ways, {"lines": [{"box": {"w": 1}}]}) == {"lines": [{"box": {"a": 1}}]}


@pytest.mark.parametrize("step", [rename("type", "kind"), retype("kind", was=NUMBER, up=str, down=int)])
def test_what_tells_the_arms_of_a_union_apart_does_not_change_within_one(step: Any) -> None:
    with pytest.raises(DeclarationError, match="`kind` tells the arms of a union apart") as caught:
        lineage(ORDER, within(Card, step))
    assert caught.value.version == 2


def test_an_error_says_where_it_happened() -> None:
    ways = lineage(ORDER, within(Box, add("w", fill=0)))
    with pytest.raises(PayloadError) as caught:
        up(ways, {"lines": [{}, {"parts": {"secret": {"w": raw("x")}}}]})
    assert (caught.value.path, caught.value.version) == ("lines[1].parts[*].w", 2)
    fails = within(Box, retype("w", was=TEXT, up=int, down=str))
    with pytest.raises(ConversionError) as failed:
        up(lineage(ORDER, fails), {"pay": {"kind": "visa", "box": {"w": "secret"}}})
    assert (failed.value.path, failed.value.version, failed.value.step) == ("pay.box", 2, "retype('w')")
    assert "secret" not in str(failed.value)
