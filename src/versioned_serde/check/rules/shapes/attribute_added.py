"""A released version has an attribute more."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes

RULE = Rule(
    name="attribute-added",
    severity="error",
    finds="A released version has an attribute more.",
    why=(
        "Records of the version that exist do not hold it. If it is required, the new release refuses every one of"
        " them. If it has a default, old hosts do not know it, and nothing tells them from hosts that do: the"
        " version is the same."
    ),
    example="""\
```python
class Order(BaseModel):
    buyer: str
    channel: str                 # new, and no version says so
```""",
    instead='Declare it: `Version(n, add("channel", fill="web"))`. With a default, it takes one release.',
    aliases=("MESSAGE_SAME_REQUIRED_FIELDS",),
    references=("docs/how-to/add-an-attribute.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute that came."""
    for change in changes(comparison):
        if change.old is None:
            yield undeclared(change, comparison, RULE, f"`{change.path}` is in it")
