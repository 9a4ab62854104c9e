"""An attribute of a released version may be null where it was not, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import around, changes, nulls

RULE = Rule(
    name="attribute-nullability-changed",
    severity="error",
    finds="An attribute of a released version may be null where it was not, or the other way round.",
    why=(
        "A reader that does not expect null refuses it. Old records and old hosts hold and write null wherever"
        " they were allowed to."
    ),
    example="""\
```python
class Order(BaseModel):
    note: str = ""               # was: str | None = None
```""",
    instead=(
        'Declare it with both ways: `Version(n, retype("note", was=str | None, up=lambda note: note or "",'
        " down=lambda note: note))`."
    ),
    aliases=("FIELD_WIRE_JSON_COMPATIBLE_TYPE",),
    references=("docs/how-to/rename-and-retype.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute that is null at other places."""
    for change in changes(comparison):
        if change.types is None or around(change.types[0]) != around(change.types[1]):
            continue
        old, new = map(nulls, change.types)
        if old != new:
            more = sum(new) > sum(old)
            told = "may be null, which it could not be," if more else "cannot be null, which it could be,"
            yield undeclared(change, comparison, RULE, f"`{change.path}` {told}")
