"""An enum of a released version has a member less."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, enums

RULE = Rule(
    name="enum-member-deleted",
    severity="error",
    finds="An enum of a released version has a member less.",
    why=(
        "Old records hold the member and old hosts write it. The new release refuses such records if the enum is"
        " closed, and does not know what the value means if it is open."
    ),
    example="""\
```python
class Status(Enum):
    open = "open"
    # paused = "paused"          deleted; stored orders are paused
```""",
    instead=(
        "Keep the member until no record holds it. Then declare the change as a version, with `retype` and what"
        " old records get instead."
    ),
    aliases=(
        "ENUM_VALUE_NO_DELETE",
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
    ),
    references=("docs/how-to/widen-an-enum.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every enum that lacks members that it had."""
    for change in changes(comparison):
        found = enums(change)
        gone = [] if found is None else [each for each in found[0].members if each not in found[1].members]
        if gone:
            told = ", ".join(f"`{each}`" for each in gone)
            yield undeclared(change, comparison, RULE, f"`{change.path}` does not have the member {told}")
