from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.check.contracts.json_schema.drawn import CONSTANTS, JSON, NAMES, pairs
from versioned_serde.check.contracts.json_schema.documents import Document
from versioned_serde.check.contracts.json_schema.inclusion import Obstacle, included

INSTANCES: list[Any] = [
    *CONSTANTS,
    *(-1, 3, 0.25, "b", "aa", "aab", "c"),
    *([one] for one in CONSTANTS),
    *([one, other] for one in CONSTANTS for other in (1, "a", None)),
    *({name: one} for name in (*NAMES, "c") for one in CONSTANTS),
    *({"a": one, "b": other} for one in CONSTANTS for other in (1, "a", None, {"a": 1})),
]
"""What schemas that are drawn tell apart, among other things."""


def is_valid(instance: Any, schema: Any) -> bool:
    return Draft202012Validator(schema).is_valid(instance)


@given(pairs())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_verdict_is_what_the_validator_says_of_instances(pair: tuple[Any, Any]) -> None:
    sub, sup = pair
    inclusion = included(sub, sup)
    if inclusion.verdict == "compatible":
        assert [each for each in INSTANCES if is_valid(each, sub) and not is_valid(each, sup)] == []
    elif inclusion.verdict == "incompatible":
        witness = inclusion.obstacles[0].witness
        assert witness is not None
        assert is_valid(witness.instance, sub)
        assert not is_valid(witness.instance, sup)
    else:
        assert all(each.rule == "json-schema-undecided" for each in inclusion.obstacles)


@given(pairs(), st.lists(JSON, min_size=30, max_size=30))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_nothing_that_hypothesis_finds_speaks_against_a_proof(pair: tuple[Any, Any], instances: list[Any]) -> None:
    sub, sup = pair
    if included(sub, sup).verdict == "compatible":
        assert [each for each in instances if is_valid(each, sub) and not is_valid(each, sup)] == []


@given(pairs())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_nothing_small_stays_undecided(pair: tuple[Any, Any]) -> None:
    assert included(*pair).verdict != "undecided"


@pytest.mark.parametrize(
    ("sub", "sup", "rule", "attribute", "pointer"),
    [
        ({"type": ["string", "null"]}, {"type": "string"}, "type-narrowed", "", "/type"),
        ({}, {"required": ["a"]}, "property-required", "a", "/required/0"),
        ({}, {"properties": {"a": {"type": "string"}}}, "property-added", "a", "/properties/a"),
        (
            {"properties": {"a": True}, "additionalProperties": False},
            {"properties": {}, "additionalProperties": False},
            "property-removed",
            "a",
            "/additionalProperties",
        ),
        ({}, {"additionalProperties": False}, "property-closed", "", "/additionalProperties"),
        ({"minimum": 1}, {"minimum": 2}, "range-narrowed", "", "/minimum"),
        ({}, {"maxLength": 2}, "length-narrowed", "", "/maxLength"),
        ({"pattern": "^a"}, {"pattern": "^ab"}, "pattern-changed", "", "/pattern"),
        ({"enum": [1, 2]}, {"enum": [1]}, "enum-narrowed", "", "/enum"),
        ({}, {"uniqueItems": True}, "items-changed", "", "/uniqueItems"),
        ({}, {"not": {"type": "string"}}, "combination-changed", "", "/not"),
        ({"items": {"type": "number"}}, {"items": {"type": "integer"}}, "type-narrowed", "[]", "/items/type"),
        (
            {"properties": {"a": {"items": {"properties": {"b": {}}}}}},
            {"properties": {"a": {"items": {"properties": {"b": {"minimum": 1}}}}}},
            "range-narrowed",
            "a[].b",
            "/properties/a/items/properties/b/minimum",
        ),
        (
            {"additionalProperties": {}},
            {"additionalProperties": {"const": 1}},
            "enum-narrowed",
            "*",
            "/additionalProperties/const",
        ),
        ({"prefixItems": [{}]}, {"prefixItems": [{"const": 1}]}, "enum-narrowed", "[]", "/prefixItems/0/const"),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "null"}]},
            "length-narrowed",
            "",
            "/anyOf/0/maxLength",
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            {"anyOf": [{"type": "string"}]},
            "combination-changed",
            "",
            "/anyOf",
        ),
        ({"if": {}, "then": {}}, {"if": {}, "then": {"minLength": 1}}, "length-narrowed", "", "/then/minLength"),
        (
            {"$ref": "#/$defs/x", "$defs": {"x": {"type": "string"}}},
            {"$ref": "#/$defs/x", "$defs": {"x": {"type": "string", "minLength": 1}}},
            "length-narrowed",
            "",
            "/$defs/x/minLength",
        ),
    ],
)
def test_an_obstacle_names_rule_attribute_and_keyword(
    sub: Any, sup: Any, rule: str, attribute: str, pointer: str
) -> None:
    inclusion = included(sub, sup)
    (obstacle,) = inclusion.obstacles
    assert (obstacle.rule, obstacle.attribute, obstacle.sup_pointer) == (f"json-schema-{rule}", attribute, pointer)
    assert inclusion.verdict == "incompatible"


def _at(obstacles: tuple[Obstacle, ...]) -> list[tuple[str, str]]:
    return [(each.rule.removeprefix("json-schema-"), each.attribute) for each in obstacles]


def test_every_difference_is_told() -> None:
    old = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}, "c": {}}}
    new = old | {
        "properties": {"a": {"type": "string", "maxLength": 9}, "b": {"type": "integer"}},
        "required": ["a", "b"],
        "additionalProperties": False,
    }
    assert _at(included(old, new).obstacles) == [
        ("length-narrowed", "a"),
        ("type-narrowed", "b"),
        ("property-required", "a"),
        ("property-required", "b"),
        ("property-removed", "c"),
        ("property-closed", ""),
    ]


def test_a_shared_definition_is_told_once_and_where_it_is_nearest() -> None:
    def schema(postcode: Any) -> Any:
        address = {"type": "object", "properties": {"postcode": postcode}}
        deep = {"type": "array", "items": {"$ref": "#/$defs/address"}}
        properties = {"all": deep, "home": {"$ref": "#/$defs/address"}}
        return {"properties": properties, "$defs": {"address": address}}

    assert _at(included(schema({"type": "string"}), schema({"type": "string", "maxLength": 5})).obstacles) == [
        ("length-narrowed", "all[].postcode")
    ]


def test_the_other_pointer_is_what_stands_there_or_around_it() -> None:
    (obstacle,) = included({"properties": {"a": {"maxLength": 3}}}, {"properties": {"a": {"maxLength": 2}}}).obstacles
    assert obstacle.sub_pointer == "/properties/a/maxLength"
    (obstacle,) = included({"properties": {"a": {}}}, {"properties": {"a": {"maxLength": 2}}}).obstacles
    assert obstacle.sub_pointer == "/properties/a"


def test_parts_of_a_document_are_compared_with_the_documents_references() -> None:
    old = {"components": {"schemas": {"A": {"$ref": "#/components/schemas/B"}, "B": {"type": "integer"}}}}
    new = {"components": {"schemas": {"A": {"$ref": "#/components/schemas/B"}, "B": {"type": "number"}}}}
    parts = old["components"]["schemas"]["A"], new["components"]["schemas"]["A"]
    assert included(*parts, sub_root=old, sup_root=new).verdict == "compatible"
    back = included(*reversed(parts), sub_root=new, sup_root=old)
    assert back.verdict == "incompatible"
    assert back.obstacles[0].sup_pointer == "/components/schemas/B/type"
    made = {"type": "array", "items": {"$ref": "#/components/schemas/A"}}
    assert included(made, made, sub_root=old, sup_root=new).verdict == "compatible"


def test_a_dialect_is_that_of_the_document_or_else_that_given() -> None:
    sub, sup = {"minimum": 5}, {"minimum": 5, "exclusiveMinimum": True}
    draft_4 = "http://json-schema.org/draft-04/schema#"
    assert included(sub, sup, dialect=draft_4).verdict == "incompatible"
    assert included(sub, sup | {"$schema": draft_4}).verdict == "incompatible"
    assert included(sub, sup).verdict == "undecided"  # a boolean is no bound in newer dialects
    assert Document(True, dialect="https://nobody.example/own").validator is Draft202012Validator


@pytest.mark.parametrize(
    ("sub", "sup", "reason"),
    [
        ({"pattern": "^(?=a)a"}, {"pattern": "^a"}, "looks around"),
        ({"pattern": "^(a)\\1$"}, {"pattern": "^a"}, "not understood"),
        ({"$ref": "https://a.example/other"}, {"type": "string"}, "leads nowhere"),
        ({"$ref": "#"}, {"type": "string"}, "leads to itself"),
        ({"minimum": "1"}, {"minimum": 2}, "`minimum` has a value that it cannot have"),
        ({"required": True, "type": "object"}, {"required": ["a"]}, "`required` has a value that it cannot have"),
    ],
)
def test_what_cannot_be_decided_is_said_to_be_so(sub: Any, sup: Any, reason: str) -> None:
    inclusion = included(sub, sup)
    assert inclusion.verdict == "undecided"
    assert reason in inclusion.obstacles[0].message


def test_what_is_not_understood_is_equal_to_itself() -> None:
    sub = {
        "properties": {"a": {"pattern": "^(?=a)b"}, "b": {"$ref": "https://a.example/other"}, "c": {"type": "integer"}}
    }
    sup = {
        "properties": {"a": {"pattern": "^(?=a)b"}, "b": {"$ref": "https://a.example/other"}, "c": {"type": "number"}}
    }
    assert included(sub, sup).verdict == "compatible"
