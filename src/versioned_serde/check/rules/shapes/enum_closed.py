"""An enum of a released version is closed where it was open."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, enums

RULE = Rule(
    name="enum-closed",
    severity="error",
    finds="An enum of a released version is closed where it was open.",
    why=(
        "Records hold values that are no members, because that was allowed, and old hosts write them. The new"
        " release refuses those records."
    ),
    example="""\
```python
class Order(BaseModel):
    status: Status               # was: Status | str
```""",
    instead="Keep the enum open, or declare the change as a version with `retype` and what unknown values become.",
    aliases=("ENUM_SAME_TYPE",),
    references=("docs/how-to/widen-an-enum.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every enum that became closed."""
    for change in changes(comparison):
        found = enums(change)
        if found is not None and found[0].open and not found[1].open:
            yield undeclared(change, comparison, RULE, f"the enum of `{change.path}` is closed, which it was not,")
