"""OpenAPI documents, in a few words each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.check.witnessed import check_witnessed
from versioned_serde.check.contracts.contract import Judgment
from versioned_serde.check.contracts.openapi.contract import compare

JSON = "application/json"


def content(schema: Any, *media: str) -> dict[str, Any]:
    return {each: {"schema": schema} for each in media or (JSON,)}


def answer(schema: Any = None, *media: str, **headers: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"description": "an answer"}
    if schema is not None:
        made["content"] = content(schema, *media)
    if headers:
        made["headers"] = {name.replace("_", "-"): each for name, each in headers.items()}
    return made


def operation(*parameters: Any, body: Any = None, responses: Any = None, **more: Any) -> dict[str, Any]:
    made = {"responses": responses or {"200": answer()}, **more}
    if parameters:
        made["parameters"] = list(parameters)
    if body is not None:
        made["requestBody"] = body
    return made


def parameter(name: str, where: str = "query", schema: Any = None, **more: Any) -> dict[str, Any]:
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, "schema": schema or {"type": "string"}, **required, **more}


def sent(schema: Any, *media: str, **more: Any) -> dict[str, Any]:
    """An operation with a body."""
    return operation(body={"content": content(schema, *media), **more})


def answered(schema: Any, *media: str) -> dict[str, Any]:
    """An operation with a response that has a body."""
    return operation(responses={"200": answer(schema, *media)})


def thing(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return {**made, "required": list(required)} if required else made


def document(get: Any = None, version: str = "3.0.3", paths: Any = None, **more: Any) -> dict[str, Any]:
    """A document with one operation, or with paths."""
    paths = paths if paths is not None else {"/things": {"post": get or operation()}}
    return {"openapi": version, "info": {"title": "Shop", "version": "1"}, "paths": paths, **more}


def judged(folder: Path, old: Any, new: Any) -> Judgment:
    files = folder / "old.json", folder / "new.json"
    for path, each in zip(files, (old, new), strict=True):
        path.write_text(json.dumps(each, indent=1))
    found = compare(*files, ())
    check_witnessed(found.findings)
    return found


def told(judgment: Judgment) -> set[str]:
    """The rules that speak, with `<` for backward and `>` for forward."""
    marks = {"backward": " <", "forward": " >", None: ""}
    found = {each.rule.removeprefix("openapi-") + marks[each.direction] for each in judgment.findings}
    return found - {"deployment-order"}
