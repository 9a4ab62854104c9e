"""A record, enum or fixed has another name."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-name-changed",
    severity="error",
    finds="A record, enum or fixed has another name in the reader's schema, without an alias for the writer's.",
    why=(
        "Named types match by their names, without the namespaces. A reader takes another name only if its own "
        "schema lists the writer's full name in `aliases`."
    ),
    example="""\
```diff
-{"type": "record", "name": "Order", ...}
+{"type": "record", "name": "Purchase", ...}
```""",
    instead=(
        "List the old full name in the `aliases` of the type. Old readers know no alias for the new name, so "
        "rename only where nobody reads new records with the old schema, or keep the name."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#aliases",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
