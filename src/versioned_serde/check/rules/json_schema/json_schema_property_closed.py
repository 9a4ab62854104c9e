"""An object may have no other properties, or fewer, than the other side allows."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-property-closed",
    severity="error",
    finds="An object may have no other properties, or fewer, than the other side allows.",
    why=(
        "What the other side allows beyond the declared properties is refused: by `additionalProperties`,"
        " `unevaluatedProperties`, `patternProperties` or `propertyNames`."
    ),
    example="""\
```json
{"properties": {"id": {}}}
```

becomes

```json
{"properties": {"id": {}}, "additionalProperties": false}
```""",
    instead=(
        "Close the writers' schema first. Close the readers' schema when no document with other properties is left."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-core#section-10.3.2.3",),
)
