"""A reader takes bytes for text."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-bytes-as-string",
    severity="warning",
    finds="A reader's schema has `string` where `bytes` are written.",
    why=(
        "The specification allows it. But a reader fails on bytes that are not UTF-8, or replaces what it cannot "
        "decode."
    ),
    example="""\
```diff
-{"name": "body", "type": "bytes"}
+{"name": "body", "type": "string"}
```""",
    instead="Be sure that nothing but UTF-8 was ever written, or keep `bytes`.",
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
