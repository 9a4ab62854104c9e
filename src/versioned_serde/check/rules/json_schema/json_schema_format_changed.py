"""The `format` of an attribute changed, which excludes nothing."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="json-schema-format-changed",
    severity="note",
    finds="The `format` of an attribute is another than before.",
    why=(
        "By default `format` is an annotation: validators refuse nothing because of it. Code that was"
        " made from the schema may parse the text by it all the same."
    ),
    example="""\
```json
{"type": "string"}
```

becomes

```json
{"type": "string", "format": "date-time"}
```""",
    instead="Look at what readers do with the text. If they parse it, it is a change of type.",
    references=("https://json-schema.org/draft/2020-12/json-schema-validation#section-7",),
)
