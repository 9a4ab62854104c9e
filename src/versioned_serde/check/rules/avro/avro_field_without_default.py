"""A reader needs a field that a writer lacks."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-field-without-default",
    severity="error",
    finds="A reader's record has a field without a default that the writer's record has not.",
    why=(
        "A reader takes a field that was not written from the field's default. Without one, it refuses every "
        "record. Backward, a field was added without a default; forward, one was removed that had none."
    ),
    example="""\
```diff
 {"name": "Order", "type": "record", "fields": [
   {"name": "total", "type": "long"},
+  {"name": "note", "type": "string"}
 ]}
```""",
    instead="""\
Give the field a default, in the schema of the reader. If it is an old field under a new name, name the old one in
its `aliases`.

A field that shall be removed gets a default first. When every reader has that schema, the field may go.""",
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
