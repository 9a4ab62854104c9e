"""Directed judgments over operations, parameters, bodies, responses and credentials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.openapi.documents import (
    answer,
    answered,
    content,
    document,
    judged,
    operation,
    parameter,
    sent,
    told,
)

OK, NO = "compatible", "incompatible"
INT, STR = {"type": "integer"}, {"type": "string"}
Q = parameter("q")


def paths(**items: Any) -> dict[str, Any]:
    """Paths by names in which `_` stands for a variable `{id}`."""
    return document(paths={f"/{name.replace('_', '/{id}')}": item for name, item in items.items()})


def get(*parameters: Any, **more: Any) -> dict[str, Any]:
    return {"get": operation(*parameters, **more)}


ID = parameter("id", "path")
OPERATIONS = [
    (paths(a=get()), paths(a=get()), OK, OK, set()),
    (paths(a=get(), b=get()), paths(a=get()), NO, OK, {"operation-missing <"}),
    (paths(a=get()), paths(a=get(), b=get()), OK, NO, {"operation-missing >"}),
    (paths(a=get()), paths(a={"post": operation()}), NO, NO, {"operation-missing <", "operation-missing >"}),
    (
        paths(a_=get(ID)),
        document(paths={"/a/{number}": get(parameter("number", "path"))}),
        OK,
        OK,
        set(),
    ),
    (
        document(paths={"/a/{x}/{y}": get(parameter("x", "path", INT), parameter("y", "path"))}),
        document(paths={"/a/{y}/{x}": get(parameter("x", "path", STR), parameter("y", "path", INT))}),
        OK,
        OK,
        set(),
    ),
    (paths(a_=get(ID)), paths(a_={"parameters": [ID], "get": operation()}), OK, OK, set()),
    (paths(a_=get(ID)), paths(a=get()), NO, NO, {"operation-missing <", "operation-missing >"}),
    (paths(a=get()), paths(a=get(deprecated=True)), OK, OK, {"deprecated"}),
    (paths(a=get(operationId="x")), paths(a=get(operationId="y")), OK, OK, {"operation-id-changed"}),
    (document(servers=[{"url": "/v1"}]), document(servers=[{"url": "/v2"}]), OK, OK, {"server-removed"}),
    (document(servers=[{"url": "/v1"}]), document(servers=[{"url": "/v1"}, {"url": "/v2"}]), OK, OK, set()),
    (document(), document(paths={}), NO, OK, {"operation-missing <"}),
]
CSV = {"type": "array", "items": {"type": "integer"}}
PARAMETERS = [
    (document(), document(operation(Q)), OK, OK, {"input-ignored >"}),
    (document(operation(Q)), document(), OK, OK, {"input-ignored <"}),
    (document(), document(operation({**Q, "required": True})), NO, OK, {"parameter-required <", "input-ignored >"}),
    (document(operation(Q)), document(operation({**Q, "required": True})), NO, OK, {"parameter-required <"}),
    (document(operation({**Q, "required": True})), document(operation(Q)), OK, NO, {"parameter-required >"}),
    (
        document(operation(parameter("q", schema=INT))),
        document(operation(parameter("q", schema={"type": "number"}))),
        OK,
        NO,
        {"request-schema >"},
    ),
    (
        document(operation(parameter("q", schema={**INT, "maximum": 10}))),
        document(operation(parameter("q", schema={**INT, "maximum": 5}))),
        NO,
        OK,
        {"request-schema <"},
    ),
    (
        document(operation(parameter("q", schema={**STR, "enum": ["a", "b"]}))),
        document(operation(parameter("q", schema={**STR, "enum": ["a", "b", "c"]}))),
        OK,
        NO,
        {"request-schema >"},
    ),
    (
        document(operation(parameter("q"))),
        document(operation(parameter("q", "header"))),
        OK,
        OK,
        {"input-ignored <", "input-ignored >"},
    ),
    (
        document(operation(parameter("X-A", "header", required=True))),
        document(operation(parameter("x-a", "header", required=True))),
        OK,
        OK,
        set(),
    ),
    (document(), document(operation(parameter("Accept", "header", required=True))), OK, OK, set()),
    (
        document(operation(parameter("ids", schema=CSV))),
        document(operation(parameter("ids", schema=CSV, explode=False))),
        NO,
        NO,
        {"parameter-form-changed <", "parameter-form-changed >"},
    ),
    (
        document(operation(parameter("ids", schema=CSV))),
        document(operation(parameter("ids", schema=CSV, style="form", explode=True))),
        OK,
        OK,
        set(),
    ),
    (
        document(operation(parameter("ids", schema=CSV, style="spaceDelimited", explode=False))),
        document(operation(parameter("ids", schema=CSV, style="pipeDelimited", explode=False))),
        NO,
        NO,
        {"parameter-form-changed <", "parameter-form-changed >"},
    ),
    (
        document(operation({"name": "q", "in": "query", "content": content(INT)})),
        document(operation(parameter("q", schema=INT))),
        NO,
        NO,
        {"parameter-form-changed <", "parameter-form-changed >"},
    ),
    (
        document(operation({"name": "q", "in": "query", "content": content({**INT, "maximum": 9})})),
        document(operation({"name": "q", "in": "query", "content": content(INT)})),
        OK,
        NO,
        {"request-schema >"},
    ),
]
BODIES = [
    (document(sent(INT)), document(sent(INT)), OK, OK, set()),
    (document(), document(sent(INT)), OK, OK, {"input-ignored >"}),
    (document(sent(INT)), document(), OK, OK, {"input-ignored <"}),
    (document(), document(sent(INT, required=True)), NO, OK, {"body-required <", "input-ignored >"}),
    (document(sent(INT)), document(sent(INT, required=True)), NO, OK, {"body-required <"}),
    (document(sent(INT, required=True)), document(sent(INT)), OK, NO, {"body-required >"}),
    (document(sent(INT)), document(sent(INT, "text/plain")), NO, NO, {"media-type-missing <", "media-type-missing >"}),
    (document(sent(INT)), document(sent(INT, "application/json", "text/plain")), OK, NO, {"media-type-missing >"}),
    (document(sent(INT)), document(sent(INT, "application/*")), OK, NO, {"media-type-missing >"}),
    (document(sent(INT)), document(sent(INT, "*/*")), OK, NO, {"media-type-missing >"}),
    (document(sent(INT)), document(sent(INT, "Application/JSON; charset=utf-8")), OK, OK, set()),
    (document(sent(INT)), document(sent(STR)), NO, NO, {"request-schema <", "request-schema >"}),
    (
        document(operation(body={"content": {"application/json": {}}})),
        document(sent(INT)),
        OK,
        OK,
        set(),
    ),
]


def statuses(*numbers: str, **more: Any) -> dict[str, Any]:
    return document(operation(responses={each: answer() for each in numbers}, **more))


HEADER = {"schema": INT}
RESPONSES = [
    (statuses("200"), statuses("200", "202"), OK, NO, {"status-missing >"}),
    (statuses("200", "202"), statuses("200"), NO, OK, {"status-missing <"}),
    (statuses("200"), statuses("2XX"), OK, NO, {"status-missing >"}),
    (statuses("2XX"), statuses("200"), NO, OK, {"status-missing <"}),
    (statuses("200", "default"), statuses("200", "202"), OK, OK, {"error-status-missing <"}),
    (statuses("200"), statuses("200", "409"), OK, OK, {"error-status-missing >"}),
    (statuses("200", "4XX"), statuses("200", "409"), OK, OK, {"error-status-missing <"}),
    (statuses("200", "409"), statuses("200", "default"), OK, OK, {"error-status-missing >"}),
    (document(answered(INT)), document(answered({"type": "number"})), OK, NO, {"response-schema >"}),
    (document(answered(INT)), document(answered({**INT, "minimum": 0})), NO, OK, {"response-schema <"}),
    (document(answered(INT)), document(), OK, NO, {"body-missing >"}),
    (document(), document(answered(INT)), NO, OK, {"body-missing <"}),
    (
        document(answered(INT)),
        document(answered(INT, "text/plain")),
        NO,
        NO,
        {"media-type-missing <", "media-type-missing >"},
    ),
    (document(answered(INT)), document(answered(INT, "application/json", "text/plain")), OK, OK, set()),
    (
        document(operation(responses={"200": answer(INT), "default": answer(STR)})),
        document(operation(responses={"200": answer(INT), "404": answer(INT), "default": answer(STR)})),
        OK,
        NO,
        {"response-schema >"},
    ),
    (
        document(operation(responses={"200": answer(X_Next=HEADER)})),
        document(operation(responses={"200": answer()})),
        OK,
        OK,
        set(),
    ),
    (
        document(operation(responses={"200": answer(X_Next={**HEADER, "required": True})})),
        document(operation(responses={"200": answer(x_next=HEADER)})),
        OK,
        NO,
        {"header-missing >"},
    ),
    (
        document(operation(responses={"200": answer(X_Next=HEADER)})),
        document(operation(responses={"200": answer(X_Next={"schema": STR})})),
        NO,
        NO,
        {"response-schema <", "response-schema >"},
    ),
    (
        document(operation(responses={"200": answer(Content_Type={**HEADER, "required": True})})),
        document(),
        OK,
        OK,
        set(),
    ),
]


def secured(*alternatives: Any, **schemes: Any) -> dict[str, Any]:
    known = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "token": {"type": "http", "scheme": "bearer"},
        "login": {"type": "oauth2", "flows": {}},
        **schemes,
    }
    return document(operation(security=list(alternatives)), components={"securitySchemes": known})


SECURITY = [
    (document(), secured({"key": []}), NO, OK, {"security-required <"}),
    (secured({"key": []}), document(), OK, NO, {"security-required >"}),
    (secured({"key": []}), secured({"key": []}, {"token": []}), OK, NO, {"security-required >"}),
    (secured({"key": []}), secured({"key": [], "token": []}), NO, OK, {"security-required <"}),
    (secured({"key": []}), secured({}, {"key": []}), OK, NO, {"security-required >"}),
    (secured({"login": ["read"]}), secured({"login": ["read", "write"]}), NO, OK, {"security-required <"}),
    (
        secured({"token": []}),
        secured({"other": []}, other={"type": "http", "scheme": "Bearer"}),
        OK,
        OK,
        set(),
    ),
    (
        secured({"key": []}),
        secured({"key": []}, key={"type": "apiKey", "in": "header", "name": "X-Other"}),
        NO,
        NO,
        {"security-required <", "security-required >"},
    ),
    (
        document(operation(), security=[{"token": []}], components=secured()["components"]),
        secured({"token": []}),
        OK,
        OK,
        set(),
    ),
]


def called_back(schema: Any) -> dict[str, Any]:
    return document(operation(callbacks={"paid": {"{$request.body#/url}": {"post": sent(schema)}}}))


def webhook(schema: Any, **more: Any) -> dict[str, Any]:
    hook = operation(body={"content": content(schema)}, **more)
    return document(version="3.1.0", webhooks={"paid": {"post": hook}})


FROM_SERVERS = [
    (webhook(INT), webhook({"type": "number"}), OK, NO, {"request-schema >"}),
    (webhook(INT), document(version="3.1.0"), NO, OK, {"operation-missing <"}),
    (called_back(INT), called_back({"type": "number"}), OK, NO, {"request-schema >"}),
    (called_back(INT), called_back(STR), NO, NO, {"request-schema <", "request-schema >"}),
]
CASES = [*OPERATIONS, *PARAMETERS, *BODIES, *RESPONSES, *SECURITY, *FROM_SERVERS]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_judgment(number: int, tmp_path: Path) -> None:
    old, new, backward, forward, rules = CASES[number]
    judgment = judged(tmp_path, old, new)
    assert told(judgment) == rules
    assert (judgment.backward, judgment.forward) == (backward, forward)


def test_there_are_enough_judgments() -> None:
    assert len(CASES) >= 70


def test_in_callbacks_and_webhooks_servers_call(tmp_path: Path) -> None:
    for made in (called_back, webhook):
        errors = [each for each in judged(tmp_path, made(INT), made(STR)).findings if each.severity == "error"]
        hosts = {each.message.partition(",")[0] for each in errors}
        assert hosts == {"Old servers calling new clients", "New servers calling old clients"}
