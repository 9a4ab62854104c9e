"""The listed versions, bound to each other."""

from __future__ import annotations

import pytest

from tests.evolution.describing import NUMBER, TEXT, Plain, decode, down, history, raw, shape, up
from versioned_serde.errors import ConversionError, DeclarationError
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.steps.add import add
from versioned_serde.evolution.steps.remove import remove
from versioned_serde.evolution.steps.rename import rename
from versioned_serde.evolution.steps.retype import retype
from versioned_serde.evolution.version import Version
from versioned_serde.shape import FACTORY, ListType, NullableType
from versioned_serde.tree import Tree

WAYS = history(
    shape(name=TEXT, size=NUMBER),
    [rename("title", "label"), add("size", fill=0)],
    [rename("label", "name")],
    [remove("fax", was=NullableType(TEXT))],
)


def test_older_shapes_are_derived_from_the_newest() -> None:
    fax = (NullableType(TEXT), None)
    assert WAYS.shapes == [
        shape(title=TEXT, fax=fax),
        shape(label=TEXT, size=NUMBER, fax=fax),
        shape(name=TEXT, size=NUMBER, fax=fax),
        shape(name=TEXT, size=NUMBER),
    ]
    assert [each.names for each in WAYS.history] == [
        ("title", "fax"),
        ("label", "fax"),
        ("label", "size", "fax"),
        ("name", "size", "fax"),
        ("name", "size"),
    ]


def test_each_version_has_its_way_to_the_newest_and_back() -> None:
    forms: dict[int, Tree] = {
        1: {"title": "x"},
        2: {"label": "x", "size": 0},
        3: {"name": "x", "size": 0},
        4: {"name": "x", "size": 0},
    }
    for version, form in forms.items():
        assert up(WAYS, dict(form), version) == forms[4]
    assert down(WAYS, {"name": "x", "size": 5}, 2) == {"label": "x", "size": 5}


def test_only_the_versions_that_the_editor_did_not_know_are_filled() -> None:
    ways = history(shape(a=NUMBER, b=NUMBER), [add("a", fill=1)], [add("b", fill=lambda older: older["a"] + 1)])
    for reader, version, filled in ((1, 3, {"a": 1, "b": 2}), (1, 2, {"a": 1}), (3, 3, {}), (1, 1, {})):
        tree: Tree = {}
        ways.fill(tree, reader, version)
        assert tree == filled


def test_a_computed_default_is_filled_too_and_an_optional_attribute_is_not() -> None:
    ways = history(shape(a=(ListType(TEXT), FACTORY), b=(NUMBER, 0)), [add("a", fill=[]), add("b")])
    assert up(ways, {}) == {"a": []}


def test_the_steps_of_the_first_listed_version_serve_its_fill() -> None:
    ways = Lineage(3, shape(a=NUMBER), [[add("a", fill=1)]], Plain(), decode)
    tree: Tree = {}
    ways.fill(tree, 2, 3)
    assert tree == {"a": 1}
    assert (ways.first, ways.newest) == (3, 3)
    assert ways.shapes == [shape(a=NUMBER)]


def test_an_error_names_the_version_that_the_step_leads_to() -> None:
    with pytest.raises(DeclarationError) as refused:
        history(shape(a=NUMBER), [add("b")], [rename("b", "a")], [])
    assert refused.value.version == 2
    with pytest.raises(ConversionError) as failed:
        up(WAYS, {"title": "x", "label": raw("y")})
    assert (failed.value.version, failed.value.step) == (2, "rename('title', 'label')")


def test_a_function_of_a_step_may_change_what_it_is_given() -> None:
    def drained(items: list[str]) -> str:
        return items.pop()

    step = retype("a", was=TEXT, up=lambda text: [text], down=drained)
    ways = history(shape(a=(ListType(TEXT), ["x"])), [step])
    assert down(ways, {"a": ["y"]}) == {"a": "y"}
    assert ways.shapes == [shape(a=(TEXT, "x")), shape(a=(ListType(TEXT), ["x"]))]


def test_a_step_whose_functions_fail_on_its_defaults_is_refused() -> None:
    step = retype("a", was=NUMBER, up=lambda n: None, down=len, default=0)
    with pytest.raises(DeclarationError, match=r"fails on an attribute's default \(TypeError\)"):
        history(shape(a=(NullableType(TEXT), None)), [step])


def test_a_version_is_shown_as_it_was_declared() -> None:
    line = Version(3, add("note"), rename("a", "b"), codec="json", framing="envelope", checksum=False)
    assert repr(line) == "Version(3, add('note'), rename('a', 'b'), codec='json', framing='envelope', checksum=False)"
    assert repr(Version(2, min_reader=1)) == "Version(2, min_reader=1)"
