"""Steps of recursive models: each step, at every level, there and back, by whichever way the levels are reached."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, down, history, lineage, raw, sent, shape, up
from versioned_serde import add, redefault, remove, rename, replace, retype, widen_enum, within
from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.steps.step import Step
from versioned_serde.shape import (
    ABSENT,
    REQUIRED,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import COMPLEMENT, Raw, Typed, complement, objects


class Node:
    """Stands for a model."""


class Branch:
    """Another one."""


LEVEL = RecursiveType("Node")
KIDS: tuple[Type, list[Any]] = (ListType(LEVEL), [])


def node(model: Any = Node, /, **attributes: Type | tuple[Type, Any]) -> Shape:
    made = shape(model, **attributes)
    return Shape("Node", made.attributes, model)


def tree(**values: list[Any]) -> dict[str, Any]:
    """Three levels, each with its value of each attribute."""
    inner = {name: value[2] for name, value in values.items()}
    middle = {**{name: value[1] for name, value in values.items()}, "kids": [inner, deepcopy(inner)]}
    return {**{name: value[0] for name, value in values.items()}, "kids": [middle]}


STEPS: dict[str, tuple[Shape, Step, dict[str, Any], dict[str, Any]]] = {
    "add": (
        node(name=TEXT, note=(TEXT, "-"), kids=KIDS),
        add("note"),
        tree(name=list("abc")),
        tree(name=list("abc")),
    ),
    "add with a fill from what is around": (
        node(name=TEXT, size=NUMBER, kids=KIDS),
        add("size", fill=lambda old: 1 + sum(each["size"] for each in old.get("kids", []))),
        tree(name=list("abc")),
        tree(name=list("abc"), size=[4, 3, 1]),
    ),
    "remove": (
        node(name=TEXT, kids=KIDS),
        remove("fax", was=NUMBER, fill=7),
        tree(name=list("abc"), fax=[7, 7, 7]),
        tree(name=list("abc")),
    ),
    "rename": (
        node(name=TEXT, kids=KIDS),
        rename("nm", "name"),
        tree(nm=list("abc")),
        tree(name=list("abc")),
    ),
    "retype": (
        node(n=TEXT, kids=KIDS),
        retype("n", was=NUMBER, up=lambda n: str(n // 10), down=lambda n: int(n) * 10),
        tree(n=[10, 20, 30]),
        tree(n=["1", "2", "3"]),
    ),
    "redefault": (
        node(n=(NUMBER, 1), kids=KIDS),
        redefault("n", was=0),
        tree(n=[0, 0, 0]),
        tree(n=[0, 0, 0]),
    ),
    "widen_enum": (
        node(c=EnumType(("r", "g", "b")), kids=KIDS),
        widen_enum("c", "b", down={"b": "g"}),
        tree(c=["r", "g", "g"]),
        tree(c=["r", "g", "g"]),
    ),
    "replace": (
        node(a=NUMBER, b=NUMBER, kids=KIDS),
        replace(
            was=Shape("Old", (Attribute("ab", TEXT), Attribute("kids", ListType(RecursiveType("Old")), Constant([])))),
            up=lambda old: dict(zip("ab", map(int, old["ab"].split()), strict=True)),
            down=lambda new: {"ab": f"{new['a']} {new['b']}"},
        ),
        tree(ab=["1 2", "3 4", "5 6"]),
        tree(a=[1, 3, 5], b=[2, 4, 6]),
    ),
}


def values_of(value: Any) -> Any:
    """What is declared: without what is kept for other versions."""
    if isinstance(value, dict):
        kept = {name for name, item in value.items() if name == COMPLEMENT or isinstance(item, Raw | Typed)}
        return {name: values_of(item) for name, item in value.items() if name not in kept}
    return [values_of(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", STEPS)
def test_each_level_goes_up_and_down(name: str) -> None:
    newest, step, old, new = STEPS[name]
    ways = lineage(newest, step)
    assert ways.shapes[0].recursive
    assert values_of(up(ways, deepcopy(old))) == new
    back = down(ways, deepcopy(new))
    assert values_of(up(ways, sent(back))) == new


def test_what_each_level_loses_is_kept_there() -> None:
    newest, step, _, _ = STEPS["retype"]
    ways = lineage(newest, step)
    old = tree(n=[11, 22, 33])
    there = up(ways, deepcopy(old))
    assert [len(complement(each)) for each in objects(there) if "n" in each] == [1, 1, 1, 1]
    assert down(ways, deepcopy(there)) == old
    again = sent(there)
    again["kids"][0]["n"] = "9"  # one level is edited: what was lost there is gone, and only that
    lowered = down(ways, again)
    assert (lowered["n"], lowered["kids"][0]["n"], lowered["kids"][0]["kids"][1]["n"]) == (11, 90, 33)


def test_an_attribute_in_which_the_levels_are_comes() -> None:
    ways = lineage(node(name=TEXT, kids=KIDS), add("kids"))
    assert not ways.shapes[0].recursive
    new = {"name": "a", "kids": [{"name": "b", "kids": [{"name": "c"}]}]}
    old = down(ways, deepcopy(new))
    assert [*old] == ["name", "kids"]
    assert up(ways, sent(old)) == new


def test_an_attribute_in_which_the_levels_were_goes() -> None:
    was = ObjectType(node(name=TEXT))
    ways = lineage(node(name=TEXT), remove("kids", was=ListType(was), default=[]))
    kids = ways.shapes[0].get("kids")
    assert kids is not None
    assert kids.type == ListType(LEVEL)
    old = {"name": "a", "kids": [{"name": "b", "kids": [{"name": "c", "kids": []}]}]}
    assert down(ways, sent(up(ways, deepcopy(old)))) == old


def test_levels_are_renamed_with_the_attribute_in_which_they_are() -> None:
    ways = lineage(node(name=TEXT, kids=KIDS), rename("children", "kids"), rename("nm", "name"))
    old = {"nm": "a", "children": [{"nm": "b", "children": [{"nm": "c"}]}]}
    new = {"name": "a", "kids": [{"name": "b", "kids": [{"name": "c"}]}]}
    assert up(ways, deepcopy(old)) == new
    assert down(ways, new) == old


@pytest.mark.parametrize(
    ("type_", "made"),
    [
        (NullableType(LEVEL), lambda inner: inner),
        (ListType(NullableType(LEVEL)), lambda inner: [None, inner]),
        (MapType(ListType(LEVEL)), lambda inner: {"x": [inner]}),
    ],
)
def test_levels_are_found_through_every_type(type_: Type, made: Any) -> None:
    ways = lineage(node(name=TEXT, inner=(type_, ABSENT)), rename("nm", "name"))
    old = {"nm": "a", "inner": made({"nm": "b", "inner": made({"nm": "c"})})}
    new = up(ways, deepcopy(old))
    assert new == {"name": "a", "inner": made({"name": "b", "inner": made({"name": "c"})})}
    assert down(ways, new) == old


SUM = Shape(
    "Node",
    (
        Attribute("kind", EnumType(("sum",))),
        Attribute("name", TEXT),
        Attribute(
            "of",
            UnionType(
                "kind",
                (("sum", LEVEL), ("num", ObjectType(shape(None, kind=EnumType(("num",)), value=NUMBER)))),
            ),
        ),
    ),
    Node,
)


def test_levels_are_found_through_a_union() -> None:
    ways = lineage(SUM, rename("nm", "name"))
    old = {"kind": "sum", "nm": "a", "of": {"kind": "sum", "nm": "b", "of": {"kind": "num", "value": 1}}}
    new = {"kind": "sum", "name": "a", "of": {"kind": "sum", "name": "b", "of": {"kind": "num", "value": 1}}}
    assert up(ways, deepcopy(old)) == new
    assert down(ways, new) == old


def test_no_step_changes_what_tells_the_arm_of_another_level_apart() -> None:
    with pytest.raises(DeclarationError, match="`kind` tells the arms of a union apart"):
        lineage(SUM, rename("type", "kind"))
    with pytest.raises(DeclarationError, match="`kind` tells the arms of a union apart"):
        lineage(SUM, within("of", rename("type", "kind")))


# Levels through other objects, and steps of those

BRANCH = Shape("Branch", (Attribute("label", TEXT), Attribute("nodes", ListType(LEVEL), Constant([]))), Branch)
RING = node(name=TEXT, branch=(NullableType(ObjectType(BRANCH)), None))
PAGE = shape(None, title=TEXT, root=ObjectType(RING), other=(NullableType(ObjectType(RING)), None))


def ring(name: str, label: str) -> dict[str, Any]:
    """A value of RING, by the names that its attributes have."""
    inner = {name: "c", "branch": {label: "z", "nodes": []}}
    return {name: "a", "branch": {label: "x", "nodes": [{name: "b", "branch": {label: "y", "nodes": [inner]}}]}}


@pytest.mark.parametrize("place", ["branch", Branch])
def test_steps_of_an_object_between_two_levels(place: Any) -> None:
    ways = lineage(RING, within(place, rename("lb", "label")), rename("nm", "name"))
    assert up(ways, ring("nm", "lb")) == ring("name", "label")
    assert down(ways, ring("name", "label")) == ring("nm", "lb")


@pytest.mark.parametrize("place", ["root.branch", Branch])
def test_steps_of_an_object_between_two_levels_of_a_nested_one(place: Any) -> None:
    ways = lineage(PAGE, within(place, rename("lb", "label")))
    old, new = ({"title": "t", "root": ring("name", label)} for label in ("lb", "label"))
    assert up(ways, deepcopy(old)) == new
    assert down(ways, new) == old


def test_what_leads_to_the_next_level_changes_with_the_step() -> None:
    ways = lineage(PAGE, within("root.branch", rename("leaves", "nodes"), rename("lb", "label")))
    inner = {"name": "b", "branch": {"lb": "y", "leaves": []}}
    old = {"title": "t", "root": {"name": "a", "branch": {"lb": "x", "leaves": [inner]}}}
    new = up(ways, deepcopy(old))
    assert new["root"]["branch"]["nodes"][0]["branch"] == {"label": "y", "nodes": []}
    assert down(ways, new) == old


@pytest.mark.parametrize("place", ["root", Node])
def test_steps_of_a_nested_recursive_object(place: Any) -> None:
    ways = lineage(PAGE, within(place, rename("nm", "name"), within("branch", rename("lb", "label"))))
    old, new = ({"title": "t", "root": ring(*names)} for names in (("nm", "lb"), ("name", "label")))
    assert up(ways, deepcopy(old)) == new
    assert down(ways, new) == old


def test_a_lossy_step_between_two_levels() -> None:
    shorter = retype("label", was=NUMBER, up=lambda n: str(n % 10), down=int)
    ways = lineage(PAGE, within(Branch, shorter))
    old = {"title": "t", "root": ring("name", "label")}
    for number, each in enumerate(each for each in objects(old) if "label" in each):
        each["label"] = 10 * number + 13
    assert down(ways, sent(up(ways, deepcopy(old)))) == old


def test_a_removed_attribute_of_a_model_that_is_around_its_place() -> None:
    """`was` names the class of an object around: that object as it was then, at every level."""
    was = NullableType(ObjectType(RING))
    ways = lineage(RING, within("branch", remove("owner", was=was)), rename("nm", "name"))
    owner = dict(ways.shapes[0].get("branch").type.inner.shape._by_name)["owner"]  # type: ignore[union-attr]
    assert owner.type == NullableType(LEVEL)
    old = ring("nm", "label")
    old["branch"]["owner"] = ring("nm", "label")
    new = up(ways, deepcopy(old))
    assert new["branch"]["nodes"][0]["name"] == "b"
    assert down(ways, sent(new)) == old


def test_a_class_means_its_form_at_that_version_outside_of_itself_too() -> None:
    spare = remove("spare", was=NullableType(ObjectType(RING)))
    ways = history(PAGE, [spare], [within(Node, rename("nm", "name"), within(Branch, rename("lb", "label")))])
    attribute = ways.shapes[0].get("spare")
    root = ways.shapes[0].get("root")
    assert attribute is not None
    assert root is not None
    assert attribute.type == NullableType(root.type)
    old = {"title": "t", "root": ring("nm", "lb"), "spare": ring("nm", "lb")}
    new = up(ways, deepcopy(old))
    assert new["root"] == ring("name", "label")
    assert down(ways, sent(new)) == old


def test_several_versions() -> None:
    ways = history(
        node(name=TEXT, n=TEXT, kids=KIDS),
        [add("n", fill="0")],
        [rename("nm", "name")],
        [rename("children", "kids"), remove("fax", was=NUMBER, fill=0)],
    )
    old = {"nm": "a", "fax": 1, "children": [{"nm": "b", "fax": 2, "children": [{"nm": "c", "fax": 3}]}]}
    new = up(ways, deepcopy(old))
    assert values_of(new)["kids"][0]["kids"][0]["n"] == "0"
    assert sent(down(ways, sent(new))) == sent({**old, **_with("n", "0", old)})


def _with(name: str, value: Any, told: dict[str, Any]) -> dict[str, Any]:
    return {
        **told,
        name: raw(value),
        **({"children": [_with(name, value, each) for each in told["children"]]} if "children" in told else {}),
    }


def test_an_old_editor_s_record_is_filled_at_every_level() -> None:
    ways = lineage(node(name=TEXT, n=NUMBER, kids=KIDS), add("n", fill=5))
    told = {"name": "a", "n": 1, "kids": [{"name": "b", "kids": [{"name": "c"}]}]}
    ways.fill(told, 1, 2)
    assert told == {"name": "a", "n": 1, "kids": [{"name": "b", "n": 5, "kids": [{"name": "c", "n": 5}]}]}


# What is refused


@pytest.mark.parametrize(
    ("newest", "step", "problem"),
    [
        (node(name=TEXT, kids=KIDS), within("kids", rename("nm", "name")), "they hold at every level"),
        (node(name=TEXT, kids=KIDS), within("kids.kids", rename("nm", "name")), "they hold at every level"),
        (node(name=TEXT, kids=KIDS), within(Node, rename("nm", "name")), "they hold at every level"),
        (node(name=TEXT, kids=KIDS), within(Branch, rename("nm", "name")), "finds no such object"),
        (PAGE, within("root.branch.nodes", rename("nm", "name")), "they hold at every level"),
        (
            node(name=TEXT, kids=KIDS),
            retype("kids", was=NullableType(ObjectType(node(name=TEXT))), up=list, down=list, default=None),
            "computes `kids`, which holds objects like one that it is in",
        ),
        (
            node(name=TEXT, kid=NUMBER),
            retype("kid", was=NullableType(ObjectType(node(name=TEXT))), up=int, down=lambda _: None),
            "computes `kid`, which holds objects like one that it is in",
        ),
        (
            node(name=TEXT, kids=KIDS),
            replace(was=Shape("Old", (Attribute("nm", TEXT),)), up=dict, down=dict),
            "changes an attribute that holds objects like one that it is in",
        ),
        (node(name=TEXT, kids=KIDS), replace(was=node(name=TEXT), up=dict, down=dict), "changes nothing"),
        (
            node(name=TEXT, kid=(LEVEL, ABSENT)),
            redefault("kid", was=REQUIRED),
            "cannot say what a newer record without the attribute means",
        ),
        (
            node(name=TEXT, kid=NullableType(LEVEL)),
            retype("name", was=ObjectType(node(name=TEXT)), up=str, down=str),
            "requires another|computes `name`",
        ),
    ],
)
def test_what_cannot_hold_at_every_level_is_refused(newest: Shape, step: Step, problem: str) -> None:
    with pytest.raises(DeclarationError, match=problem):
        lineage(newest, step)
