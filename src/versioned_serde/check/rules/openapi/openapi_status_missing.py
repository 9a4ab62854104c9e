"""A server answers with a status that a client does not know."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-status-missing",
    severity="error",
    finds=(
        "A response with a status that the client's contract has not, neither by itself nor as a range or `default`."
    ),
    why=(
        "A client takes an unknown status for the first of its class (RFC 9110, section 15), but has no schema "
        "for what comes with it."
    ),
    example="""\
```diff
 responses:
   "200": ...
+  "202": ...
```""",
    instead="Let clients read the status first, such as by `2XX` or `default`, and send it afterwards.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#responses-object",
        "https://www.rfc-editor.org/rfc/rfc9110.html#section-15",
        "docs/how-to/compare-openapi.md",
    ),
)
