"""An operation is deprecated."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-deprecated",
    severity="note",
    finds="An operation is deprecated that was not.",
    why=(
        "It is going to be removed. `x-sunset` says when, and the header `Sunset` (RFC 8594) tells it to those "
        "who call."
    ),
    example="""\
```diff
 get:
+  deprecated: true
+  x-sunset: "2031-01-31"
```""",
    instead="Name the date in `x-sunset`, and send the header.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#operation-object",
        "https://www.rfc-editor.org/rfc/rfc8594.html",
        "docs/how-to/compare-openapi.md",
    ),
)
