"""The newest release writes what a release beside it cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="write-before-read",
    severity="error",
    finds="A release writes a version that a release beside it cannot read.",
    why=(
        "During a deployment hosts of both releases run, and meet in stored records and in calls. From the first record"
        " on that the new release writes, hosts of the old one fail to read it; and rolling back does not help, because"
        " the records stay."
    ),
    example="""\
```python
Version(2, rename("customer", "buyer")),
writes=2,          # the release before lists version 1 alone
```""",
    instead="""\
Make it two releases: first list the version and keep `writes`; then, when every host runs that, raise `writes`.

`serde-check plan` prints the order, and what to look at before each step.""",
    references=("docs/explanation/two-phases.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each schema whose new records somebody beside it cannot read."""
    for other, before, now in comparison.pairs(comparison.beside):
        version = now.versions[now.writes]
        if not before.reads_new(now):
            why = f", because of {' and '.join(f'`{each}`' for each in version.raised_by)}" if version.raised_by else ""
            yield RULE.finding(
                f"{comparison.name} writes version {now.writes}, which {other.name} cannot read{why}; it reads"
                f" {before.readable()}.",
                schema=now.name,
                version=now.writes,
                direction="forward",
                place=comparison.at(now.name),
            )
