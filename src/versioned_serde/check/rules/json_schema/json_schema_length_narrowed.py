"""A string, array or object that one side writes is too short or too long for the other."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-length-narrowed",
    severity="error",
    finds="A string, array or object that one side writes is too short or too long for the other.",
    why="Readers refuse each document with a value of a length that only the wider bounds have.",
    example="""\
```json
{"type": "string"}
```

becomes

```json
{"type": "string", "maxLength": 40}
```""",
    instead="Narrow what is written first, and what is read when no other values are stored.",
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-6.3",),
)
