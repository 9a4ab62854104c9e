"""A branch of a union is written that a reader does not have."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-union-branch-missing",
    severity="error",
    finds="A writer may write a type that matches nothing of the reader's union or type.",
    why=(
        "A union's value is resolved against the first branch of the reader's that matches it. If none does, "
        "reading fails, though only for values of that branch: often long after the deployment."
    ),
    example="""\
```diff
-{"name": "note", "type": ["null", "string"]}
+{"name": "note", "type": "string"}
```""",
    instead=(
        "Keep the branch in the reader's schema. A new branch takes two releases: first every reader has it, then "
        "somebody writes it."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
