"""A server is not listed any more."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-server-removed",
    severity="note",
    finds="The address of a server is not listed any more.",
    why="Clients that took it from an older document still call it.",
    example="""\
```diff
 servers:
-  - url: https://eu.example.com/v1
```""",
    instead="Keep the address answering until no supported client calls it.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#server-object",
        "docs/how-to/compare-openapi.md",
    ),
)
