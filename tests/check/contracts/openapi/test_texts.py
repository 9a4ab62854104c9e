"""Witnesses that are messages: the smallest that one side sends and the other does not take."""

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
)

INT, STR = {"type": "integer"}, {"type": "string"}
LIST = {"type": "array", "items": INT}
KEY: Any = {"components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}}}
BEARER: Any = {"components": {"securitySchemes": {"it": {"type": "http", "scheme": "bearer"}}}}
PAIR = operation(
    parameter("id", "path", INT),
    parameter("q", required=True),
    parameter("x-a", "header", required=True),
    parameter("c", "cookie", required=True),
    parameter("more"),
    body={"content": content({"type": "object", "properties": {"a": INT}, "required": ["a"]}), "required": True},
)


def with_parameter(schema: Any, **more: Any) -> Any:
    return document(operation(parameter("ids", schema=schema, **more)))


@pytest.mark.parametrize(
    ("old", "new", "rule", "witness"),
    [
        (document(paths={"/a": {"get": operation()}}), document(paths={}), "operation-missing", "GET /a"),
        (
            document(paths={"/a/{id}/b": {"post": PAIR}}),
            document(paths={}),
            "operation-missing",
            'POST /a/0/b?q=a\nx-a: a\ncookie: c=a\ncontent-type: application/json\n\n{"a": 0}',
        ),
        (document(), document(sent(INT, required=True)), "body-required", "POST /things"),
        (
            document(),
            document(operation(parameter("q", required=True))),
            "parameter-required",
            "POST /things",
        ),
        (
            with_parameter(LIST),
            with_parameter(LIST, explode=False),
            "parameter-form-changed",
            "POST /things?ids=0&ids=0",
        ),
        (
            with_parameter(LIST, style="pipeDelimited", explode=False),
            with_parameter(LIST),
            "parameter-form-changed",
            "POST /things?ids=0|0",
        ),
        (
            with_parameter(INT),
            document(operation({"name": "ids", "in": "query", "content": content(INT)})),
            "parameter-form-changed",
            None,
        ),
        (
            document(sent(STR, "text/plain")),
            document(sent(INT)),
            "media-type-missing",
            "POST /things\ncontent-type: text/plain",
        ),
        (
            document(security=[{"key": []}], **KEY),
            document(security=[{"it": []}], **BEARER),
            "security-required",
            "POST /things\nx-key: a",
        ),
        (document(), document(security=[{"it": []}], **BEARER), "security-required", "POST /things"),
    ],
)
def test_requests(old: Any, new: Any, rule: str, witness: str | None, tmp_path: Path) -> None:
    found = {each.rule: each.witness for each in judged(tmp_path, old, new).findings if each.direction == "backward"}
    assert found[f"openapi-{rule}"] == witness


@pytest.mark.parametrize(
    ("old", "new", "rule", "witness"),
    [
        (
            document(operation(responses={"200": answer()})),
            document(operation(responses={"200": answer(), "2XX": answer()})),
            "status-missing",
            "201",
        ),
        (document(answered(INT)), document(), "body-missing", "200"),
        (
            document(answered(INT)),
            document(answered(INT, "application/x+json")),
            "media-type-missing",
            "200\ncontent-type: application/x+json\n\n0",
        ),
        (
            document(operation(responses={"200": answer(x_next={"required": True, "schema": INT})})),
            document(operation(responses={"200": answer()})),
            "header-missing",
            "200",
        ),
    ],
)
def test_responses(old: Any, new: Any, rule: str, witness: str, tmp_path: Path) -> None:
    found = {each.rule: each.witness for each in judged(tmp_path, old, new).findings if each.direction == "forward"}
    assert found[f"openapi-{rule}"] == witness
