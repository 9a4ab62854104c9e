"""An attribute of a released version is required where it was not, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes
from versioned_serde.shape import REQUIRED

RULE = Rule(
    name="attribute-required-changed",
    severity="error",
    finds="An attribute of a released version is required where it was not, or the other way round.",
    why="Who requires an attribute refuses the records that lack it, and those who do not require it leave it out.",
    example="""\
```python
class Order(BaseModel):
    channel: str                 # was: channel: str = "web"
```""",
    instead=(
        'Declare it: `Version(n, redefault("channel", was="web"))`. It takes two releases where records may lack'
        " the attribute."
    ),
    aliases=("MESSAGE_SAME_REQUIRED_FIELDS", "FIELD_SAME_LABEL"),
    references=("docs/how-to/change-a-default.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute that only one of the two requires."""
    for change in changes(comparison):
        if change.both is None:
            continue
        old, new = (each.default is REQUIRED for each in change.both)
        if old != new:
            told = "is required, which it was not," if new else "is not required, which it was,"
            yield undeclared(change, comparison, RULE, f"`{change.path}` {told}")
