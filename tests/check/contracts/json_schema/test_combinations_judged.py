"""Combinations, and references."""

from __future__ import annotations

from typing import Any

import pytest

from tests.check.contracts.json_schema.judged import DRAFT_4, DRAFT_7, DRAFT_2019, Pair, check, closed, object_of

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
NULL = {"type": "null"}


def tagged(*arms: tuple[str, dict[str, Any]], of: str = "oneOf") -> dict[str, Any]:
    """A union whose arms a property tells apart."""
    return {of: [object_of({"kind": {"const": kind}, "value": value}, "kind", "value") for kind, value in arms]}


def tree(value: dict[str, Any], of: str = "$defs", **more: Any) -> dict[str, Any]:
    kids = {"type": "array", "items": {"$ref": f"#/{of}/tree"}}
    return {"$ref": f"#/{of}/tree", of: {"tree": object_of({"value": value, "kids": kids}, "value", **more)}}


PAIRS = [
    # Combinations.
    Pair("all of one", {"allOf": [TEXT]}, "=", TEXT),
    Pair("all of two", {"allOf": [{"minimum": 1}, {"maximum": 2}]}, "=", {"minimum": 1, "maximum": 2}),
    Pair("all of what excludes itself", {"allOf": [TEXT, WHOLE]}, "=", False),
    Pair("any of a type and null", {"anyOf": [TEXT, NULL]}, "=", {"type": ["string", "null"]}),
    Pair("another order", {"anyOf": [TEXT, NULL]}, "=", {"anyOf": [NULL, TEXT]}),
    Pair("one alternative fewer", {"anyOf": [TEXT]}, "<", {"anyOf": [TEXT, NULL]}),
    Pair("an alternative within another", {"anyOf": [WHOLE, NUMBER]}, "=", NUMBER),
    Pair("any of nothing that can be", {"anyOf": [False, TEXT]}, "=", TEXT),
    Pair("one of two that are apart", {"oneOf": [TEXT, NULL]}, "=", {"anyOf": [TEXT, NULL]}),
    Pair("one of two that overlap", {"oneOf": [WHOLE, NUMBER]}, "=", {"type": "number", "not": WHOLE}),
    Pair("one of two that are the same", {"oneOf": [TEXT, TEXT]}, "=", False),
    Pair("one of three", {"oneOf": [TEXT, WHOLE, NULL]}, "=", {"type": ["string", "integer", "null"]}),
    Pair("not", {"not": TEXT}, "x", TEXT),
    Pair("not not", {"not": {"not": TEXT}}, "=", TEXT),
    Pair("not any of", {"not": {"anyOf": [TEXT, NULL]}}, "=", {"allOf": [{"not": TEXT}, {"not": NULL}]}),
    Pair("not a range", {"type": "number", "not": {"minimum": 3}}, "=", {"type": "number", "exclusiveMaximum": 3}),
    Pair("not a length", {"type": "string", "not": {"minLength": 3}}, "=", {"type": "string", "maxLength": 2}),
    Pair("not required", object_of({}) | {"not": {"required": ["a"]}}, "=", object_of({"a": False})),
    Pair("if it is a text", {"if": TEXT, "then": {"minLength": 1}}, "=", {"minLength": 1}),
    Pair("if and else", {"if": TEXT, "then": False, "else": WHOLE}, "=", WHOLE),
    Pair("then without if", {"then": False}, "=", {}),
    Pair("if without then", {"if": TEXT}, "=", {}),
    Pair("an implication", {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, "<", {}),
    Pair(
        "an implication as a dependency",
        {"if": {"type": "object", "required": ["a"]}, "then": {"required": ["b"]}},
        "=",
        {"dependentRequired": {"a": ["b"]}},
    ),
    Pair(
        "a range in two halves",
        {"anyOf": [{"type": "integer", "maximum": 3}, {"type": "integer", "minimum": 4}]},
        "=",
        WHOLE,
    ),
    Pair(
        "a range with a gap",
        {"anyOf": [{"type": "integer", "maximum": 3}, {"type": "integer", "minimum": 5}]},
        "<",
        WHOLE,
    ),
    Pair(
        "factored out",
        {"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        "=",
        {"anyOf": [object_of({}, "a"), object_of({}, "b")]},
    ),
    Pair(
        "an alternative for each value",
        closed({"a": {"enum": [1, 2]}}, "a"),
        "=",
        {"anyOf": [closed({"a": {"const": 1}}, "a"), closed({"a": {"const": 2}}, "a")]},
    ),
    Pair(
        "an alternative for each pair of values is less",
        {
            "anyOf": [
                closed({"a": {"const": 1}, "b": {"const": 1}}, "a", "b"),
                closed({"a": {"const": 2}, "b": {"const": 2}}, "a", "b"),
            ]
        },
        "<",
        closed({"a": {"enum": [1, 2]}, "b": {"enum": [1, 2]}}, "a", "b"),
    ),
    # Unions with tags.
    Pair("another arm", tagged(("a", TEXT)), "<", tagged(("a", TEXT), ("b", WHOLE))),
    Pair("another order of arms", tagged(("a", TEXT), ("b", WHOLE)), "=", tagged(("b", WHOLE), ("a", TEXT))),
    Pair("any of as one of", tagged(("a", TEXT), ("b", WHOLE)), "=", tagged(("b", WHOLE), ("a", TEXT), of="anyOf")),
    Pair("a wider arm", tagged(("a", TEXT), ("b", WHOLE)), "<", tagged(("a", TEXT), ("b", NUMBER))),
    Pair("arms exchanged", tagged(("a", TEXT), ("b", WHOLE)), "x", tagged(("a", WHOLE), ("b", TEXT))),
    Pair(
        "as an object with conditions",
        tagged(("a", TEXT), ("b", WHOLE)),
        "<",
        object_of({"kind": {"enum": ["a", "b"]}}, "kind")
        | {"if": {"properties": {"kind": {"const": "a"}}}, "then": {"properties": {"value": TEXT}}},
    ),
    # References.
    Pair("a reference", {"$ref": "#/$defs/a", "$defs": {"a": TEXT}}, "=", TEXT),
    Pair("a reference to a boolean", {"$ref": "#/$defs/a", "$defs": {"a": False}}, "=", False),
    Pair(
        "a reference to a reference", {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": TEXT}}, "=", TEXT
    ),
    Pair(
        "beside a reference",
        {"$ref": "#/$defs/a", "minLength": 1, "$defs": {"a": TEXT}},
        "=",
        {"type": "string", "minLength": 1},
    ),
    Pair(
        "draft 7: nothing counts beside it",
        {"$ref": "#/definitions/a", "minLength": 1, "definitions": {"a": TEXT}},
        "=",
        TEXT,
        DRAFT_7,
    ),
    Pair(
        "draft 4: nor there",
        {"$ref": "#/definitions/a", "type": "null", "definitions": {"a": TEXT}},
        "=",
        TEXT,
        DRAFT_4,
    ),
    Pair("an anchor", {"$ref": "#x", "$defs": {"a": TEXT | {"$anchor": "x"}}}, "=", TEXT),
    Pair("draft 7: an anchor as an id", {"$ref": "#x", "definitions": {"a": TEXT | {"$id": "#x"}}}, "=", TEXT, DRAFT_7),
    Pair("draft 4: an id", {"$ref": "#x", "definitions": {"a": TEXT | {"id": "#x"}}}, "=", TEXT, DRAFT_4),
    Pair("by its address", {"$id": "https://a.example/s", "$ref": "t", "$defs": {"a": TEXT | {"$id": "t"}}}, "=", TEXT),
    Pair("escaped in a pointer", {"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": TEXT}}, "=", TEXT),
    Pair(
        "a definition renamed",
        {"$ref": "#/$defs/a", "$defs": {"a": TEXT}},
        "=",
        {"$ref": "#/$defs/b", "$defs": {"b": TEXT}},
    ),
    Pair("definitions alone", {"$defs": {"a": TEXT}}, "=", {}),
    # Recursion.
    Pair("a tree of narrower values", tree(WHOLE), "<", tree(NUMBER)),
    Pair("draft 7: the same", tree(WHOLE, "definitions"), "<", tree(NUMBER, "definitions"), DRAFT_7),
    Pair("a tree of the same values", tree(WHOLE), "=", tree({"allOf": [WHOLE]})),
    Pair("a tree with a title", tree(WHOLE, title="a tree"), "=", tree(WHOLE)),
    Pair(
        "a list without an end cannot be",
        {"$ref": "#/$defs/list", "$defs": {"list": object_of({"next": {"$ref": "#/$defs/list"}}, "next")}},
        "=",
        False,
    ),
    Pair(
        "a list with an end",
        {
            "$ref": "#/$defs/list",
            "$defs": {"list": object_of({"next": {"anyOf": [{"$ref": "#/$defs/list"}, NULL]}}, "next")},
        },
        "<",
        object_of({"next": {"type": ["object", "null"]}}, "next"),
    ),
    Pair(
        "two schemas that need each other",
        {
            "$ref": "#/$defs/a",
            "$defs": {"a": object_of({"b": {"$ref": "#/$defs/b"}}), "b": object_of({"a": {"$ref": "#/$defs/a"}})},
        },
        "x",
        {"$ref": "#/$defs/a", "$defs": {"a": object_of({"b": {"$ref": "#/$defs/b"}}), "b": object_of({"a": WHOLE})}},
    ),
    Pair(
        "the document itself",
        object_of({"next": {"$ref": "#"}, "v": WHOLE}),
        "<",
        object_of({"next": {"$ref": "#"}, "v": NUMBER}),
    ),
    Pair(
        "a dynamic reference",
        {"$dynamicAnchor": "node", **object_of({"next": {"$dynamicRef": "#node"}, "v": WHOLE})},
        "<",
        {"$dynamicAnchor": "node", **object_of({"next": {"$dynamicRef": "#node"}, "v": NUMBER})},
    ),
    Pair(
        "2019-09: a recursive reference",
        {"$recursiveAnchor": True, **object_of({"next": {"$recursiveRef": "#"}, "v": WHOLE})},
        "<",
        object_of({"next": {"$ref": "#"}, "v": NUMBER}),
        DRAFT_2019,
    ),
    Pair(
        "a dynamic reference leads to the outermost",
        {
            "$id": "https://a.example/strict",
            "$dynamicAnchor": "node",
            "$ref": "https://a.example/tree",
            "unevaluatedProperties": False,
            "$defs": {
                "tree": {
                    "$id": "https://a.example/tree",
                    "$dynamicAnchor": "node",
                    "properties": {"next": {"$dynamicRef": "#node"}},
                }
            },
        },
        "=",
        {"properties": {"next": {"$ref": "#"}}, "additionalProperties": False},
    ),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_pair_is_judged_as_the_specification_says(pair: Pair) -> None:
    check(pair)


def test_a_document_refers_to_its_meta_schema() -> None:
    pair = Pair("", {"$ref": "http://json-schema.org/draft-07/schema#"}, "<", {"type": ["object", "boolean"]}, DRAFT_7)
    check(pair)
