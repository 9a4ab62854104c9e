"""Types, values, numbers and strings."""

from __future__ import annotations

import pytest

from tests.check.contracts.json_schema.judged import DRAFT_4, DRAFT_6, DRAFT_7, Pair, check

PAIRS = [
    # Types.
    Pair("a whole number is a number", {"type": "integer"}, "<", {"type": "number"}),
    Pair("a list of types", {"type": "string"}, "<", {"type": ["string", "null"]}),
    Pair("the order of types", {"type": ["null", "string"]}, "=", {"type": ["string", "null"]}),
    Pair("two types", {"type": "string"}, "x", {"type": "integer"}),
    Pair("overlapping lists", {"type": ["string", "null"]}, "x", {"type": ["string", "boolean"]}),
    Pair("integer beside number", {"type": ["integer", "number"]}, "=", {"type": "number"}),
    Pair("a type in a list of its own", {"type": ["string"]}, "=", {"type": "string"}),
    Pair("no type is any type", {"type": "object"}, "<", {}),
    Pair("all types are any type", {"type": ["null", "boolean", "number", "string", "array", "object"]}, "=", {}),
    Pair("true is the empty schema", True, "=", {}),
    Pair("false is in all", False, "<", {"type": "null"}),
    Pair("false is the negation of all", False, "=", {"not": {}}),
    Pair("keywords of other types exclude nothing", {"minLength": 3, "minimum": 7}, "<", {"minLength": 2}),
    Pair("an unknown keyword says nothing", {"type": "string", "x-note": 1}, "=", {"type": "string"}),
    Pair("titles say nothing", {"title": "a", "description": "b", "default": 1}, "=", {}),
    Pair("a format is an annotation", {"type": "string", "format": "date"}, "=", {"type": "string"}),
    Pair("a content encoding is an annotation", {"contentEncoding": "base64"}, "=", {}),
    # Values.
    Pair("fewer values", {"enum": ["a"]}, "<", {"enum": ["a", "b"]}),
    Pair("the order of values", {"enum": ["b", "a"]}, "=", {"enum": ["a", "b"]}),
    Pair("a constant is one value", {"const": "a"}, "=", {"enum": ["a"]}),
    Pair("one and one point zero", {"const": 1}, "=", {"const": 1.0}),
    Pair("one and true", {"const": 1}, "x", {"const": True}),
    Pair("zero and false in an array", {"const": [0]}, "x", {"const": [False]}),
    Pair("an object as a constant", {"const": {"a": 1, "b": 2}}, "=", {"const": {"b": 2, "a": 1}}),
    Pair("values of a type", {"enum": ["a", "b"]}, "<", {"type": "string"}),
    Pair("both booleans", {"enum": [True, False]}, "=", {"type": "boolean"}),
    Pair("null", {"const": None}, "=", {"type": "null"}),
    Pair("values beside a type", {"type": "string", "enum": ["a", 1]}, "=", {"const": "a"}),
    Pair("a constant object in an open one", {"const": {"a": 1}}, "<", {"type": "object", "required": ["a"]}),
    Pair("the empty array", {"const": []}, "=", {"type": "array", "maxItems": 0}),
    Pair("the empty object", {"const": {}}, "=", {"type": "object", "maxProperties": 0}),
    Pair("the empty text", {"const": ""}, "=", {"type": "string", "maxLength": 0}),
    Pair("values that are cut off", {"enum": [1, 2, 3], "maximum": 2}, "=", {"enum": [1, 2]}),
    Pair("all values but one", {"enum": ["a", "b"], "not": {"const": "b"}}, "=", {"const": "a"}),
    Pair("values in two parts", {"anyOf": [{"enum": [1]}, {"enum": [2]}]}, "=", {"enum": [1, 2]}),
    # Numbers.
    Pair("a higher minimum", {"minimum": 5}, "<", {"minimum": 4}),
    Pair("a lower maximum", {"maximum": 5}, "<", {"maximum": 6}),
    Pair("an exclusive minimum", {"exclusiveMinimum": 5}, "<", {"minimum": 5}),
    Pair("whole numbers above", {"type": "integer", "exclusiveMinimum": 4}, "=", {"type": "integer", "minimum": 5}),
    Pair("whole numbers from a half", {"type": "integer", "minimum": 4.5}, "=", {"type": "integer", "minimum": 5}),
    Pair("an interval in another", {"minimum": 2, "maximum": 3}, "<", {"minimum": 1, "maximum": 3}),
    Pair("intervals that overlap", {"minimum": 1, "maximum": 3}, "x", {"minimum": 2, "maximum": 4}),
    Pair("both bounds at once", {"minimum": 3, "exclusiveMinimum": 3}, "=", {"exclusiveMinimum": 3}),
    Pair("an empty interval", {"type": "number", "minimum": 2, "maximum": 1}, "=", False),
    Pair("no whole number between", {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}, "=", False),
    Pair("one number", {"type": "number", "minimum": 2, "maximum": 2}, "=", {"const": 2}),
    Pair("multiples of multiples", {"multipleOf": 6}, "<", {"multipleOf": 3}),
    Pair("two factors", {"allOf": [{"multipleOf": 4}, {"multipleOf": 6}]}, "=", {"multipleOf": 12}),
    Pair("other multiples", {"multipleOf": 4}, "x", {"multipleOf": 6}),
    Pair("tenths and hundredths", {"multipleOf": 0.1}, "<", {"multipleOf": 0.01}),
    Pair("whole numbers are multiples of 1", {"type": "integer"}, "=", {"type": "number", "multipleOf": 1}),
    Pair("multiples of 2.5 are not all whole", {"type": "number", "multipleOf": 2.5}, "x", {"type": "integer"}),
    Pair(
        "multiples in an interval", {"multipleOf": 5, "minimum": 1, "maximum": 9, "type": "number"}, "=", {"const": 5}
    ),
    Pair("no multiple in an interval", {"type": "number", "multipleOf": 10, "minimum": 1, "maximum": 9}, "=", False),
    Pair("even but not of four", {"multipleOf": 2, "not": {"multipleOf": 4}}, "x", {"multipleOf": 6}),
    Pair(
        "halves that are not whole",
        {"type": "number", "multipleOf": 0.5, "not": {"multipleOf": 1}},
        "<",
        {"multipleOf": 0.5},
    ),
    Pair("large numbers", {"minimum": 10**30}, "<", {"minimum": 10**29}),
    Pair("a negative factor's numbers", {"type": "integer", "maximum": -1}, "<", {"type": "integer", "maximum": 0}),
    # Numbers of draft 4.
    Pair("draft 4: exclusive", {"minimum": 5, "exclusiveMinimum": True}, "<", {"minimum": 5}, DRAFT_4),
    Pair("draft 4: not exclusive", {"minimum": 5, "exclusiveMinimum": False}, "=", {"minimum": 5}, DRAFT_4),
    Pair("draft 4: exclusive maximum", {"maximum": 5, "exclusiveMaximum": True}, "<", {"maximum": 5}, DRAFT_4),
    Pair("draft 4: knows no const", {"const": 1}, "=", {}, DRAFT_4),
    Pair("draft 6: knows const", {"const": 1}, "<", {}, DRAFT_6),
    Pair("draft 6: exclusive", {"exclusiveMinimum": 1}, "<", {"minimum": 1}, DRAFT_6),
    Pair("draft 6: knows no if", {"if": True, "then": False}, "=", {}, DRAFT_6),
    Pair("draft 7: knows if", {"if": True, "then": False}, "=", False, DRAFT_7),
    # Strings.
    Pair("a longer minimum", {"minLength": 3}, "<", {"minLength": 2}),
    Pair("a shorter maximum", {"maxLength": 3}, "<", {"maxLength": 4}),
    Pair("lengths that overlap", {"minLength": 1, "maxLength": 3}, "x", {"minLength": 2, "maxLength": 4}),
    Pair("no length", {"type": "string", "minLength": 2, "maxLength": 1}, "=", False),
    Pair("a minimum of none", {"minLength": 0}, "=", {}),
    Pair("a length as a float", {"maxLength": 2.0}, "=", {"maxLength": 2}),
    Pair("a length counts characters", {"const": "\U0001f600"}, "<", {"maxLength": 1}),
    Pair("an expression in another", {"pattern": "^[a-c]+$"}, "<", {"pattern": "^[a-z]+$"}),
    Pair("the same expression otherwise", {"pattern": "^(a|b)*$"}, "=", {"pattern": "^[ab]*$"}),
    Pair("not anchored", {"pattern": "^abc$"}, "<", {"pattern": "b"}),
    Pair("anchored at one end", {"pattern": "^ab"}, "<", {"pattern": "^a"}),
    Pair("anchored alternatives", {"pattern": "^a$|^b$"}, "=", {"pattern": "^(a|b)$"}),
    Pair("an anchor binds tighter than `|`", {"pattern": "^a|b$"}, "x", {"pattern": "^(a|c)"}),
    Pair("digits", {"pattern": "^\\d{3}$"}, "=", {"pattern": "^[0-9][0-9][0-9]$"}),
    Pair("an escaped dash", {"pattern": "^a\\-b$"}, "=", {"pattern": "^a-b$"}),
    Pair("a code unit", {"pattern": "^\\u0061$"}, "=", {"pattern": "^a$"}),
    Pair("lazy and greedy", {"pattern": "^a+?b$"}, "=", {"pattern": "^a+b$"}),
    Pair("groups without capture", {"pattern": "^(?:ab)+$"}, "=", {"pattern": "^(ab)+$"}),
    Pair("the dot stays in its line", {"pattern": "^.$"}, "=", {"pattern": "^[^\\n\\r\\u2028\\u2029]$"}),
    Pair("an expression bounds the length", {"pattern": "^[a-z]{2,4}$"}, "<", {"minLength": 2, "maxLength": 4}),
    Pair(
        "a length bounds an expression", {"type": "string", "pattern": "^a*$", "maxLength": 1}, "=", {"enum": ["", "a"]}
    ),
    Pair("values that match", {"enum": ["aa", "ab"]}, "<", {"pattern": "^a"}),
    Pair("values that do not match", {"enum": ["aa", "ba"]}, "x", {"type": "string", "pattern": "^a"}),
    Pair("the empty expression", {"pattern": ""}, "=", {}),
    Pair("what does not match", {"type": "string", "not": {"pattern": "^a"}}, "<", {"not": {"const": "a"}}),
    Pair(
        "expressions that exclude each other",
        {"type": "string", "allOf": [{"pattern": "^a"}, {"pattern": "^b"}]},
        "=",
        False,
    ),
    Pair("an upper bound of 255", {"pattern": "^\\w{1,200}$"}, "<", {"pattern": "^[\\w-]{1,255}$"}),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_pair_is_judged_as_the_specification_says(pair: Pair) -> None:
    check(pair)
