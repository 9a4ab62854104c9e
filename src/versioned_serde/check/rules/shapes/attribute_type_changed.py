"""An attribute of a released version has another type."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, kind

RULE = Rule(
    name="attribute-type-changed",
    severity="error",
    finds="An attribute of a released version has another type.",
    why=(
        "One side writes what the other does not take: a number where a text is expected, an object of other"
        " attributes. Where both happen to read the bytes, the value may still be another one."
    ),
    example="""\
```python
class Order(BaseModel):
    total: Decimal               # was int
```""",
    instead=(
        'Declare it with both ways: `Version(n, retype("total", was=int, up=..., down=...))`. Old hosts then get'
        " the old type until the last of them is gone."
    ),
    aliases=("FIELD_SAME_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"),
    references=("docs/how-to/rename-and-retype.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute whose single values are of another type."""
    for change in changes(comparison):
        if change.types is not None and (old := kind(change.types[0])) != (new := kind(change.types[1])):
            yield undeclared(change, comparison, RULE, f"`{change.path}` was {old} and is {new}")
