"""A schema's versions do not go on where they ended."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="version-skipped",
    severity="warning",
    finds="The first version that a release lists is more than one above the newest that the release before listed.",
    why=(
        "Versions are numbered without a gap, so that nobody has to ask what version 7 was. A gap between two releases"
        " means that a release between them is missing in the comparison, or that a number was mistyped."
    ),
    example="""\
```python
Version(4, codec="json", framing="envelope"),     # the release before ends with version 2
```""",
    instead="Number the new version one above the newest that was ever released.",
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each schema with a gap between what a release before lists, and what this one does."""
    for other, before, now in comparison.pairs(comparison.beside):
        if now.listed[0] > before.newest + 1 and before.newest + 1 not in now.versions:
            yield RULE.finding(
                f"The versions begin with {now.listed[0]}, and those of {other.name} end with {before.newest}.",
                schema=now.name,
                version=now.listed[0],
                place=comparison.at(now.name),
            )
