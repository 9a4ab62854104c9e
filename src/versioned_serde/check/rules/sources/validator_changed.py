"""A validator of a stored model, or what runs when it is made, does something else than it did."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.facts import checks
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.sources import Sources

RULE = Rule(
    name="validator-changed",
    severity="warning",
    finds="A validator of a stored model, or what runs when it is made, does something else than it did.",
    why=(
        "It runs on every record that is read. What it refuses now cannot be read any more, and what it changes is"
        " changed in every record that is written back. The lock knows only that the code is another one, not"
        " whether it matters."
    ),
    example="""\
```python
@field_validator("sku")
@classmethod
def check(cls, sku: str) -> str:
    return sku.strip()             # was: return sku
```""",
    instead=(
        "Look whether it still takes all that it ever returned. If it does not, let the old code stand for old"
        " records, and declare the change as a version with steps."
    ),
    references=("docs/how-to/rename-and-retype.md",),
)


def check(sources: Sources) -> Iterator[Finding]:
    """Every attribute and object with other code around it."""
    for change in sources.behaviours():
        gone, come = checks(change.gone), checks(change.come)
        if gone or come:
            what = "another" if gone and come else "a new" if come else "no"
            kind = (come or gone)[0].rpartition(" ")[0]
            yield RULE.finding(
                f"`{change.path}` has {what} {kind}, unlike in {change.other.name}.",
                schema=change.now.name,
                attribute=change.path,
                direction="backward",
                place=sources.comparison.at(change.now.name),
            )
