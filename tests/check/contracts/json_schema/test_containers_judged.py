"""Arrays and objects."""

from __future__ import annotations

import pytest

from tests.check.contracts.json_schema.judged import (
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019,
    Pair,
    check,
    closed,
    object_of,
)

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NUMBER = {"type": "number"}
LIST = {"type": "array"}

PAIRS = [
    # Items.
    Pair("items of a narrower type", LIST | {"items": WHOLE}, "<", LIST | {"items": NUMBER}),
    Pair("any items", {"items": WHOLE}, "<", {}),
    Pair("no items", LIST | {"items": False}, "=", LIST | {"maxItems": 0}),
    Pair("items in order, then others", {"prefixItems": [TEXT], "items": WHOLE}, "<", {"prefixItems": [TEXT]}),
    Pair("items in order may be missing", {"prefixItems": [TEXT, WHOLE]}, "<", {"prefixItems": [TEXT]}),
    Pair("the same items in order", {"prefixItems": [TEXT], "items": TEXT}, "=", {"items": TEXT}),
    Pair("another order", {"prefixItems": [TEXT, WHOLE]}, "x", {"prefixItems": [WHOLE, TEXT]}),
    Pair("a pair", LIST | {"prefixItems": [TEXT, WHOLE], "items": False}, "<", LIST | {"maxItems": 2}),
    Pair(
        "one more place", {"prefixItems": [TEXT], "items": False}, "<", {"prefixItems": [TEXT, WHOLE], "items": False}
    ),
    Pair("a place that cannot be", {"prefixItems": [{}, False]}, "=", {"maxItems": 1}),
    Pair("draft 7: a list of items", {"items": [TEXT], "additionalItems": WHOLE}, "<", {"items": [TEXT]}, DRAFT_7),
    Pair("draft 7: no more items", {"items": [TEXT], "additionalItems": False}, "<", {"maxItems": 1}, DRAFT_7),
    Pair(
        "draft 7: beside one schema for all", {"items": TEXT, "additionalItems": False}, "=", {"items": TEXT}, DRAFT_7
    ),
    Pair("draft 7: without items", {"additionalItems": False}, "=", {}, DRAFT_7),
    Pair("draft 4: a list of items", {"items": [TEXT, WHOLE]}, "<", {"items": [TEXT]}, DRAFT_4),
    Pair("2019-09: a list of items", {"items": [TEXT], "additionalItems": False}, "<", {"maxItems": 1}, DRAFT_2019),
    Pair(
        "2020-12: knows no additionalItems",
        {"prefixItems": [TEXT], "additionalItems": False},
        "=",
        {"prefixItems": [TEXT]},
    ),
    Pair("draft 7: knows no prefixItems", {"prefixItems": [TEXT]}, "=", {}, DRAFT_7),
    # Their number.
    Pair("more items", {"minItems": 2}, "<", {"minItems": 1}),
    Pair("fewer items", {"maxItems": 1}, "<", {"maxItems": 2}),
    Pair("no number of items", LIST | {"minItems": 2, "maxItems": 1}, "=", False),
    Pair("items that cannot be, and must", LIST | {"items": False, "minItems": 1}, "=", False),
    # Different ones.
    Pair("different items", {"uniqueItems": True}, "<", {}),
    Pair("not asked for", {"uniqueItems": False}, "=", {}),
    Pair("one item is different", {"maxItems": 1}, "<", {"uniqueItems": True}),
    Pair("two values make two items", {"items": {"enum": [1, 2]}, "uniqueItems": True}, "<", {"maxItems": 2}),
    Pair("one and 1.0 are equal", {"const": [1, 1.0]}, "x", {"type": "array", "uniqueItems": True}),
    Pair("zero and false are not", {"const": [0, False]}, "<", {"uniqueItems": True}),
    Pair(
        "three different booleans",
        LIST | {"items": {"type": "boolean"}, "uniqueItems": True, "minItems": 3},
        "=",
        False,
    ),
    # Some of them.
    Pair("it contains", {"contains": WHOLE}, "<", {"contains": NUMBER}),
    Pair("it contains something", LIST | {"contains": {}}, "=", LIST | {"minItems": 1}),
    Pair("it contains two", {"contains": TEXT, "minContains": 2}, "<", {"contains": TEXT}),
    Pair("it contains at most one", {"contains": TEXT, "maxContains": 1}, "<", {"contains": TEXT, "maxContains": 2}),
    Pair("it may contain", {"contains": TEXT, "minContains": 0}, "=", {}),
    Pair("without contains they say nothing", {"minContains": 2, "maxContains": 3}, "=", {}),
    Pair("more than it may", LIST | {"contains": {}, "minContains": 3, "maxItems": 2}, "=", False),
    Pair("all are", {"items": TEXT, "minItems": 1}, "<", {"contains": TEXT}),
    Pair("none may be", {"contains": TEXT, "minContains": 0, "maxContains": 0}, "=", {"items": {"not": TEXT}}),
    Pair("draft 6: knows no minContains", {"contains": TEXT, "minContains": 0}, "=", {"contains": TEXT}, DRAFT_6),
    Pair("draft 4: knows no contains", {"contains": TEXT}, "=", {}, DRAFT_4),
    # What nothing looked at.
    Pair(
        "no unevaluated items",
        {"prefixItems": [TEXT], "unevaluatedItems": False},
        "=",
        {"prefixItems": [TEXT], "items": False},
    ),
    Pair(
        "through allOf",
        {"allOf": [{"prefixItems": [TEXT]}], "unevaluatedItems": False},
        "=",
        {"prefixItems": [TEXT], "items": False},
    ),
    Pair("contains looks at what it matches", {"contains": TEXT, "unevaluatedItems": False}, "<", {"items": TEXT}),
    Pair(
        "2019-09: contains does not",
        LIST | {"contains": TEXT, "unevaluatedItems": False},
        "=",
        False,
        DRAFT_2019,
    ),
    # Properties.
    Pair("a narrower property", object_of({"a": WHOLE}), "<", object_of({"a": NUMBER})),
    Pair("a required property", object_of({"a": TEXT}, "a"), "<", object_of({"a": TEXT})),
    Pair("required without a schema", object_of({}, "a"), "<", object_of({})),
    Pair("the order of what is required", object_of({}, "a", "b"), "=", object_of({}, "b", "a")),
    Pair("a property of an open object", object_of({"a": TEXT, "b": TEXT}), "<", object_of({"a": TEXT})),
    Pair("a property of a closed object", closed({"a": TEXT}), "<", closed({"a": TEXT, "b": TEXT})),
    Pair("a closed object", closed({"a": TEXT}), "<", object_of({"a": TEXT})),
    Pair("an optional property removed from a closed one", closed({"a": TEXT, "b": TEXT}), "x", closed({"a": WHOLE})),
    Pair("closed and open with another property", closed({"a": TEXT}), "<", object_of({"b": TEXT})),
    Pair("other properties of a type", {"additionalProperties": WHOLE}, "<", {"additionalProperties": NUMBER}),
    Pair(
        "others are as those declared",
        {"properties": {"a": TEXT}, "additionalProperties": TEXT},
        "=",
        {"additionalProperties": TEXT},
    ),
    Pair("a property that cannot be", object_of({"a": False}), "=", object_of({}) | {"not": {"required": ["a"]}}),
    Pair("a property that must and cannot be", object_of({"a": False}, "a"), "=", False),
    Pair(
        "a property that must be and has no value", object_of({"a": {"enum": [1], "type": "string"}}, "a"), "=", False
    ),
    Pair("nested", object_of({"a": closed({"b": WHOLE}, "b")}, "a"), "<", object_of({"a": object_of({"b": NUMBER})})),
    Pair("a map and an object", closed({"a": TEXT}), "<", {"type": "object", "additionalProperties": TEXT}),
    Pair("an object with a name of its own", object_of({"type": TEXT}), "x", object_of({"type": WHOLE})),
    # Names.
    Pair("names by an expression", {"patternProperties": {"^x-": TEXT}}, "<", {"properties": {"x-a": TEXT}}),
    Pair("names by a wider expression", {"patternProperties": {"^x": TEXT}}, "<", {"patternProperties": {"^xy": TEXT}}),
    Pair("names by all expressions", {"patternProperties": {"": TEXT}}, "=", {"additionalProperties": TEXT}),
    Pair(
        "closed but for an expression",
        {"patternProperties": {"^x-": {}}, "additionalProperties": False},
        "<",
        {"propertyNames": {"pattern": "^x"}},
    ),
    Pair(
        "names from a list",
        {"propertyNames": {"enum": ["a", "b"]}},
        "=",
        {"properties": {"a": {}, "b": {}}, "additionalProperties": False},
    ),
    Pair("short names", {"propertyNames": {"maxLength": 1}}, "<", {"propertyNames": {"maxLength": 2}}),
    Pair("names are texts", {"propertyNames": {"not": {"const": None}}}, "=", {}),
    Pair("a number is no name", {"propertyNames": {"const": 5}}, "=", {"maxProperties": 0}),
    Pair("a name and a number", {"propertyNames": {"not": {"enum": [5, "a"]}}}, "=", {"properties": {"a": False}}),
    Pair("no names", {"propertyNames": False}, "=", {"maxProperties": 0}),
    Pair("draft 4: knows no propertyNames", {"propertyNames": {"maxLength": 1}}, "=", {}, DRAFT_4),
    Pair(
        "both say something of a name",
        {"properties": {"ab": NUMBER}, "patternProperties": {"^a": {"multipleOf": 1}}},
        "<",
        {"properties": {"ab": WHOLE}},
    ),
    # Their number.
    Pair("more properties", {"minProperties": 2}, "<", {"minProperties": 1}),
    Pair("fewer properties", {"maxProperties": 1}, "<", {"maxProperties": 2}),
    Pair("required are properties", object_of({}, "a", "b"), "<", {"minProperties": 2}),
    Pair("closed bounds the number", closed({"a": {}, "b": {}}), "<", {"maxProperties": 2}),
    Pair("as many as there must be", False, "<", object_of({}, "a", maxProperties=1)),
    Pair("more than there can be", closed({"a": {}, "b": {}}, minProperties=3), "=", False),
    Pair(
        "all that there can be", closed({"a": {}, "b": {}}, minProperties=2), "=", closed({"a": {}, "b": {}}, "a", "b")
    ),
    # Dependencies.
    Pair("one needs another", {"dependentRequired": {"a": ["b"]}}, "<", {}),
    Pair("one needs two", {"dependentRequired": {"a": ["b", "c"]}}, "<", {"dependentRequired": {"a": ["b"]}}),
    Pair("what is needed is required", object_of({}, "b"), "<", {"dependentRequired": {"a": ["b"]}}),
    Pair("what needs cannot be", {"properties": {"a": False}}, "<", {"dependentRequired": {"a": ["b"]}}),
    Pair(
        "one needs a schema", {"dependentSchemas": {"a": {"required": ["b"]}}}, "=", {"dependentRequired": {"a": ["b"]}}
    ),
    Pair(
        "what is no object has no dependencies",
        {"dependentSchemas": {"a": TEXT}},
        "=",
        {"not": {"type": "object", "required": ["a"]}},
    ),
    Pair(
        "draft 7: dependencies",
        {"dependencies": {"a": ["b"]}},
        "=",
        {"dependencies": {"a": {"required": ["b"]}}},
        DRAFT_7,
    ),
    Pair("draft 4: dependencies", {"dependencies": {"a": ["b"]}}, "<", {}, DRAFT_4),
    # What nothing looked at.
    Pair(
        "no unevaluated properties",
        {"properties": {"a": TEXT}, "unevaluatedProperties": False},
        "=",
        {"properties": {"a": TEXT}, "additionalProperties": False},
    ),
    Pair(
        "2019-09: through allOf",
        {"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}], "unevaluatedProperties": False},
        "=",
        {"properties": {"a": {}, "b": {}}, "additionalProperties": False},
        DRAFT_2019,
    ),
    Pair(
        "additionalProperties does not look into allOf",
        {"allOf": [{"properties": {"a": {}}}], "properties": {"b": {}}, "additionalProperties": False},
        "<",
        {"allOf": [{"properties": {"a": {}}}], "properties": {"b": {}}, "unevaluatedProperties": False},
    ),
    Pair(
        "only an alternative that holds",
        {
            "anyOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"required": ["b"]}],
            "properties": {"b": {}},
            "unevaluatedProperties": False,
        },
        "<",
        {"properties": {"a": {"const": 1}, "b": {}}, "additionalProperties": False},
    ),
    Pair("draft 7: knows it not", {"unevaluatedProperties": False}, "=", {}, DRAFT_7),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_pair_is_judged_as_the_specification_says(pair: Pair) -> None:
    check(pair)
