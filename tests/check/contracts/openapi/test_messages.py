"""Directed judgments over the schemas of messages: what is sent, what is read, and what version 3.0 says otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.openapi.documents import answered, document, judged, sent, thing, told

OK, NO = "compatible", "incompatible"
INT, STR = {"type": "integer"}, {"type": "string"}
A, AB = thing(a=STR), thing(a=STR, b=INT)


def named(schema: Any, version: Any = "3.0.3", **schemas: Any) -> tuple[Any, Any]:
    """The document in which a schema is sent, and the one in which it is answered."""
    more = {"version": version, "components": {"schemas": schemas}} if schemas else {"version": version}
    return document(sent(schema), **more), document(answered(schema), **more)


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def kinds(*branches: str, value: str = "kind", mapping: Any = None) -> dict[str, Any]:
    more = {"mapping": mapping} if mapping else {}
    return {"oneOf": [ref(each) for each in branches], "discriminator": {"propertyName": value, **more}}


CAT, DOG = thing(("kind",), kind=STR, cat=STR), thing(("kind",), kind=STR, dog=INT)
BOTH = {"Cat": CAT, "Dog": DOG}
X = thing(("a",), a={"enum": ["x"]})
NEED_A, NEED_B = thing(("a",), a=STR), thing(("b",), b=INT)
NEED_A_WITH_B = thing(("a",), a=STR, b=STR)
R, W = {**STR, "readOnly": True}, {**STR, "writeOnly": True}
TREE = {"Tree": thing(value=INT, children={"type": "array", "items": ref("Tree")})}
WIDER_TREE = {"Tree": thing(value={"type": "number"}, children={"type": "array", "items": ref("Tree")})}
ANY_OF, MORE_OF = {"anyOf": [A, thing(b=INT)]}, {"anyOf": [A, thing(b={"type": "number"})]}
# What is compared, old and new; and whether old clients' requests and old servers' answers are read by the new release,
# and the other way.
CASES: list[tuple[Any, Any, str, str]] = [
    (named(A), named(A), OK, OK),
    # Properties: a writer sends what it declares.
    (named(A), named(AB), OK, OK),
    (named(A), named(thing(("b",), a=STR, b=INT)), NO, OK),
    (named(thing(("a",), a=STR)), named(A), OK, NO),
    (named(A), named(thing(a=INT)), NO, NO),
    (named(A), named({**A, "additionalProperties": False}), OK, OK),
    (named(AB), named({**A, "additionalProperties": False}), NO, OK),
    (named(A), named({**AB, "additionalProperties": False}), OK, OK),
    (named({**A, "additionalProperties": True}), named({**A, "additionalProperties": False}), NO, OK),
    (named({**A, "additionalProperties": INT}), named({**A, "additionalProperties": STR}), NO, NO),
    (named({**A, "additionalProperties": INT}), named({**AB, "additionalProperties": INT}), OK, OK),
    (named({**A, "additionalProperties": STR}), named({**AB, "additionalProperties": STR}), NO, NO),
    (named({"type": "object"}), named(A), NO, OK),
    (named({"type": "object"}), named({"type": "object", "additionalProperties": False}), NO, OK),
    (named(thing(in_=A)), named(thing(in_=AB)), OK, OK),
    (named({"type": "array", "items": A}), named({"type": "array", "items": AB}), OK, OK),
    (named({"type": "array", "items": A}), named({"type": "array", "items": thing(a=INT)}), NO, NO),
    (named({"allOf": [A, thing(b=INT)]}), named({"allOf": [A, thing(b=INT), thing(c=INT)]}), OK, OK),
    (named({"allOf": [A, thing(b=INT)]}), named(AB), OK, OK),
    (named({"allOf": [ref("A"), thing(b=INT)]}, A=A), named(AB), OK, OK),
    (named({"allOf": [ref("A")], **thing(b=INT)}, A=A), named({**A, "additionalProperties": False}), NO, OK),
    (named(ANY_OF), named(MORE_OF), OK, NO),
    (named({"oneOf": [CAT, DOG]}), named({"oneOf": [CAT, DOG]}), OK, OK),
    (named({"oneOf": [NEED_A, NEED_B]}), named({"oneOf": [NEED_A_WITH_B, NEED_B]}), OK, OK),
    (named(ref("Tree"), **TREE), named(ref("Tree"), **TREE), OK, OK),
    (named(ref("Tree"), **TREE), named(ref("Tree"), **WIDER_TREE), OK, NO),
    (named(ref("A"), A=A), named(ref("B"), B=A), OK, OK),
    (named(ref("A"), A=A), named(A), OK, OK),
    (named({**AB, "not": X}), named({**AB, "not": X, "title": "words"}), OK, OK),
    # Values.
    (named({**STR, "enum": ["a"]}), named({**STR, "enum": ["a", "b"]}), OK, NO),
    (named({**STR, "maxLength": 5}), named({**STR, "maxLength": 4}), NO, OK),
    (named(STR), named({**STR, "format": "uuid"}), OK, OK),
    (named(STR), named({**STR, "description": "words", "example": "x", "deprecated": True}), OK, OK),
    # Version 3.0.
    (named(STR), named({**STR, "nullable": True}), OK, NO),
    (named({"nullable": True, "allOf": [STR]}), named(STR), OK, OK),
    (named({**INT, "minimum": 1}), named({**INT, "minimum": 1, "exclusiveMinimum": True}), NO, OK),
    (named({**INT, "minimum": 1, "exclusiveMinimum": False}), named({**INT, "minimum": 1}), OK, OK),
    (named({**INT, "maximum": 1}), named({**INT, "maximum": 1, "exclusiveMaximum": True}), NO, OK),
    (named({**ref("A"), "maxLength": 1}, A=STR), named(STR), OK, OK),
    (named({**ref("A"), "additionalProperties": True}, A=A), named({**A, "additionalProperties": False}), OK, OK),
    # Version 3.1, and both.
    (named({**ref("A"), "maxLength": 1}, "3.1.0", A=STR), named(STR, "3.1.0"), OK, NO),
    (named({"type": ["string", "null"]}, "3.1.0"), named(STR, "3.1.0"), NO, OK),
    (named({**STR, "nullable": True}), named({"type": ["string", "null"]}, "3.1.0"), OK, OK),
    (named({**STR, "nullable": True}), named({**STR, "nullable": True}, "3.1.0"), NO, OK),
    (named({**INT, "minimum": 1, "exclusiveMinimum": True}), named({**INT, "exclusiveMinimum": 1}, "3.1.0"), OK, OK),
    (named({"const": 1}, "3.1.0"), named({"const": 2}, "3.1.0"), NO, NO),
    (named({**ref("A"), **thing(b=INT)}, "3.1.0", A=A), named({**AB, "additionalProperties": False}, "3.1.0"), OK, OK),
    (named({**ref("A"), **thing(c=INT)}, "3.1.0", A=A), named({**AB, "additionalProperties": False}, "3.1.0"), NO, OK),
    (
        named({**A, "patternProperties": {"^x": INT}}, "3.1.0"),
        named({**A, "additionalProperties": False}, "3.1.0"),
        NO,
        OK,
    ),
    (named({**A, "unevaluatedProperties": False}, "3.1.0"), named(AB, "3.1.0"), OK, NO),
]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_schema_in_requests_and_in_responses(number: int, tmp_path: Path) -> None:
    old, new, backward, forward = CASES[number]
    for index in (0, 1):
        judgment = judged(tmp_path, old[index], new[index])
        assert (judgment.backward, judgment.forward) == (backward, forward)
        rules = {each.rule for each in judgment.findings} - {"openapi-deployment-order"}
        assert rules <= {("openapi-request-schema", "openapi-response-schema")[index]}


# (schema, schema, requests backward, requests forward, responses backward, responses forward)
ONE_WAY: list[tuple[Any, Any, str, str, str, str]] = [
    # What is `readOnly` is only in responses, and what is `writeOnly` only in requests; `required` counts there alone.
    (thing(id=R), thing(("id",), id=R), OK, OK, NO, OK),
    (thing(pin=W), thing(("pin",), pin=W), NO, OK, OK, OK),
    (thing(id=R), thing(id={**R, "maxLength": 3}), OK, OK, NO, OK),
    (thing(pin=W), thing(pin={**W, "maxLength": 3}), NO, OK, OK, OK),
    (thing(("id",), id=R), thing(("id",), id=STR), NO, OK, OK, OK),
    (thing(id=STR), thing(id=R), OK, OK, OK, OK),
    (thing(("pin",), pin=W), thing(("pin",), pin=STR), OK, OK, NO, OK),
    ({"allOf": [thing(("id",)), thing(id=R)]}, thing(id=R), OK, OK, OK, NO),
]


@pytest.mark.parametrize("number", range(len(ONE_WAY)))
def test_what_only_one_kind_of_message_holds(number: int, tmp_path: Path) -> None:
    old, new, *verdicts = ONE_WAY[number]
    requests = judged(tmp_path, document(sent(old)), document(sent(new)))
    responses = judged(tmp_path, document(answered(old)), document(answered(new)))
    assert [requests.backward, requests.forward, responses.backward, responses.forward] == verdicts


def test_a_flag_may_be_behind_a_reference(tmp_path: Path) -> None:
    old = named(thing(("id",), id=ref("Id")), Id=R)
    new = named(thing(id=ref("Id")), Id=R)
    assert told(judged(tmp_path, old[0], new[0])) == set()
    assert told(judged(tmp_path, old[1], new[1])) == {"response-schema >"}


CAT_IS_TOM = {"tom": "#/components/schemas/Cat"}
DISCRIMINATORS = [
    (kinds("Cat", "Dog"), kinds("Cat", "Dog"), OK, OK),
    (kinds("Cat", "Dog"), kinds("Dog", "Cat"), OK, OK),
    (kinds("Cat"), kinds("Cat", "Dog"), OK, NO),
    (kinds("Cat", "Dog"), kinds("Cat", "Dog", value="sort"), NO, NO),
    (kinds("Cat", "Dog"), kinds("Cat", "Dog", mapping=CAT_IS_TOM), NO, NO),
    (kinds("Cat", "Dog"), kinds("Cat", "Dog", mapping={"Cat": "Cat"}), OK, OK),
    (kinds("Cat", "Dog"), kinds("Cat", "Dog", mapping={**CAT_IS_TOM, "Cat": "Cat"}), OK, NO),
]


@pytest.mark.parametrize("number", range(len(DISCRIMINATORS)))
def test_discriminators_of_branches(number: int, tmp_path: Path) -> None:
    old, new, backward, forward = DISCRIMINATORS[number]
    for schema in (lambda kind: kind, lambda kind: thing(pet=kind), lambda kind: {"type": "array", "items": kind}):
        both = (named(schema(each), **BOTH)[1] for each in (old, new))
        judgment = judged(tmp_path, *both)
        assert (judgment.backward, judgment.forward) == (backward, forward)
        assert told(judgment) <= {"response-schema <", "response-schema >"}


def parent(value: str, *names: str) -> dict[str, Any]:
    mapping = {"mapping": dict.fromkeys(names, "#/components/schemas/Cat")} if names else {}
    return {**thing(kind=STR, sort=STR), "discriminator": {"propertyName": value, **mapping}}


PARENTS = [
    (parent("kind", "a"), parent("kind", "a"), set()),
    (parent("kind"), parent("sort"), {"discriminator-changed <", "discriminator-changed >"}),
    (parent("kind", "a"), parent("kind", "a", "b"), {"discriminator-changed >"}),
    (parent("kind", "a", "b"), parent("kind", "a"), {"discriminator-changed <"}),
    (parent("kind"), parent("kind", "a"), set()),
]


@pytest.mark.parametrize("number", range(len(PARENTS)))
def test_discriminators_of_a_schema_that_others_extend(number: int, tmp_path: Path) -> None:
    old, new, rules = PARENTS[number]
    for schema in (lambda kind: kind, lambda kind: thing(pet=kind), lambda kind: {"type": "array", "items": kind}):
        both = (named(schema(each), **BOTH)[1] for each in (old, new))
        assert told(judged(tmp_path, *both)) == rules


def test_what_cannot_be_decided_is_said(tmp_path: Path) -> None:
    old, new = (document(answered({**STR, "pattern": each})) for each in (r"^(a+)b\1$", r"^(a*)b\1$"))
    judgment = judged(tmp_path, old, new)
    assert (judgment.backward, judgment.forward) == ("undecided", "undecided")
    assert told(judgment) == {"schema-undecided <", "schema-undecided >"}
    assert {each.severity for each in judgment.findings} == {"warning", "note"}


def test_a_finding_is_told_once_for_all_messages_of_a_schema(tmp_path: Path) -> None:
    more = {"requestBody": document(sent(ref("A")))["paths"]["/things"]["post"]["requestBody"]}
    old, new = (
        document(
            paths={f"/{path}": {"post": {**answered(ref("A")), **more}} for path in ("x", "y", "z")},
            components={"schemas": {"A": thing(a=each)}},
        )
        for each in (INT, {"type": "number"})
    )
    findings = [each for each in judged(tmp_path, old, new).findings if each.severity == "error"]
    assert [(each.rule, each.message.partition(";")[2]) for each in findings] == [
        ("openapi-request-schema", " also in 2 more."),
        ("openapi-response-schema", " also in 2 more."),
    ]


def test_a_witness_is_a_whole_message(tmp_path: Path) -> None:
    old, new = (
        document(
            answered({"type": "array", "items": ref("Order")}),
            components={
                "schemas": {
                    "Order": thing(("id",), id=INT, lines={"type": "array", "items": ref("Line")}, to=ref("Note")),
                    "Line": thing(("sku",), sku=STR, notes={"type": "object", "additionalProperties": ref("Note")}),
                    "Note": thing(("text",), text=each),
                }
            },
        )
        for each in (STR, {**STR, "maxLength": 3})
    )
    judgment = judged(tmp_path, old, new)
    (finding,) = (each for each in judgment.findings if each.severity == "error")
    assert finding.witness is not None
    ((order, *_), text) = json.loads(finding.witness), finding.attribute
    notes = {
        "response 200 as application/json: [].to.text": lambda: order["to"],
        "response 200 as application/json: [].lines[].notes[].text": lambda: next(
            iter(order["lines"][0]["notes"].values())
        ),
    }
    assert len(notes[text or ""]()["text"]) == 4
    assert type(order["id"]) is int
