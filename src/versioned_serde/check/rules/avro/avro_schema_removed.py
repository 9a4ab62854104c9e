"""A schema is gone."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-schema-removed",
    severity="error",
    finds="A folder of schemas has no longer one that it had.",
    why=(
        "Records that were written with it may be stored or under way, and no reader of the new release has a "
        "schema for them."
    ),
    example="""\
```console
$ git rm schemas/order.avsc
```""",
    instead=(
        "Keep the schema as long as its records are read. If the type was renamed, list the old full name in its "
        "`aliases`."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#aliases",
        "docs/how-to/compare-avro-schemas.md",
    ),
    no_witness="There is no schema any more that a reader could read a record with.",
)
