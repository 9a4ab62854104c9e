"""An enum of a released version has a member more."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, enums

RULE = Rule(
    name="enum-member-added",
    severity="error",
    finds="An enum of a released version has a member more.",
    why=(
        "Hosts of the release before refuse the first record that holds it, if the enum is closed there. Nothing"
        " tells such a record from others: its version is the same."
    ),
    example="""\
```python
class Status(Enum):
    open = "open"
    paused = "paused"            # new, and no version says so
```""",
    instead=(
        'Declare it: `Version(n, widen_enum("status", "paused", down={"paused": "open"}))`, which says what old'
        " hosts get. An open enum (`Status | str`) needs no `down`."
    ),
    aliases=("ENUM_VALUE_SAME_NAME",),
    references=("docs/how-to/widen-an-enum.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every enum that has members that it lacked."""
    for change in changes(comparison):
        found = enums(change)
        come = [] if found is None else [each for each in found[1].members if each not in found[0].members]
        if come:
            told = ", ".join(f"`{each}`" for each in come)
            yield undeclared(change, comparison, RULE, f"`{change.path}` has the new member {told}")
