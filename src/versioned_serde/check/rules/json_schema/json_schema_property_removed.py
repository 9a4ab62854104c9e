"""A closed object has no place for a property that the other side declares."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-property-removed",
    severity="error",
    finds="A closed object has no place for a property that the other side declares.",
    why=(
        "With `additionalProperties: false` a reader refuses every document that has the property, whatever its value."
    ),
    example="""\
```json
{"properties": {"id": {}, "note": {}}, "additionalProperties": false}
```

becomes

```json
{"properties": {"id": {}}, "additionalProperties": false}
```""",
    instead=(
        "Keep the property in the readers' schema until no document has it, or open the object before"
        " properties come and go."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-core#section-10.3.2.3",),
)
