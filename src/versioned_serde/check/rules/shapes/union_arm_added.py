"""A union in a released version has a kind of objects more."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, unions

RULE = Rule(
    name="union-arm-added",
    severity="error",
    finds="A union in a released version has a kind of objects more.",
    why=(
        "Hosts of the release before refuse every record that holds one. Nothing tells such a record from others:"
        " its version is the same."
    ),
    example="""\
```python
class Order(BaseModel):
    payment: Card | Cash | Voucher         # was: Card | Cash
```""",
    instead=(
        'Declare it as a version, in two releases: `Version(n, retype("payment", was=Card | Cash, up=..., down=...))`.'
    ),
    references=("docs/how-to/nested-objects.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every union that has arms that it lacked."""
    for change in changes(comparison):
        found = unions(change)
        come = (
            []
            if found is None
            else sorted({str(tag) for tag, _ in found[1].arms} - {str(tag) for tag, _ in found[0].arms})
        )
        if come:
            told = ", ".join(f"`{each}`" for each in come)
            yield undeclared(change, comparison, RULE, f"`{change.path}` can be {told}, which it could not,")
