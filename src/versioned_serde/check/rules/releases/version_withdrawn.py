"""A version that a release before prepared is gone again."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="version-withdrawn",
    severity="warning",
    finds="The newest version that a release before lists is not listed any more, though older ones are.",
    why=(
        "Hosts that list it may write it, by their code or by a switch, as soon as every live host is said to read it."
        " Withdrawing a preparation is as much a change as making it. And its number is used up: a release that"
        " declares something else under it is misread by those that know the first."
    ),
    example="""\
```python
Version(1, codec="json", framing="envelope"),
writes=1,          # the release before lists version 2, too
```""",
    instead="""\
Leave the version listed. If the change is not wanted any more, keep `writes`, and undo it in the next version.""",
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each schema whose newest version is older than it was."""
    for other, before, now in comparison.pairs(comparison.beside):
        if now.newest < before.newest:
            yield RULE.finding(
                f"Version {before.newest} is listed by {other.name}, and not any more.",
                schema=now.name,
                version=before.newest,
                place=comparison.at(now.name),
            )
