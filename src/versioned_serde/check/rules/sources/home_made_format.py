"""A stored model is written in a format that nobody declared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import ModuleType

from versioned_serde.check.expressions import Scope, scopes
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.sources import Sources

RULE = Rule(
    name="home-made-format",
    severity="warning",
    finds="A stored model is written in a format that nobody declared.",
    why=(
        "Such bytes have no version, so nothing tells how they were meant once the model changes; and nothing"
        " looks at the change, because no schema knows of them."
    ),
    example="""\
```python
cache.set(key, json.dumps(order.model_dump()))
```""",
    instead=(
        "Write the value with its schema: `orders.dumps(order)`. Where it is not stored and not read again by a"
        " service, such as in a web page or a log, ignore the finding with that as the reason."
    ),
    references=("docs/how-to/adopt-json-rows.md",),
)


_WRITERS = {
    *("json.dumps", "json.dump", "pickle.dumps", "pickle.dump", "marshal.dumps", "marshal.dump", "yaml.dump"),
    *("yaml.safe_dump", "orjson.dumps", "ujson.dumps", "simplejson.dumps", "msgpack.packb", "msgpack.dumps"),
    *("cbor2.dumps", "dill.dumps", "cloudpickle.dumps", "tomli_w.dumps", "struct.pack"),
    *("msgspec.json.encode", "msgspec.msgpack.encode", "msgspec.yaml.encode", "msgspec.toml.encode"),
}
"""Functions that make bytes or text of values, by module and name."""
_METHODS = ("model_dump_json", "to_json", "SerializeToString")
"""Methods of models that do."""
_PARTS = 2
"""Attributes of one object from which on a joined text is a format."""


def check(sources: Sources) -> Iterator[Finding]:
    """Every call that makes bytes or text of a stored model past its schema."""
    for module in sources.modules:
        for scope in scopes(module):
            for node in scope.parts():
                if isinstance(node, ast.Call) and (found := _written(node, scope, sources)) is not None:
                    schema, how = found
                    yield RULE.finding(
                        f"A value of a model that `{schema}` stores is written by {how}, which keeps no version.",
                        schema=schema,
                        place=module.at(node),
                    )


def _written(node: ast.Call, scope: Scope, sources: Sources) -> tuple[str, str] | None:
    """The schema whose model is written, and by what."""
    arguments = [*node.args, *(each.value for each in node.keywords)]
    name = _name(node.func, scope)
    if name in _WRITERS:
        found = (scope.among(each, sources.models) for each in arguments)
        schema = next((each for each in found if each is not None), None)
        return None if schema is None else (schema, f"`{name}`")
    if not isinstance(node.func, ast.Attribute):
        return None
    owner, verb = node.func.value, node.func.attr
    if verb in _METHODS and (cls := scope.instance(owner)) is not None and cls in sources.models:
        return sources.models[cls], f"`{verb}`"
    if verb == "join" and isinstance(owner, ast.Constant) and len(arguments) == 1:
        parts = [
            schema
            for part in ast.walk(arguments[0])
            if isinstance(part, ast.Attribute) and (schema := scope.among(part.value, sources.models)) is not None
        ]
        if len(parts) >= _PARTS:
            return parts[0], "joining texts"
    return None


def _name(function: ast.expr, scope: Scope) -> str:
    """Module and name of a function as it is called, by the module that was imported; empty if it is none."""
    match function:
        case ast.Attribute(value=value, attr=name):
            owner = scope.live(value)
            return f"{owner.__name__}.{name}" if isinstance(owner, ModuleType) else ""
        case ast.Name():
            found = scope.live(function)
            module = getattr(found, "__module__", "") or ""
            return f"{module.removeprefix('_')}.{getattr(found, '__name__', '')}"
    return ""
