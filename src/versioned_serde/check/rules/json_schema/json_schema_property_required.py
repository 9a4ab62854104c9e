"""A property is required that the other side may leave out."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-property-required",
    severity="error",
    finds="A property is required that the other side may leave out.",
    why=(
        "Every document without the property is refused: stored ones, and those of hosts that do not"
        " write it yet. The same holds for `dependentRequired`."
    ),
    example="""\
```json
{"required": ["id"]}
```

becomes

```json
{"required": ["id", "currency"]}
```""",
    instead=(
        "Leave the property optional and give it a default where it is read. Require it when no document"
        " without it is left."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-6.5.3",),
)
