"""A decimal has another precision or scale."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-decimal-changed",
    severity="error",
    finds="A decimal has another precision or scale in the reader's schema.",
    why=(
        "The bytes hold the number without its point. A reader that puts the point where its own schema says gets "
        "another number: 1.00 with two places is 0.0100 with four. The specification says that two decimals match "
        "only if precision and scale do. Most readers do not check it: Java's takes the reader's scale, and "
        "fastavro the writer's."
    ),
    example="""\
```diff
-{"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}
+{"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 4}
```""",
    instead=(
        "Add a second field with the other precision and scale and a default, and write both until every reader "
        "has moved."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#logical-types",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
