"""A server does not read something that a client sends."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-input-ignored",
    severity="warning",
    finds="A client may send a parameter or a body that the server's contract does not have.",
    why="The request succeeds, and does something else: a filter is not applied, an option has no effect.",
    example="""\
```diff
 parameters:
-  - name: status
-    in: query
```""",
    instead=(
        "Keep reading the parameter until no supported client sends it. Send a new one only after every server "
        "reads it."
    ),
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#parameter-object",
        "docs/how-to/compare-openapi.md",
    ),
)
