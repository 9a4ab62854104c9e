"""At which places two schemas refer to others, and whether two schemas are the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.openapi.documents import thing
from versioned_serde.check.contracts.located import Located
from versioned_serde.check.contracts.openapi.documents import Node
from versioned_serde.check.contracts.openapi.pairs import pairs, same

A, B = {"$ref": "#/A"}, {"$ref": "#/B"}
STR = {"type": "string"}
LIST, MAP = {"type": "array", "items": A}, {"type": "object", "additionalProperties": A}
FOUND: list[tuple[Any, list[str]]] = [
    (thing(x=A), ["x"]),
    (thing(x=STR), []),
    (thing(x=thing(y=A), z=B), ["x.y", "z"]),
    (LIST, ["[]"]),
    (MAP, ["[]"]),
    (thing(x={**LIST, "items": LIST}), ["x[][]"]),
    (thing(x={**A, "readOnly": True}), []),
    (thing(x={**A, "writeOnly": True}), ["x"]),
    ({"allOf": [thing(x=A), thing(y=A)]}, ["x", "y"]),
    ({"allOf": [thing(x=A), thing(x=STR)]}, []),
    ({"allOf": [LIST, LIST]}, []),
    ({"allOf": [B], **thing(x=A)}, ["b", "x"]),
    ({**LIST, "uniqueItems": True}, []),
    ({"oneOf": [thing(x=A)], **thing(x=A)}, []),
    # The property `b` of B is met in `x` and in `y`.
    (thing(x={"allOf": [B]}, y={"allOf": [B]}, z=A), ["z"]),
    ({"$ref": "#/Loop"}, []),
]


def nodes(folder: Path, written: Any, read: Any) -> tuple[Node, Node]:
    """Two schemas, each in a document of its own, with others that they may refer to."""
    made = []
    for number, schema in enumerate((written, read)):
        path = folder / f"{number}.json"
        others = {"A": STR, "B": thing(b=A), "Loop": {"allOf": [{"$ref": "#/Loop"}, thing(x=A)]}}
        path.write_text(json.dumps({"schema": schema, **others, "C": STR, "D": {"type": "integer"}}))
        document = Located(path)
        made.append(Node({path.resolve(): document}, document, ("schema",), document.value["schema"]))
    return made[0], made[1]


@pytest.mark.parametrize("number", range(len(FOUND)))
def test_where_two_schemas_refer_to_others(number: int, tmp_path: Path) -> None:
    schema, attributes = FOUND[number]
    found = pairs(*nodes(tmp_path, schema, schema), "readOnly")
    assert sorted(each.attribute for each in found) == attributes


def test_where_only_one_refers_to_another(tmp_path: Path) -> None:
    assert pairs(*nodes(tmp_path, thing(x=A, y=A), thing(x=STR, z=A)), "readOnly") == []


SAME: list[tuple[Any, Any, bool]] = [
    (thing(x=A), thing(x=A), True),
    (thing(x=A), thing(x={"$ref": "#/C"}), True),
    (thing(x=A), thing(x={"$ref": "#/D"}), False),
    (thing(x=STR), thing(x={"type": "integer"}), False),
    (thing(x=STR), thing(x=STR, y=STR), False),
    (thing(("x",), x=STR), thing(("y",), x=STR), False),
    ({"enum": [1]}, {"enum": [1.0]}, False),
    ({"enum": [1]}, {"enum": [1, 2]}, False),
    ({"maximum": 1}, {"maximum": True}, False),
    ({"$ref": "#/Loop"}, {"$ref": "#/Loop"}, True),
]


@pytest.mark.parametrize("number", range(len(SAME)))
def test_whether_two_schemas_are_the_same(number: int, tmp_path: Path) -> None:
    one, other, are = SAME[number]
    assert same(*nodes(tmp_path, one, other), frozenset()) is are


def test_what_is_cut_out_may_differ(tmp_path: Path) -> None:
    one, other = nodes(tmp_path, thing(x=A), thing(x={"$ref": "#/D"}))
    (pair,) = pairs(one, other, "readOnly")
    assert same(one, other, frozenset({pair.written.key, pair.read.key}))
    assert not same(one, other, frozenset({pair.written.key}))


def test_a_schema_of_values_that_have_nothing_at_a_place(tmp_path: Path) -> None:
    schema = thing(x={"type": "array", "items": {**MAP, "properties": {"y": STR}}})
    (pair,) = pairs(*nodes(tmp_path, schema, schema), "readOnly")
    assert pair.attribute == "x[][]"
    assert pair.absent() == {
        "properties": {"x": {"properties": {}, "items": {"properties": {"y": True}, "additionalProperties": False}}}
    }
