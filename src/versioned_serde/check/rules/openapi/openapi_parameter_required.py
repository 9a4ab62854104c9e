"""A parameter is required that a client may leave out."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-parameter-required",
    severity="error",
    finds="A server requires a parameter that the client's contract lacks or leaves optional.",
    why="Requests without it are refused.",
    example="""\
```diff
 parameters:
   - name: region
     in: query
+    required: true
```""",
    instead=(
        "Keep it optional, and let the server take a default. When no supported client leaves it out, it may be "
        "required."
    ),
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#parameter-object",
        "docs/how-to/compare-openapi.md",
    ),
)
