"""A new version has a step that takes two releases."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.drafts import drafts
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import in_two_releases

RULE = Rule(
    name="step-in-two-releases",
    severity="note",
    finds="A new version has a step that takes two releases.",
    why=(
        "The hosts beside it cannot read what such a version writes. The first release lists it and goes on"
        " writing the old one; the second one writes it."
    ),
    example="""\
```python
Version(4, rename("customer", "buyer")),
```""",
    instead="Keep `writes` where it is until every host runs this release. `serde-check plan` prints the order.",
    references=("docs/explanation/two-phases.md",),
)


_OTHERS = ("widen_enum",)
"""Steps of which a rule of their own tells."""


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every other reason for which a draft is raised that is not written yet."""
    for draft in drafts(comparison):
        for reason in draft.version.raised_by:
            if not reason.startswith(_OTHERS):
                yield in_two_releases(
                    draft,
                    comparison,
                    RULE,
                    f"`{reason}` needs two releases: hosts of {draft.other.name} cannot read what it leads to",
                )
