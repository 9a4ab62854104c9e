"""A new version gives a union a kind of objects that the releases beside it refuse."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.drafts import drafts
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import in_two_releases

RULE = Rule(
    name="union-arm-declared",
    severity="note",
    finds="A new version gives a union a kind of objects that the releases beside it refuse.",
    why=(
        "They do not know the tag. Until every host lists the version, none may write it; so the kind needs two"
        " releases, one that can read it and one that writes it."
    ),
    example="""\
```python
Version(4, retype("payment", was=Card | Cash, up=..., down=...)),     # and now Voucher
```""",
    instead=(
        "List the version and keep `writes`; raise `writes` in the next release. Say in `down` what old hosts get"
        " instead of the new kind."
    ),
    references=("docs/how-to/nested-objects.md", "docs/explanation/two-phases.md"),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every draft with an arm more that is raised and not written yet."""
    for draft in drafts(comparison):
        for path, tags in draft.new_arms if draft.version.raised_by else ():
            told = ", ".join(f"`{each}`" for each in tags)
            yield in_two_releases(
                draft,
                comparison,
                RULE,
                f"`{path}` can be {told}, which needs two releases: hosts of {draft.other.name} refuse it",
                path,
            )
