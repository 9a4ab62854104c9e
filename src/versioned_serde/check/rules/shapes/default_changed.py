"""The default of an attribute of a released version is another constant."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes, kind
from versioned_serde.shape import Constant

RULE = Rule(
    name="default-changed",
    severity="error",
    finds="The default of an attribute of a released version is another constant.",
    why=(
        "What is not written means the default of whoever reads. The same record then means one thing to old hosts"
        " and another to new ones, and nothing fails."
    ),
    example="""\
```python
class Order(BaseModel):
    currency: str = "EUR"        # was "USD": all stored orders without a currency are now in euros
```""",
    instead='Declare it: `Version(n, redefault("currency", was="USD"))`. Older records then keep what they meant.',
    aliases=("FIELD_SAME_DEFAULT",),
    references=("docs/how-to/change-a-default.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute with another constant."""
    for change in changes(comparison):
        if change.both is None:
            continue
        old, new = change.both
        constants = isinstance(old.default, Constant) and isinstance(new.default, Constant)
        if constants and old.default != new.default and kind(old.type) == kind(new.type):
            yield undeclared(change, comparison, RULE, f"`{change.path}` has another default")
