"""Absence means a default in a released version where it meant that there is no value, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes
from versioned_serde.shape import ABSENT, Constant

RULE = Rule(
    name="presence-changed",
    severity="error",
    finds=(
        "An attribute of a released version has a default where its absence meant that there is no value, or the"
        " other way round."
    ),
    why=(
        "Absent, null and a default are three different things. A host that knows no default sees that nothing was"
        " said; one with a default sees a value that nobody wrote, and may write it back."
    ),
    example="""\
```python
class Order(TypedDict):
    discount: Decimal            # was: NotRequired[Decimal]
```""",
    instead='Declare it: `Version(n, redefault("discount", was=ABSENT))`.',
    aliases=("FIELD_SAME_CARDINALITY",),
    references=("docs/how-to/change-a-default.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute that only one of the two can tell to be absent."""
    for change in changes(comparison):
        if change.both is None:
            continue
        old, new = (each.default for each in change.both)
        if old is ABSENT and isinstance(new, Constant):
            yield undeclared(change, comparison, RULE, f"the absence of `{change.path}` means a default")
        elif new is ABSENT and isinstance(old, Constant):
            yield undeclared(change, comparison, RULE, f"the absence of `{change.path}` means nothing")
