"""A comment that seems to be an ignore, and is none."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="malformed-ignore",
    severity="warning",
    finds="A comment begins with `serde-check:` and is not an ignore that can be understood.",
    why="Its author believes that something is ignored, or expires, that is not or does not.",
    example="""\
```python
orders = Schema(  # serde-check: ignore write-before-read, no host of 1.4 is left
```""",
    instead="Write `# serde-check: ignore[RULE]: REASON`, or `# serde-check: ignore[RULE] until YYYY-MM-DD: REASON`.",
    references=("docs/how-to/ci.md",),
)
