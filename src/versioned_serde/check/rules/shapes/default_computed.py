"""The default of an attribute of a released version is computed where it was a constant, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes
from versioned_serde.shape import FACTORY, REQUIRED

RULE = Rule(
    name="default-computed",
    severity="error",
    finds=(
        "The default of an attribute of a released version is computed where it was a constant, or the other way round."
    ),
    why=(
        "A constant default is not written, and read back as the constant. A computed one is written with every"
        " new record, and computed anew for a record that lacks it: such a record means something else each time"
        " that it is read."
    ),
    example="""\
```python
class Order(BaseModel):
    tags: list[str] = Field(default_factory=load_tags)     # was: = []
```""",
    instead='Declare it: `Version(n, redefault("tags", was=[]))`.',
    aliases=("FIELD_SAME_DEFAULT",),
    references=("docs/how-to/change-a-default.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute of which only one default is computed."""
    for change in changes(comparison):
        if change.both is None or any(each.default is REQUIRED for each in change.both):
            continue
        old, new = (each.default is FACTORY for each in change.both)
        if old != new:
            told = "computed and was not" if new else "not computed any more"
            yield undeclared(change, comparison, RULE, f"the default of `{change.path}` is {told}")
