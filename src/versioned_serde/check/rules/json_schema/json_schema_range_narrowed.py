"""A number that one side writes is out of the range of the other, or no multiple of its step."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-range-narrowed",
    severity="error",
    finds="A number that one side writes is out of the range of the other, or no multiple of its step.",
    why="Readers refuse each document with a number that only the wider range has.",
    example="""\
```json
{"type": "integer", "maximum": 100}
```

becomes

```json
{"type": "integer", "maximum": 10}
```""",
    instead="Narrow what is written first, and what is read when no other numbers are stored.",
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-6.2",),
)
