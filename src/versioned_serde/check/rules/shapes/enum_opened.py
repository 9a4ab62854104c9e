"""An enum of a released version is open where it was closed."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, enums

RULE = Rule(
    name="enum-opened",
    severity="error",
    finds="An enum of a released version is open where it was closed.",
    why="The new release writes values that are no members, and hosts of the release before refuse them.",
    example="""\
```python
class Order(BaseModel):
    status: Status | str         # was: Status
```""",
    instead='Declare it: `Version(n, widen_enum("status", was_closed=True, down=...))`.',
    aliases=("ENUM_SAME_TYPE",),
    references=("docs/how-to/widen-an-enum.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every enum that became open."""
    for change in changes(comparison):
        found = enums(change)
        if found is not None and found[1].open and not found[0].open:
            yield undeclared(change, comparison, RULE, f"the enum of `{change.path}` is open, which it was not,")
