"""A stored model is taken apart in a way that does not tell what was set from what was not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from versioned_serde.check.expressions import scopes
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.sources import Sources

RULE = Rule(
    name="presence-lost",
    severity="warning",
    finds="A stored model is taken apart in a way that does not tell what was set from what was not.",
    why=(
        "Null, a default that somebody chose and an attribute that nobody touched are three things. Without them,"
        " an edit by an old host becomes a change of attributes that it never looked at, and a later change of a"
        " default changes values that were chosen."
    ),
    example="""\
```python
orders.dumps(Order(**order.model_dump(exclude_none=True)))
```""",
    instead=(
        "Give the instance itself to the schema: it writes what was set. To hand a dict on, use"
        " `exclude_unset=True`, which keeps the difference."
    ),
    references=("docs/how-to/edit-records.md",),
)


_LOSING = ("exclude_none", "exclude_defaults")


def check(sources: Sources) -> Iterator[Finding]:
    """Every dump of a stored model without its nulls or defaults, and every stored Struct that omits defaults."""
    for module in sources.modules:
        for scope in scopes(module):
            for node in scope.parts():
                match node:
                    case ast.Call(func=ast.Attribute(value=owner, attr="model_dump"), keywords=keywords):
                        cls = scope.instance(owner)
                        losing = [each.arg for each in keywords if each.arg in _LOSING and _is_true(each.value)]
                        if losing and cls is not None and cls in sources.models:
                            schema = sources.models[cls]
                            yield RULE.finding(
                                f"`{losing[0]}=True` drops what a record of `{schema}` tells apart.",
                                schema=schema,
                                place=module.at(node),
                            )
    for model, schema in sources.models.items():
        if getattr(getattr(model, "__struct_config__", None), "omit_defaults", False):
            yield RULE.finding(
                f"`{model.__name__}` says `omit_defaults`, so what msgspec itself writes of it drops defaults that"
                " were chosen.",
                schema=schema,
                place=sources.comparison.at(schema),
            )


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
