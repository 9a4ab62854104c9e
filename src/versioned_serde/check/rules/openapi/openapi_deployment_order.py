"""Who may be deployed first."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-deployment-order",
    severity="note",
    finds="A change that goes well in one order of deployments, or in none.",
    why=(
        "While hosts are replaced, old clients call new servers if servers go first, and new clients old servers "
        "if clients do. Each order needs both the requests and the answers between such hosts to be read."
    ),
    example="""\
```text
Deploy servers first: old clients work with new servers, but new clients not with all old servers.
```""",
    instead="Deploy in the order that it says, and roll back in the opposite one.",
    references=("docs/how-to/compare-openapi.md",),
)
