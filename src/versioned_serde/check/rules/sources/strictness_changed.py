"""A stored model refuses other values than it did."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.facts import constraints
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.sources import Sources
from versioned_serde.check.witness import searched

RULE = Rule(
    name="strictness-changed",
    severity="warning",
    finds="A stored model refuses other values than it did.",
    why=(
        "Records hold values that were fine when they were written, and a stricter model refuses to read them."
        " Where it became less strict, hosts of the release before refuse what the new one writes. Either way, no"
        " version says so."
    ),
    example="""\
```python
class Order(BaseModel):
    amount: int = Field(ge=1)      # was ge=0, and there are orders of 0
```""",
    instead=(
        "Put the constraint back. Check new values where they come in, or declare a version whose steps turn old"
        " values into allowed ones."
    ),
    references=("docs/how-to/rename-and-retype.md",),
)


def check(sources: Sources) -> Iterator[Finding]:
    """Every attribute and object with other constraints; an error if a small old record is refused now."""
    for change in sources.behaviours():
        gone, come = constraints(change.gone), constraints(change.come)
        if not gone and not come:
            continue
        before, now, comparison = change.before, change.now, sources.comparison
        shown = None
        if come and before.writes in now.versions:
            attribute = change.path if change.path in before.versions[before.writes].shape else None
            place = comparison, change.other, before, now, before.writes, "backward", attribute
            shown = searched(*place, alone=False)  # type: ignore[arg-type]
        told = " and ".join(
            [f"does not say {_listed(gone)} any more"] * bool(gone) + [f"says {_listed(come)}"] * bool(come)
        )
        yield RULE.finding(
            f"`{change.path}` {told}, unlike in {change.other.name}.",
            severity="error" if shown else "warning",
            schema=now.name,
            attribute=change.path,
            version=before.writes,
            direction="backward" if come else "forward",
            place=comparison.at(now.name),
            witness=shown.text if shown else None,
        )


def _listed(facts: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in facts)
