"""A reader tells the branches of a schema apart by something else."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-discriminator-changed",
    severity="error",
    finds="A discriminator has another property, or values that a reader does not know.",
    why="Generated code looks at the discriminator alone. It finds no branch, or the wrong one.",
    example="""\
```diff
 discriminator:
-  propertyName: kind
+  propertyName: type
```""",
    instead="Keep the property and its values. Send a new value only after every reader knows it.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#discriminator-object",
        "docs/how-to/compare-openapi.md",
    ),
    no_witness=(
        "JSON Schema says nothing of discriminators where there are no branches, so no library tells a value"
        " that a reader misses. The property, or its values, are in the text."
    ),
)
