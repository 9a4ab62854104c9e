"""Schemas that are made to take long, or to break what reads them."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from versioned_serde.check.contracts.json_schema.inclusion import included

ENOUGH = 20.0
"""Seconds; each takes less than 3 on one idle core, and the test is there for what would take for ever."""


def nested(depth: int, leaf: Any) -> Any:
    for _ in range(depth):
        leaf = {"properties": {"a": leaf}}
    return leaf


def union(count: int) -> Any:
    return {"oneOf": [{"properties": {"kind": {"const": each}}, "required": ["kind"]} for each in range(count)]}


def doubled(depth: int, keyword: str, leaf: Any) -> Any:
    def both(target: str) -> Any:
        return {keyword: [{"$ref": target}, {"$ref": target}]}

    defs = {f"d{each}": both(f"#/$defs/d{each + 1}") for each in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": defs | {f"d{depth}": leaf}}


def many(count: int, **more: Any) -> Any:
    properties = {f"p{each}": {"type": "string", "maxLength": each + 1} for each in range(count)}
    return {"type": "object", "properties": properties | more, "required": list(properties)[::2]}


def web(count: int, **more: Any) -> Any:
    """Definitions that all refer to others, so that the way around is long."""

    def model(number: int) -> Any:
        targets = {f"to{step}": {"$ref": f"#/$defs/m{(number * step + step) % count}"} for step in (1, 3, 7)}
        return {"type": "object", "properties": targets | {"v": {"type": "integer"}}, "additionalProperties": False}

    defs = {f"m{number}": model(number) for number in range(count)}
    defs[f"m{count - 1}"]["properties"].update(more)
    return {"$ref": "#/$defs/m0", "$defs": defs}


CASES: list[tuple[str, Any, Any, str]] = [
    ("lists that are none", {"type": "array"}, {"prefixItems": 1, "items": {"type": "null"}}, "undecided"),
    ("names that are none", {"type": "object"}, {"patternProperties": [0], "additionalProperties": 1}, "undecided"),
    ("properties within properties", nested(30, {"type": "number"}), nested(30, {"type": "integer"}), "incompatible"),
    ("deeper than Python goes", nested(3000, {"type": "number"}), nested(3000, {"type": "integer"}), "undecided"),
    ("as many values as fit", {"enum": [*range(50_000)]}, {"enum": [*range(49_999)]}, "incompatible"),
    ("as many properties", many(5_000), many(5_000, p7={"type": "string"}), "compatible"),
    ("a union of many", union(150), union(151), "compatible"),
    ("a web of definitions", web(150), web(150, new={"type": "string"}), "compatible"),
    ("a web of definitions back", web(150, new={"type": "string"}), web(150), "incompatible"),
    ("doubled all the way down", doubled(60, "allOf", {"type": "integer"}), {"type": "number"}, "compatible"),
    ("alternatives all the way down", doubled(60, "anyOf", {"type": "integer"}), {"type": "number"}, "compatible"),
    ("an expression that backtracks", {"pattern": "^(a+)+$"}, {"pattern": "^(a|aa)+$"}, "compatible"),
    ("a text for it", {"enum": ["a" * 50 + "!"]}, {"pattern": "^(a+)+$"}, "undecided"),
    ("an automaton that explodes", {"pattern": "^(a|b)*a(a|b){18}$"}, {"pattern": "^(a|b)*b(a|b){17}$"}, "undecided"),
    ("an expression that is too large", {"pattern": "^[a-z]{0,100000}$"}, {"pattern": "^[a-z]*$"}, "undecided"),
    ("an expression nested deep", {"pattern": "(" * 900 + "a" + ")" * 900}, {"pattern": "b"}, "undecided"),
    ("no expression", {"pattern": "["}, {"pattern": "]"}, "undecided"),
    ("arrays longer than fit", {"minItems": 10**9}, {"minItems": 10**8}, "compatible"),
    ("arrays that would have to be made", {"minItems": 10**8}, {"minItems": 10**9}, "undecided"),
    ("numbers beyond floats", json.loads('{"minimum": 1e999}'), {"minimum": 1}, "undecided"),
    ("very small factors", {"multipleOf": 1e-300}, {"multipleOf": 1e-299}, "incompatible"),
    ("a reference to itself", {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, False, "undecided"),
    (
        "two references to each other",
        {"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}},
        {"type": "null"},
        "undecided",
    ),
    (
        "keywords of wrong types",
        {"properties": 5, "required": {}, "items": "x", "$id": 5, "$ref": 7},
        {"type": "null"},
        "undecided",
    ),
    (
        "other keywords of wrong types",
        {"type": "null"},
        {"properties": 5, "allOf": {}, "enum": 5, "type": "no"},
        "undecided",
    ),
    (
        "names by many expressions",
        {"patternProperties": {f"^{c}": {"minimum": 1} for c in "abcdefghij"}},
        {"patternProperties": {f"^{c}": {"minimum": 0} for c in "abcdefghij"}},
        "compatible",
    ),
]


@pytest.mark.parametrize(("sub", "sup", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_hostile_schema_is_judged_in_bounded_time(sub: Any, sup: Any, verdict: str) -> None:
    start = time.perf_counter()
    inclusion = included(sub, sup)
    assert inclusion.verdict == verdict
    assert all(each.message for each in inclusion.obstacles)
    assert time.perf_counter() - start < ENOUGH


def test_only_so_many_obstacles_are_told() -> None:
    sub = {"properties": {f"p{each}": {"type": "number"} for each in range(500)}}
    sup = {"properties": {f"p{each}": {"type": "integer"} for each in range(500)}}
    inclusion = included(sub, sup)
    assert inclusion.verdict == "incompatible"
    assert len(inclusion.obstacles) == 100
