"""An edit changes what the editor changed, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, raw, shape
from versioned_serde.errors import AmbiguousEditError
from versioned_serde.evolution.patch import Patch
from versioned_serde.shape import ListType, MapType, NullableType, ObjectType, Scalar, Shape, Type, UnionType
from versioned_serde.tree import COMPLEMENT, Entry, Tree

GIFT = raw("gift")
BOX = ObjectType(shape(id=NUMBER, name=(TEXT, "")))


def edited(type_: Type, base: Any, before: Any, after: Any, key: str | None = None) -> Any:
    """The value of an attribute `x` after an edit by comparison."""
    patch = Patch({} if key is None else {"x": key}, lambda node: None, lambda node: None)
    return patch.apply(shape(x=type_), {"x": base}, {"x": before}, {"x": after})["x"]


def object_edited(shape_: Shape, base: Tree, before: Tree, after: Tree) -> Tree:
    return Patch({}, lambda node: None, lambda node: None).apply(shape_, base, before, after)


def test_the_unknown_stays_at_every_level() -> None:
    entry = [Entry("2.0", "down", {}, {})]
    base = {"id": 1, "gift": GIFT, COMPLEMENT: entry}
    assert edited(BOX, base, {"id": 1}, {"id": 2}) == {"id": 2, "gift": GIFT, COMPLEMENT: entry}
    order = shape(a=NUMBER, box=BOX)
    result = object_edited(
        order, {"a": 1, "box": base, "b": GIFT}, {"a": 1, "box": {"id": 1}}, {"a": 2, "box": {"id": 1}}
    )
    assert result == {"a": 2, "box": base, "b": GIFT}


@pytest.mark.parametrize(
    ("base", "before", "after", "result"),
    [
        ({}, {"a": 0}, {"a": 0}, {}),  # absent, shown as its default
        ({}, {"a": 0}, {"a": 1}, {"a": 1}),
        ({}, {}, {"a": 0}, {"a": 0}),  # set to its default
        ({"a": 1}, {"a": 1}, {}, {}),
        ({"a": 1}, {"a": 1}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": None}, {"a": 1}, {"a": 1}),
        ({"a": None}, {"a": None}, {}, {}),
        ({"a": 7}, {}, {}, {"a": 7}),  # not shown at all
    ],
)
def test_absent_null_and_default_are_three_things(base: Tree, before: Tree, after: Tree, result: Tree) -> None:
    assert object_edited(shape(a=(NullableType(NUMBER), 0)), base, before, after) == result


def test_what_the_model_made_of_a_value_is_no_edit() -> None:
    assert object_edited(shape(a=TEXT, b=TEXT), {"a": " x ", "b": "1"}, {"a": "x", "b": "1"}, {"a": "x", "b": "2"}) == {
        "a": " x ",
        "b": "2",
    }
    assert edited(ListType(TEXT), [" x "], ["x"], ["x"]) == [" x "]
    assert edited(ListType(TEXT), [" x "], ["x"], ["x", "y"]) == ["x", "y"]


def test_an_object_that_was_null_in_between_is_another_one() -> None:
    box = NullableType(BOX)
    base = {"id": 1, "gift": GIFT}
    assert edited(box, base, {"id": 1}, {"id": 2}) == {"id": 2, "gift": GIFT}
    assert edited(box, base, {"id": 1}, None) is None
    assert edited(box, None, None, {"id": 1}) == {"id": 1}


def test_another_arm_of_a_union_is_another_object() -> None:
    one, other = ObjectType(shape(kind=TEXT, id=NUMBER)), ObjectType(shape(kind=TEXT))
    union = UnionType("kind", (("a", one), ("b", one), ("c", other)))
    base = {"kind": "a", "id": 1, "gift": GIFT}
    before = {"kind": "a", "id": 1}
    assert edited(union, base, before, {"kind": "a", "id": 2}) == {"kind": "a", "id": 2, "gift": GIFT}
    assert edited(union, base, before, {"kind": "b", "id": 1}) == {"kind": "b", "id": 1, "gift": GIFT}
    assert edited(union, base, before, {"kind": "c"}) == {"kind": "c"}


def test_values_of_a_map_go_by_their_keys() -> None:
    base = {"a": {"id": 1, "gift": GIFT}, "b": {"id": 2, "gift": GIFT}}
    before = {"a": {"id": 1}, "b": {"id": 2}}
    after = {"b": {"id": 3}, "c": {"id": 1}}
    assert edited(MapType(BOX), base, before, after) == {"b": {"id": 3, "gift": GIFT}, "c": {"id": 1}}


def test_a_map_that_the_model_alone_changed_stays_as_it_is() -> None:
    base = {"a": {"id": 1, "gift": GIFT}, "hidden": {"id": 2}}
    assert edited(MapType(BOX), base, {"a": {"id": 1}}, {"a": {"id": 1}}) is base


def test_elements_take_what_is_unknown_with_them() -> None:
    base = [{"id": 1, "gift": GIFT}, {"id": 2}]
    before = [{"id": 1}, {"id": 2}]
    moved = [{"id": 2}, {"id": 3}, {"id": 1, "name": "x"}]
    with pytest.raises(AmbiguousEditError) as caught:
        edited(ListType(BOX), base, before, moved)
    assert caught.value.path == "x"
    assert edited(ListType(BOX), base, before, moved, "id") == [
        {"id": 2},
        {"id": 3},
        {"id": 1, "name": "x", "gift": GIFT},
    ]
    assert edited(ListType(BOX), base, before, moved[:2] + before[:1]) == [{"id": 2}, {"id": 3}, base[0]]


def test_elements_that_are_the_same_object_in_memory_are_the_same_element() -> None:
    base = [{"id": 1, "gift": GIFT}, {"id": 2}]
    before, after = [{"id": 1}, {"id": 2}], [{"id": 9}, {"id": 8}]
    first, second = object(), object()
    owners = {id(before[0]): first, id(before[1]): second, id(after[0]): second, id(after[1]): first}
    patch = Patch({}, lambda node: owners.get(id(node)), lambda node: owners.get(id(node)))
    result = patch.apply(shape(x=ListType(BOX)), {"x": base}, {"x": before}, {"x": after})
    assert result == {"x": [{"id": 9}, {"id": 8, "gift": GIFT}]}


def test_lists_within_lists_and_the_path_of_an_error() -> None:
    grid = ListType(ListType(NullableType(BOX)))
    base = [[{"id": 1, "gift": GIFT}, None], []]
    before = [[{"id": 1}, None], []]
    assert edited(grid, base, before, [[], [{"id": 1}, None]]) == [[], base[0]]
    inner = ObjectType(shape(id=NUMBER, parts=MapType(ListType(BOX))))
    held = [{"id": 1, "parts": {}}, {"id": 2, "parts": {"p": [{"id": 5, "gift": GIFT}]}}]
    shown = [{"id": 1, "parts": {}}, {"id": 2, "parts": {"p": [{"id": 5}]}}]
    with pytest.raises(AmbiguousEditError) as caught:
        edited(ListType(inner), held, shown, [shown[0], {"id": 2, "parts": {"p": [{"id": 6}]}}], "id")
    assert caught.value.path == "x[1].parts[*]"


@pytest.mark.parametrize("container", ["list", "set"])
def test_a_list_that_the_model_thinned_out(container: Any) -> None:
    boxes = ListType(BOX, container)
    base, before = [{"id": 1, "gift": GIFT}, {"id": 1}], [{"id": 1}]
    assert edited(boxes, base, before, [{"id": 1}]) is base
    assert edited(boxes, [{"id": 1}, {"id": 1}], before, [{"id": 2}]) == [{"id": 2}]
    with pytest.raises(AmbiguousEditError, match="does not show the list as it is in the record"):
        edited(boxes, base, before, [{"id": 2}])


def test_a_set_is_shown_in_another_order_and_goes_by_its_key() -> None:
    boxes = ListType(BOX, "set")
    base = [{"id": 2, "gift": GIFT}, {"id": 1}]
    before = [{"id": 1}, {"id": 2}]
    after = [{"id": 1}, {"id": 2, "name": "x"}]
    assert edited(boxes, base, before, before, "id") is base
    assert edited(boxes, base, before, after, "id") == [{"id": 1}, {"id": 2, "name": "x", "gift": GIFT}]
    with pytest.raises(AmbiguousEditError):
        edited(boxes, base, before, after)


def test_the_read_record_is_not_changed() -> None:
    base: Tree = {"x": {"id": 1, "gift": GIFT}}
    type_ = shape(x=BOX, y=(Scalar("str"), ""))
    result = object_edited(type_, base, {"x": {"id": 1}}, {"x": {"id": 2}, "y": "new"})
    assert result == {"x": {"id": 2, "gift": GIFT}, "y": "new"}
    assert base == {"x": {"id": 1, "gift": GIFT}}
