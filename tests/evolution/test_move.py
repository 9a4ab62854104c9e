"""An attribute in another object: absent and null objects, what is unknown in them, and edits in between."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.evolution.describing import NUMBER, TEXT, down, lineage, raw, sent, shape, up
from versioned_serde.errors import ConversionError, DeclarationError
from versioned_serde.evolution.complement import drop_stale
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.move import move
from versioned_serde.evolution.steps.rekey import rekey
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.steps.step import Step
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import FACTORY, ListType, MapType, NullableType, ObjectType, Scalar, Shape, Type
from versioned_serde.tree import COMPLEMENT, Tree, complement, copied, same

NOTE = (NullableType(TEXT), None)


def held(**attributes: Any) -> ObjectType:
    return ObjectType(shape(**attributes))


def perhaps(**attributes: Any) -> tuple[Type, Any]:
    return NullableType(held(**attributes)), None


CASES: dict[str, tuple[Shape, list[Step]]] = {
    "new, required": (shape(a=TEXT, to=held(b=TEXT, c=TEXT)), [move("b", "to.b"), move("c", "to.c")]),
    "new, with defaults": (shape(a=TEXT, to=held(b=NOTE, c=NOTE)), [move("b", "to.b"), move("old", "to.c")]),
    "new, perhaps null": (shape(a=TEXT, to=perhaps(b=NOTE, c=NOTE)), [move("b", "to.b"), move("old", "to.c")]),
    "new, null or not": (shape(a=TEXT, to=NullableType(held(b=NOTE))), [move("b", "to.b")]),
    "in": (shape(a=TEXT, to=held(b=TEXT, c=NOTE)), [move("b", "to.b")]),
    "in, perhaps null": (shape(a=TEXT, to=perhaps(b=NOTE, c=NOTE)), [move("b", "to.b")]),
    "out": (shape(b=TEXT, to=held(c=NOTE)), [move("to.old", "b")]),
    "out, perhaps null": (shape(b=NOTE, to=perhaps(c=NOTE)), [move("to.old", "b")]),
    "two out, perhaps null": (shape(a=NOTE, b=NOTE, to=perhaps(c=NOTE)), [move("to.x", "a"), move("to.y", "b")]),
    "out, gone": (shape(a=TEXT, b=NOTE), [move("to.x", "a"), move("to.y", "b")]),
    "from one to another": (shape(s=perhaps(c=NOTE), to=perhaps(d=NOTE, e=NOTE)), [move("s.e", "to.e")]),
    "from one that is gone to a new one": (shape(to=held(e=NOTE)), [move("s.e", "to.e")]),
    "a whole object": (shape(k=held(n=TEXT, to=held(s=TEXT))), [move("to", "k.to")]),
    "a whole object, changed": (
        shape(k=held(n=TEXT, to=held(s=TEXT))),
        [move("to", "k.to"), within("k.to", retype("s", was=NUMBER, up=str, down=len))],
    ),
    "deep": (shape(k=held(n=TEXT, to=held(s=TEXT, z=NOTE))), [move("z", "k.to.z")]),
    "deep, new": (shape(k=held(n=TEXT, to=held(z=NOTE))), [move("z", "k.to.z")]),
    "deep, gone": (shape(k=held(n=TEXT), z=NOTE), [move("k.to.old", "z")]),
    "beside others": (
        shape(a=TEXT, to=held(b=TEXT, c=NOTE)),
        [rename("old", "a"), move("x", "to.b"), within("to", rename("d", "c"))],
    ),
}


def trees(of: Shape) -> Iterator[Tree]:
    """Every valid tree with a few texts."""

    def values(type_: Type) -> list[Any]:
        match type_:
            case NullableType(inner=inner):
                return [None, *values(inner)]
            case ObjectType(shape=nested):
                return list(trees(nested))
            case _:
                return ["x", "yy"] if type_ == TEXT else [1]

    choices = [
        [*([None] if each.optional else []), *((each.name, value) for value in values(each.type))]
        for each in of.attributes
    ]
    for chosen in product(*choices):
        yield copied(dict(each for each in chosen if each is not None))


@pytest.mark.parametrize("case", CASES)
def test_there_and_back_exactly(case: str) -> None:
    """L3, presence and null included, and nothing wears off."""
    newest, steps = CASES[case]
    ways = lineage(newest, *steps)
    for of, there, back in ((ways.shapes[0], up, down), (newest, down, up)):
        for tree in trees(of):
            other = sent(there(ways, copied(tree)))
            came = back(ways, copied(other))
            assert same(came, tree), other
            assert same(sent(there(ways, came)), other)


def test_the_object_comes_with_what_is_moved_into_it() -> None:
    ways = lineage(CASES["new, required"][0], *CASES["new, required"][1])
    assert ways.shapes[0] == shape(a=TEXT, c=TEXT, b=TEXT)
    assert up(ways, {"a": "1", "b": "2", "c": "3"}) == {"a": "1", "to": {"b": "2", "c": "3"}}
    assert down(ways, {"a": "1", "to": {"b": "2", "c": "3"}}) == {"a": "1", "b": "2", "c": "3"}


def test_the_object_goes_with_what_is_moved_out_of_it() -> None:
    ways = lineage(CASES["out, gone"][0], *CASES["out, gone"][1])
    assert ways.shapes[0] == shape(to=held(y=NOTE, x=TEXT))
    assert up(ways, {"to": {"x": "1", "y": "2"}}) == {"a": "1", "b": "2"}


@pytest.mark.parametrize("case", ["new, required", "in", "two out, perhaps null", "out, gone"])
def test_what_is_unknown_stays_with_its_object(case: str) -> None:
    newest, steps = CASES[case]
    ways = lineage(newest, *steps)
    for of, there, back in ((ways.shapes[0], up, down), (newest, down, up)):
        for tree in trees(of):
            if type(tree.get("to")) is dict:
                tree["to"]["gift"] = raw("x")
            other = sent(there(ways, copied(tree)))
            assert same(back(ways, other), tree)


def test_a_value_takes_what_is_in_it_along() -> None:
    inner = held(s=TEXT)
    ways = lineage(
        shape(k=held(n=TEXT, to=inner)),
        move("to", "k.to"),
        within("k.to", retype("s", was=NUMBER, up=str, down=lambda text: int(text.split(".")[0]))),
    )
    lower = sent(down(ways, {"k": {"n": "a", "to": {"s": "1.5", "gift": raw(1)}}}))
    assert lower["to"]["s"] == 1
    drop_stale(lower, ways.shapes[0], ways.binding, lambda it: None)
    assert up(ways, lower) == {"k": {"n": "a", "to": {"s": "1.5", "gift": raw(1)}}}


def written(ways: Lineage, tree: Tree, *, newest: bool = False) -> Tree:
    """What a writer of the oldest version, or of the newest, makes of an edited tree, as it is read again."""
    drop_stale(tree, ways.shapes[-1 if newest else 0], ways.binding, lambda it: ways.down(it, 1) if newest else None)
    return sent(tree)  # type: ignore[no-any-return]


INTO = lineage(CASES["in, perhaps null"][0], *CASES["in, perhaps null"][1])
OUT = lineage(CASES["out, perhaps null"][0], *CASES["out, perhaps null"][1])


@pytest.mark.parametrize("nothing", [{}, {"to": None}], ids=str)
def test_an_object_that_was_made_for_the_value_is_gone_again(nothing: Tree) -> None:
    higher = up(INTO, {"a": "", "b": "x", **copied(nothing)})
    assert higher["to"]["b"] == "x"
    assert down(INTO, written(INTO, higher, newest=True)) == {"a": "", "b": "x", **nothing}


def test_unless_something_was_done_to_it() -> None:
    higher = sent(up(INTO, {"a": "", "b": "x"}))
    for to, expected in (
        ({"b": "y"}, {"a": "", "b": "y", "to": {}}),
        ({"b": "x", "c": "z"}, {"a": "", "b": "x", "to": {"c": "z"}}),
        ({}, {"a": "", "to": {}}),
        ({"b": "x", "gift": raw(1)}, {"a": "", "b": "x", "to": {"gift": raw(1)}}),
    ):
        edited = copied(higher)
        edited["to"] = {**to, COMPLEMENT: edited["to"][COMPLEMENT]}
        edited = written(INTO, edited, newest=True)
        edited["to"] = {"b": "x", **{name: item for name, item in edited["to"].items() if name in (COMPLEMENT, "gift")}}
        again = down(INTO, written(INTO, copied(edited), newest=True))
        assert COMPLEMENT not in edited["to"], "what was given up does not come back"
        assert "to" in again
        edited["to"] = to
        assert down(INTO, edited) == expected
    higher["to"] = None
    assert down(INTO, higher) == {"a": "", "to": None}


def test_an_old_editor_edits_the_value_where_it_was() -> None:
    lower = sent(down(INTO, {"a": "", "to": {"b": "x", "c": "z"}}))
    lower["b"] = "new"
    assert up(INTO, written(INTO, lower)) == {"a": "", "to": {"c": "z", "b": "new"}}
    lower = sent(down(OUT, {"b": "x"}))
    assert lower["to"]["old"] == "x"
    assert up(OUT, written(OUT, copied(lower))) == {"b": "x"}
    lower["to"]["old"] = "new"
    lower = written(OUT, lower)
    assert not complement(lower["to"])
    assert up(OUT, lower) == {"b": "new", "to": {}}


def test_an_old_editor_sets_what_was_absent() -> None:
    ways = lineage(CASES["new, perhaps null"][0], *CASES["new, perhaps null"][1])
    lower = sent(down(ways, {"a": "", "to": None}))
    assert lower == {"a": "", "to": raw(None)}
    lower["b"] = "new"
    assert up(ways, lower) == {"a": "", "to": {"b": "new"}}


def test_an_unknown_attribute_is_not_overwritten() -> None:
    ways = lineage(CASES["in"][0], *CASES["in"][1])
    for tree in ({"a": "", "b": "x", "to": {"b": raw(1)}}, {"a": "", "to": {"b": raw(1)}}):
        with pytest.raises(ConversionError, match="already holds as an unknown attribute") as caught:
            up(ways, tree)
        assert caught.value.path == "to"
    with pytest.raises(ConversionError, match="already holds as an unknown attribute") as caught:
        down(ways, {"a": "", "to": {"b": "x"}, "b": raw(1)})
    assert caught.value.path == ""
    ways = lineage(CASES["deep"][0], *CASES["deep"][1])
    with pytest.raises(ConversionError, match="already holds as an unknown attribute") as caught:
        up(ways, {"k": {"n": "", "to": {"s": "", "z": raw(1)}}})
    assert caught.value.path == "k.to"


def test_a_record_that_lacks_a_required_object_is_left_for_its_reader() -> None:
    ways = lineage(CASES["deep"][0], *CASES["deep"][1])
    assert up(ways, {"z": "x"}) == {"z": "x"}
    assert down(ways, {}) == {}


REFUSED: dict[str, tuple[Shape, list[Step], str]] = {
    "rename": (shape(b=TEXT), [move("a", "b")], "Use `rename`"),
    "same object": (shape(to=held(b=TEXT)), [move("to.a", "to.b")], r"Say .* with `within\('to', ...\)`"),
    "list": (shape(to=ListType(held(b=TEXT))), [move("b", "to.b")], "leads through `to`, which is not an object"),
    "no attribute": (shape(to=held(c=TEXT)), [move("b", "to.b")], "names `b`"),
    "no object": (shape(b=TEXT), [move("x.y.b", "b")], "names `x`"),
    "still there": (shape(b=TEXT, to=held(b=TEXT)), [move("b", "to.b")], "says that `b` is gone"),
    "required into null": (shape(to=perhaps(b=TEXT, c=TEXT)), [move("b", "to.b")], "always written, but `to` may be"),
    "computed into null": (
        shape(to=perhaps(b=(TEXT, FACTORY))),
        [move("b", "to.b")],
        "always written, but `to` may be",
    ),
    "required out of null": (shape(b=TEXT, to=perhaps(c=NOTE)), [move("to.b", "b")], "always written, but `to` may be"),
    "cannot be made": (shape(to=perhaps(b=NOTE, c=TEXT)), [move("b", "to.b")], "cannot make `to`"),
    "cannot be made on the way down": (shape(b=NOTE, to=perhaps(c=TEXT)), [move("to.b", "b")], "cannot make `to`"),
    "through null": (
        shape(k=perhaps(to=held(b=NOTE))),
        [move("b", "k.to.b")],
        "leads through `k`, which may be absent or null",
    ),
    "default": (shape(to=(held(b=NOTE), {"b": "x"})), [move("b", "to.b")], "whose default is an object"),
    "converted": (
        shape(to=held(b=TEXT, c=TEXT)),
        [move("b", "to.b"), within("to", retype("b", was=NUMBER, up=str, down=int))],
        r"both change the value of `to\.b` in one version",
    ),
    "converted before": (
        shape(to=held(b=TEXT, c=TEXT)),
        [retype("b", was=NUMBER, up=str, down=int), move("b", "to.b")],
        "both change the value of `b` in one version",
    ),
    "keys changed": (
        shape(to=held(b=MapType(TEXT), c=TEXT)),
        [move("b", "to.b"), within("to", rekey("b", up=str.upper, down=str.lower))],
        r"both change the value of `to\.b\[keys\]` in one version",
    ),
    "keys changed before": (
        shape(to=held(b=MapType(TEXT), c=TEXT)),
        [rekey("b", up=str.upper, down=str.lower), move("b", "to.b")],
        r"both change the value of `b\[keys\]` in one version",
    ),
    "keys changed, both within": (
        shape(lines=ListType(held(b=MapType(TEXT), to=held(c=TEXT)))),
        [within("lines", move("to.b", "b")), within("lines", rekey("b", up=str.upper, down=str.lower))],
        r"both change the value of `lines\.b\[keys\]` in one version",
    ),
    "made and changed": (
        shape(to=perhaps(b=NOTE, c=NOTE)),
        [within("to", remove("x", was=TEXT, fill="")), move("b", "to.b")],
        "both change the value of `to` in one version",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused(case: str) -> None:
    newest, steps, text = REFUSED[case]
    with pytest.raises(DeclarationError, match=text):
        lineage(newest, *steps)


def test_a_step_within_what_was_renamed_is_seen_as_the_same() -> None:
    """Overlap follows names through `within`."""
    inner = ListType(held(b=TEXT))
    steps = [
        within("lines", retype("a", was=NUMBER, up=str, down=int)),
        within("lines", rename("a", "b")),
        within("lines", retype("b", was=Scalar("bool"), up=str, down=bool)),
    ]
    with pytest.raises(DeclarationError, match=r"both change the value of `lines\.a` in one version"):
        lineage(shape(lines=inner), *steps)


def test_what_an_added_object_holds_beside_stays_as_it_is_known() -> None:
    ways = lineage(shape(to=held(b=TEXT, c=TEXT)), add("to", fill={"c": "none"}), move("b", "to.b"))
    assert ways.shapes[0] == shape(b=TEXT)
    assert up(ways, {"b": "x"}) == {"to": {"c": "none", "b": "x"}}
    assert up(ways, down(ways, {"to": {"b": "x", "c": "y"}})) == {"to": {"c": "y", "b": "x"}}


STATES: list[Any] = [None, {}, {"old": "x"}, {"old": "y"}, {"old": "x", "c": "z"}]


@pytest.mark.parametrize("nothing", [{}, {"to": None}], ids=str)
def test_in_no_history_of_edits_does_an_object_go_that_somebody_has_touched(nothing: Tree) -> None:
    """What the way down made for the value goes only while it holds that value, and always has."""
    for edits in product(STATES, repeat=3):
        lower = sent(down(OUT, {"b": "x", **copied(nothing)}))
        for edit in edits:
            # An editor keeps what it does not know in an object that it edits, and nothing of one that it replaces.
            known = lower["to"] or {}
            kept = {COMPLEMENT: known[COMPLEMENT]} if COMPLEMENT in known else {}
            lower["to"] = None if edit is None else {**edit, **kept}
            lower = written(OUT, lower)
        if all(edit == {"old": "x"} for edit in edits):
            expected = {"b": "x", **nothing}
        else:
            last = edits[-1]
            rest = None if last is None else {name: item for name, item in last.items() if name != "old"}
            expected = {"to": rest, **({"b": last["old"]} if last and "old" in last else {})}
        assert up(OUT, copied(lower)) == expected, edits
