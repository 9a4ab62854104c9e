"""A union in a released version has a kind of objects less."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, unions

RULE = Rule(
    name="union-arm-deleted",
    severity="error",
    finds="A union in a released version has a kind of objects less.",
    why="Old records hold such objects and old hosts write them. The new release refuses every record that holds one.",
    example="""\
```python
class Order(BaseModel):
    payment: Card | Cash         # was: Card | Cash | Voucher
```""",
    instead=(
        "Keep the kind until no record holds one, then declare the change as a version with `retype` and what such"
        " objects become."
    ),
    aliases=("ONEOF_NO_DELETE", "FIELD_NO_DELETE"),
    references=("docs/how-to/nested-objects.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every union that lacks arms that it had."""
    for change in changes(comparison):
        found = unions(change)
        gone = (
            []
            if found is None
            else sorted({str(tag) for tag, _ in found[0].arms} - {str(tag) for tag, _ in found[1].arms})
        )
        if gone:
            told = ", ".join(f"`{each}`" for each in gone)
            yield undeclared(change, comparison, RULE, f"`{change.path}` cannot be {told} any more")
