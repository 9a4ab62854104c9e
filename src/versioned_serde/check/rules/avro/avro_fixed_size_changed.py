"""A fixed has another size."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="avro-fixed-size-changed",
    severity="error",
    finds="A fixed has another size in the reader's schema.",
    why="A fixed is that many bytes and nothing else, so sizes have to be equal.",
    example="""\
```diff
-{"type": "fixed", "name": "Digest", "size": 16}
+{"type": "fixed", "name": "Digest", "size": 32}
```""",
    instead="Define a second fixed under another name, in a field of its own with a default.",
    references=(
        "https://avro.apache.org/docs/1.12.0/specification/#schema-resolution",
        "docs/how-to/compare-avro-schemas.md",
    ),
)
