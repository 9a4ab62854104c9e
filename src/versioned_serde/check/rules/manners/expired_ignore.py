"""An ignore whose last day is over."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="expired-ignore",
    severity="warning",
    finds="The last day of an ignore is over, so it does not count any more.",
    why=(
        "Somebody said until when the finding may wait. What it was about is still there, or the ignore would have been"
        " removed."
    ),
    example="""\
```python
orders = Schema(  # serde-check: ignore[write-before-read] until 2020-01-31: no host of 1.4 is left by then
```""",
    instead="Mend what the finding says and remove the ignore; or look at it again, and give it a later day.",
    references=("docs/how-to/ci.md",),
)
