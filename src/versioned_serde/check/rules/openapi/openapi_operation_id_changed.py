"""An operation has another id."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-operation-id-changed",
    severity="note",
    finds="An operation has another `operationId`.",
    why="No message changes. Generated clients have another function, and links by id lead nowhere.",
    example="""\
```diff
-operationId: getOrder
+operationId: fetchOrder
```""",
    instead="Keep the id, unless nobody generates code.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#operation-object",
        "docs/how-to/compare-openapi.md",
    ),
)
