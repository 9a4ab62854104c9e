"""A reader expects another type."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-type-not-promotable",
    severity="error",
    finds="The writer's type is neither the reader's nor promoted to it.",
    why=(
        "Avro reads `int` as `long`, `float` or `double`, `long` as `float` or `double`, `float` as `double`, and "
        "`string` and `bytes` as each other. Every other change of a type is an error when a value is read. A "
        "promotion goes one way: what is compatible backward is not forward."
    ),
    example="""\
```diff
-{"name": "total", "type": "long"}
+{"name": "total", "type": "string"}
```""",
    instead=(
        "Add a second field of the new type with a default, and write both until every reader has moved. Or let "
        "readers take a union of both types before anybody writes the second."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/compare-avro-schemas.md",
    ),
    no_witness="Of a record that cannot but hold itself there is no value, and none that shows what changed in it.",
)
