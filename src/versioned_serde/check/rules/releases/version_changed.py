"""A released version has another form than it had."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.redeclared import redeclared
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="version-changed",
    severity="error",
    finds="Two releases declare another codec, coding, framing, checksum or min_reader under one version.",
    why=(
        "A version's number is all that a record says of itself. Where two releases mean different bytes by it, one"
        " takes the other's records for what they are not, and refuses them."
    ),
    example="""\
```python
Version(1, codec="json", framing="envelope"),     # the release before: Version(1, codec="xml", framing="envelope")
```""",
    instead="""\
Put the version back as it was, and declare the change as a version of its own.

A version that no record was written in, and that no host writes, can be changed without harm to records, and is a
warning; still, give it a new number, because the next release that writes it meets hosts that know the old one.""",
    references=("docs/explanation/two-phases.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each version with another form."""
    for each in redeclared(comparison):
        if not each.was.same_form(each.now):
            was, now = ({**version.form, "min_reader": version.min_reader} for version in (each.was, each.now))
            told = "; ".join(f"`{key}` is {now[key]!r} and was {was[key]!r}" for key in was if was[key] != now[key])
            yield RULE.finding(
                f"Version {each.now.number} is not what it is in {each.other.name}: {told}.",
                severity="error" if each.met else "warning",
                schema=each.name,
                version=each.now.number,
                place=comparison.at(each.name),
            )
