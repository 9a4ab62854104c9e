"""A server does not take a value that a client may send."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-request-schema",
    severity="error",
    finds="A request's body or parameter may hold a value that the server's schema does not allow.",
    why="Such a request is refused, or read as something else. The witness is one.",
    example="""\
```diff
 properties:
   quantity:
     type: integer
+    maximum: 10
```""",
    instead=(
        "Widen what servers take first, and change what clients send afterwards. Narrow what servers take only "
        "when no supported client sends the rest."
    ),
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#schema-object",
        "docs/how-to/compare-openapi.md",
    ),
)
