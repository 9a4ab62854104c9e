"""An array that one side writes has items, or an order of items, that the other does not allow."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-items-changed",
    severity="error",
    finds="An array that one side writes has items, or an order of items, that the other does not allow.",
    why=(
        "Readers refuse each document with such an array: by `prefixItems`, `items`, `contains`,"
        " `uniqueItems` or `unevaluatedItems`."
    ),
    example="""\
```json
{"type": "array"}
```

becomes

```json
{"type": "array", "uniqueItems": true}
```""",
    instead="Narrow what is written first, and what is read when no other arrays are stored.",
    references=("https://json-schema.org/draft/2020-12/json-schema-core#section-10.3.1",),
)
