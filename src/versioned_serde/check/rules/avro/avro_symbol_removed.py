"""A symbol is written that a reader does not have."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-symbol-removed",
    severity="error",
    finds="An enum's symbol may be written that the reader's enum has not, and that enum has no default.",
    why=(
        "A reader that meets an unknown symbol takes the default of its enum. Without one it fails. The default "
        "of a *field* does not help: it stands for a field that is absent."
    ),
    example="""\
```diff
-{"type": "enum", "name": "Status", "symbols": ["open", "paid"]}
+{"type": "enum", "name": "Status", "symbols": ["open"]}
```""",
    instead=(
        "Give the reader's enum a `default`, or keep the symbol. A new symbol takes two releases: first every "
        "reader lists it, then somebody writes it."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/widen-an-enum.md",
    ),
)
