"""The same bytes mean something else."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-logical-type-changed",
    severity="warning",
    finds="A value has one logical type where it is written and another where it is read.",
    why=(
        "Resolution looks only at the types beneath, so nothing fails: a reader takes milliseconds for "
        "microseconds, and dates are in 1970."
    ),
    example="""\
```diff
-{"type": "long", "logicalType": "timestamp-millis"}
+{"type": "long", "logicalType": "timestamp-micros"}
```""",
    instead=(
        "Add a second field with the other logical type and a default, and write both until every reader has moved."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#logical-types",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
