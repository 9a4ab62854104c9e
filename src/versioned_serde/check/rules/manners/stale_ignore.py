"""An ignore that ignores nothing."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="stale-ignore",
    severity="warning",
    finds="An ignore matches no finding.",
    why=(
        "It was written for something that is gone, or its rule or pattern has a typing error. As long as it stays, it"
        " waits for the next finding that happens to match, which nobody has looked at."
    ),
    example="""\
```toml
[[tool.serde-check.ignore]]
rule = "write-before-read"
schema = "shop.order"             # which is fine since the last release
reason = "no host of 1.4 is left"
```""",
    instead="""\
Remove the ignore, or mend its pattern.

A project whose baseline moves on with each merge meets this after the merge. It can set `"stale-ignore" = "note"` in
`[tool.serde-check.severity]`, which is shown and does not fail.""",
    references=("docs/how-to/ci.md",),
)
