"""A released version has an attribute less."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes

RULE = Rule(
    name="attribute-deleted",
    severity="error",
    finds="A released version has an attribute less.",
    why=(
        "Records of the version hold it, and hosts of the release before write and expect it. If they require it,"
        " they refuse every new record of that version; if not, they take it for unset; and the new release drops"
        " what old records hold."
    ),
    example="""\
```python
class Order(BaseModel):
    buyer: str
    # note: str | None = None     deleted, and no version says so
```""",
    instead=(
        'Keep the attribute in the version and declare its end as a version of its own: `Version(n, remove("note",'
        " was=...))`. Its name then stays reserved."
    ),
    aliases=("FIELD_NO_DELETE", "FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"),
    references=("docs/how-to/remove-an-attribute.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute that is gone."""
    for change in changes(comparison):
        if change.new is None:
            yield undeclared(change, comparison, RULE, f"`{change.path}` is not in it")
