"""A promotion loses digits."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-promotion-inexact",
    severity="note",
    finds="A reader promotes whole numbers to floating point that has not all their digits.",
    why=(
        "`long` to `double` is exact up to 2^53, `int` and `long` to `float` up to 2^24. Larger numbers are read "
        "as their neighbours, without an error."
    ),
    example="""\
```diff
-{"name": "id", "type": "long"}
+{"name": "id", "type": "double"}
```""",
    instead="Nothing, if no number is that large. Otherwise promote `int` to `long` or `double`, and keep `long`.",
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
