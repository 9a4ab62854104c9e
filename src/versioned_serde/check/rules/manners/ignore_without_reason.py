"""An ignore that does not say why."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="ignore-without-reason",
    severity="warning",
    finds="An ignore gives no reason, so it does not count.",
    why=(
        "Whoever comes next cannot tell whether the finding is harmless, was a matter of that day's deployment, or was"
        " in the way. Then nobody dares to remove the ignore."
    ),
    example="""\
```python
orders = Schema(  # serde-check: ignore[write-before-read]
```""",
    instead="Say after a colon why the finding may be ignored: `# serde-check: ignore[RULE]: REASON`.",
    references=("docs/how-to/ci.md",),
)
