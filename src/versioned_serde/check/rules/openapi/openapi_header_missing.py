"""A response lacks a header that is read."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-header-missing",
    severity="error",
    finds="A client requires a header of a response that the server's contract lacks or leaves optional.",
    why="Clients find nothing where they were promised something.",
    example="""\
```diff
 headers:
-  X-Next:
-    required: true
```""",
    instead="Keep sending the header until no supported client reads it.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#header-object",
        "docs/how-to/compare-openapi.md",
    ),
)
