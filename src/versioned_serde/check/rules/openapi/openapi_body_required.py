"""A body is required that a client may leave out."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-body-required",
    severity="error",
    finds="A server requires a request body that the client's contract lacks or leaves optional.",
    why="Requests without a body are refused.",
    example="""\
```diff
 requestBody:
+  required: true
```""",
    instead="Keep it optional until no supported client leaves it out.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#request-body-object",
        "docs/how-to/compare-openapi.md",
    ),
)
