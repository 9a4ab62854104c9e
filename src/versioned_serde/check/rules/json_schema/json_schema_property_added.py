"""A property gets a schema that the other side does not declare, and allows with any value."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-property-added",
    severity="error",
    finds="A property gets a schema that the other side does not declare, and allows with any value.",
    why=(
        "An open object may have any property. So a document that is valid on the other side may have"
        " this one with another type. Whether some document does, its writers know; the schema does not"
        " exclude it."
    ),
    example="""\
```json
{"properties": {"id": {}}}
```

becomes

```json
{"properties": {"id": {}, "note": {"type": "string"}}}
```""",
    instead=(
        "If nobody ever wrote the property, ignore the finding with that as the reason. Otherwise choose"
        " a name that nobody used. With `additionalProperties: false` on the writing side, new properties"
        " are safe for readers of the new schema."
    ),
    references=("https://json-schema.org/draft/2020-12/json-schema-core#section-10.3.2.1",),
)
