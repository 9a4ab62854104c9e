"""A server answers with an error that a client does not know."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-error-status-missing",
    severity="warning",
    finds=(
        "An error status, or `default`, that the client's contract has not, neither by itself nor as a range or "
        "`default`."
    ),
    why=(
        "A client has to take any `4XX` for 400 and any `5XX` for 500 (RFC 9110, section 15), so this should "
        "break none; but what it does with the new error is nowhere said."
    ),
    example="""\
```diff
 responses:
   "404": ...
+  "409": ...
```""",
    instead="Give clients a `default` response, and errors one shape in all operations.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#responses-object",
        "https://www.rfc-editor.org/rfc/rfc9110.html#section-15",
        "docs/how-to/compare-openapi.md",
    ),
)
