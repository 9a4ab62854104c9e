"""A schema of the older folder is not in the newer one."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-removed",
    severity="error",
    finds="A schema of the older folder is not in the newer one.",
    why="What was written under it is still there, and nothing says any more how to read it.",
    example="""\
```text
old/order.schema.json
new/                     (nothing of that name)
```""",
    instead="Keep the file until no document of its kind is left.",
    references=("https://json-schema.org/draft/2020-12/json-schema-core",),
    no_witness="There is no schema any more that a reader could read a record with.",
)
