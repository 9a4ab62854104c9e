"""A value that one side writes is none of those that the other side enumerates."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-enum-narrowed",
    severity="error",
    finds="A value that one side writes is none of those that the other side enumerates.",
    why=("Readers refuse each document with the value. Adding a value is the same for readers of the older schema."),
    example="""\
```json
{"enum": ["new", "paid", "lost"]}
```

becomes

```json
{"enum": ["new", "paid"]}
```""",
    instead="Let readers know the value before it is written, and stop writing it before readers forget it.",
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.2",),
)
