"""An operation is called that a server does not have."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-operation-missing",
    severity="error",
    finds="A client's contract has an operation that the server's has not.",
    why=(
        "The call is answered with 404 or 405. Backward, an operation was removed that old clients call; forward, "
        "new clients call one that old servers do not have yet. Paths are equal if only the names of their "
        "parameters differ."
    ),
    example="""\
```diff
 paths:
-  /orders/{id}/cancel:
-    post: ...
```""",
    instead=(
        "Keep the operation until no supported client calls it: mark it as `deprecated`, with the date in "
        "`x-sunset`. A new operation is called only after every server has it."
    ),
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#paths-object",
        "docs/how-to/compare-openapi.md",
    ),
)
