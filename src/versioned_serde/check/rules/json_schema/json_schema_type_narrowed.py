"""A type that one side writes is none of those that the other side reads."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-type-narrowed",
    severity="error",
    finds="A type that one side writes is none of those that the other side reads.",
    why=(
        "A validator on the reading side refuses the whole document for one value of a type that it does"
        " not list. `integer` is a part of `number`, so that widening it is safe for readers and narrowing"
        " it is not."
    ),
    example="""\
```json
{"type": ["string", "null"]}
```

becomes

```json
{"type": "string"}
```""",
    instead=(
        "Read both types first, and only then stop writing the one; or give the attribute of the new type"
        " a name of its own."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.1",),
)
