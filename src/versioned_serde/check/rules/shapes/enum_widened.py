"""A new version gives an enum members that the releases beside it refuse."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.drafts import drafts
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import in_two_releases

RULE = Rule(
    name="enum-widened",
    severity="note",
    finds="A new version gives an enum members that the releases beside it refuse.",
    why=(
        "The enum is closed there. Until every host lists the version, none may write it; so the members need two"
        " releases, one that can read them and one that writes them."
    ),
    example="""\
```python
Version(4, widen_enum("status", "paused", down={"paused": "open"})),
```""",
    instead=(
        "List the version and keep `writes`; raise `writes` in the next release. If members will come again and"
        " again, make the enum open (`Status | str`): then one release is enough."
    ),
    aliases=("ENUM_VALUE_SAME_NAME",),
    references=("docs/how-to/widen-an-enum.md", "docs/explanation/two-phases.md"),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every draft that is raised by a widened enum and not written yet."""
    for draft in drafts(comparison):
        for step in draft.reasons("widen_enum"):
            told = f"`{step}` needs two releases: hosts of {draft.other.name} refuse the new members"
            yield in_two_releases(draft, comparison, RULE, told)
