"""The objects of a union in a released version are told apart by another attribute."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, unions

RULE = Rule(
    name="union-discriminator-changed",
    severity="error",
    finds="The objects of a union in a released version are told apart by another attribute.",
    why=(
        "A reader looks into one attribute to learn what object it has before it. If that is another one than the"
        " writer thought of, it refuses the object, or takes it for another kind."
    ),
    example="""\
```python
class Order(BaseModel):
    payment: Card | Cash = Field(discriminator="method")     # was: discriminator="kind"
```""",
    instead="Put the discriminator back, and declare the change as a version with `retype` and both ways.",
    aliases=("FIELD_SAME_ONEOF",),
    references=("docs/how-to/nested-objects.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every union with another discriminator."""
    for change in changes(comparison):
        found = unions(change)
        if found is not None and found[0].discriminator != found[1].discriminator:
            old, new = (f"`{each.discriminator}`" for each in found)
            told = f"the objects of `{change.path}` are told apart by {new}, not by {old},"
            yield undeclared(change, comparison, RULE, told)
