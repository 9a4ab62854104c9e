"""A reader takes symbols that it does not know for its default."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-symbol-read-as-default",
    severity="note",
    finds="An enum's symbol may be written that the reader's enum takes for its default.",
    why=("Reading succeeds, and the symbol is lost. If the reader writes the record again, it is lost for everybody."),
    example="""\
```diff
-{"type": "enum", "name": "Status", "symbols": ["open", "other"], "default": "other"}
+{"type": "enum", "name": "Status", "symbols": ["open", "paid", "other"], "default": "other"}
```""",
    instead=(
        "Nothing, if readers do not write such records again. Otherwise let every reader list the symbol before "
        "somebody writes it."
    ),
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/widen-an-enum.md",
    ),
)
