"""A record is rewritten from its value alone, without what this release does not know of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from versioned_serde import plugins
from versioned_serde.check.expressions import Scope, scopes
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.sources import Sources
from versioned_serde.schema import Schema

RULE = Rule(
    name="unknown-dropped",
    severity="warning",
    finds="A record is rewritten from its value alone, without what this release does not know of it.",
    why=(
        "During a deployment records hold attributes of the next release. `loads` gives the value that this"
        " release knows; `dumps` writes just that, and what the newer host wrote is gone."
    ),
    example="""\
```python
order = orders.loads(data)
order.note = "paid"
store.put(key, orders.dumps(order))
```""",
    instead=(
        "Edit the record: `document = orders.read(data)`, `document.edit()`, `orders.write(document)`. All that"
        " this release does not understand stays as it is."
    ),
    references=("docs/how-to/edit-records.md",),
)


_READ = ("loads", "unpack", "loads_many")
_WRITE = ("dumps", "pack", "dumps_many")


def check(sources: Sources) -> Iterator[Finding]:
    """Every function that reads values of a schema and then writes some, where the model drops what it lacks."""
    for module in sources.modules:
        for scope in scopes(module):
            read: list[Schema[Any]] = []
            for node in scope.parts():
                if (schema := _called(node, scope, _READ)) is not None:
                    read.append(schema)
                elif (schema := _called(node, scope, _WRITE)) is not None:
                    within = [_called(part, scope, _READ) for part in ast.walk(node)]
                    if any(each is schema for each in (*read, *within)) and _drops(schema):
                        yield RULE.finding(
                            f"A value that `{schema.name}` read is written again in the same function: what this"
                            " release does not know of the record is lost.",
                            schema=schema.name,
                            place=module.at(node),
                        )


def _called(node: ast.AST, scope: Scope, verbs: tuple[str, ...]) -> Schema[Any] | None:
    """The schema of which one of the verbs is called there."""
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=verb)) if verb in verbs:
            found = scope.live(owner)
            return found if isinstance(found, Schema) else None
    return None


def _drops(schema: Schema[Any]) -> bool:
    kind = plugins.kind(schema.model)
    return kind is not None and kind.unknown(schema.lines[-1].shape) == "dropped"
