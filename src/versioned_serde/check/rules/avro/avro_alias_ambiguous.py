"""Names and aliases lead to more than one field."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-alias-ambiguous",
    severity="warning",
    finds="A reader's names and aliases lead two of the writer's fields to one field, or one field to two.",
    why=(
        "The specification does not say which goes first. Java renames by alias before it looks at names, "
        "fastavro goes by the order of the fields, and some readers fail. So whether the schemas are compatible "
        "is undecided."
    ),
    example="""\
```diff
   {"name": "id", "type": "long"},
-  {"name": "number", "type": "long"}
+  {"name": "key", "type": "long", "aliases": ["id", "number"]}
```""",
    instead="Let each field of the writer's have one field of the reader's, by its name or by one alias.",
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#aliases",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
