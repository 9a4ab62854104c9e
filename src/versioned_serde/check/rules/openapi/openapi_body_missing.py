"""A response has no body where one is read."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-body-missing",
    severity="error",
    finds="A server's response has no content where the client's contract has one.",
    why="Clients parse an empty body and fail.",
    example="""\
```diff
 responses:
   "200":
-    content:
-      application/json: ...
```""",
    instead="Keep the body. For an answer without one, add an operation or a status that no existing client gets.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#response-object",
        "docs/how-to/compare-openapi.md",
    ),
)
