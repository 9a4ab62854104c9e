"""A client does not understand a value that a server may send."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-response-schema",
    severity="error",
    finds="A response's body or header may hold a value that the client's schema does not allow.",
    why=(
        "Clients that check responses, or are generated from the contract, fail on it; others take it for "
        "something else. The witness is one."
    ),
    example="""\
```diff
 properties:
   status:
     type: string
-    enum: [open, paid]
+    enum: [open, paid, refunded]
```""",
    instead=(
        "Widen what clients take first, and change what servers send when every supported client does. Or send it "
        "only to clients that ask for it, such as in a new version of the operation."
    ),
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#schema-object",
        "docs/how-to/compare-openapi.md",
    ),
)
