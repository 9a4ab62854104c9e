"""A server wants other credentials."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-security-required",
    severity="error",
    finds="A client may send credentials with which the server does not let it in.",
    why="Calls are answered with 401 or 403. Schemes are compared by what they are, not by their names.",
    example="""\
```diff
-security: []
+security:
+  - token: []
```""",
    instead="Let servers take both kinds of credentials until every client sends the new one.",
    references=(
        "https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object",
        "docs/how-to/compare-openapi.md",
    ),
    no_witness="Which scopes a token has is not in the request that carries it.",
)
