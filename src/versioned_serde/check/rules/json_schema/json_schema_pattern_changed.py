"""A string that one side writes does not match the other side's regular expression."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-pattern-changed",
    severity="error",
    finds="A string that one side writes does not match the other side's regular expression.",
    why=(
        "Readers refuse each document with such a string. Expressions are compared as what they match, so"
        " that another spelling of the same is no change."
    ),
    example="""\
```json
{"pattern": "^[A-Za-z]+$"}
```

becomes

```json
{"pattern": "^[a-z]+$"}
```""",
    instead="Narrow what is written first, and what is read when no other strings are stored.",
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-6.3.3",),
)
