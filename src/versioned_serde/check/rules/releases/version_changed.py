"""A released version is declared otherwise than it was."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import VersionLock
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="version-changed",
    severity="error",
    finds="Two releases declare different bytes under one version: its codec, coding, framing, checksum, min_reader,"
    " shape or numbers of fields.",
    why=(
        "A version's number is all that a record says of itself. Where two releases mean different bytes by it, one"
        " takes the other's records for what they are not: it refuses them, or reads wrong values without noticing."
    ),
    example="""\
```python
Version(1, codec="json", framing="envelope"),     # the release before: Version(1, codec="xml", framing="envelope")
```""",
    instead="""\
Put the version back as it was, and declare the change as a version of its own.

A version that no record was written in, and that no host writes, can be changed without harm to records; still, give it
a new number, because the next release that writes it meets hosts that know the old one.""",
    references=("docs/explanation/two-phases.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each version that a release before declared, this one lists, and that is not the same."""
    for other, before, now in comparison.pairs():
        stored = comparison.stored(now.name)
        written = {before.writes, now.writes} & {*before.listed}
        for number in sorted({*before.versions} & {*now.listed}):
            was, is_ = before.versions[number], now.versions[number]
            if was.same_bytes(is_) or (other in comparison.supported and _known(number, is_, comparison, now.name)):
                continue
            yield RULE.finding(
                f"Version {number} is not what it is in {other.name}: {_differing(was, is_)}.",
                severity="error" if number in stored or number in written else "warning",
                schema=now.name,
                version=number,
                place=comparison.at(now.name),
            )


def _known(number: int, version: VersionLock, comparison: Comparison, name: str) -> bool:
    """Whether a release beside has the same already, so that this one does not introduce the difference."""
    return any(
        number in each.listed and each.versions[number].same_bytes(version) for each in comparison.schemas_beside(name)
    )


def _differing(was: VersionLock, now: VersionLock) -> str:
    told = [
        f"`{key}` is {now.form[key]!r} and was {was.form[key]!r}" for key in was.form if was.form[key] != now.form[key]
    ]
    if was.min_reader != now.min_reader:
        told.append(f"min_reader is {now.min_reader} and was {was.min_reader}")
    for what, one, other in (("the shape", was.shape, now.shape), ("the fields", was.fields, now.fields)):
        if paths := sorted({path for path, _ in set(one.items()) ^ set(other.items())}):
            told.append(f"{what} differs in {', '.join(f'`{path}`' for path in paths[:5])}{' …' * (len(paths) > 5)}")
    return "; ".join(told)
