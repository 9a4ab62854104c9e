"""A released version is declared otherwise than it was."""

from __future__ import annotations

from collections.abc import Iterator, Set

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.release import SchemaLock, VersionLock
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
    """Each version that a release beside declares, this one lists, and that is not the same."""
    for other, before, now in comparison.pairs(comparison.beside):
        stored = comparison.stored(now.name)
        written = {before.writes, now.writes} & {*before.listed}
        for number in sorted({*before.versions} & {*now.listed}):
            was, is_ = before.versions[number], now.versions[number]
            if was.same_bytes(is_):
                continue
            met = {*stored, *written}
            yield RULE.finding(
                f"Version {number} is not what it is in {other.name}: {_differing(was, is_)}.",
                severity="error" if number in met or _clash(before, now, met) else "warning",
                schema=now.name,
                version=number,
                place=comparison.at(now.name),
            )


def _clash(before: SchemaLock, now: SchemaLock, met: Set[int]) -> bool:
    """Whether the two releases take something for two types that they keep in records of an older version.

    A host that writes an older version than it lists keeps the attributes of the newer ones in its records, as unknown
    attributes; every host that knows them looks for them there.
    """
    for number in met & before.versions.keys():
        written = before.versions[number]
        if written.tagged:
            ours, theirs = _kept(now, written), _kept(before, written)
            if any(
                _differ(type_, other)
                for path in ours.keys() & theirs.keys()
                for type_ in ours[path]
                for other in theirs[path]
            ):
                return True
    return False


def _kept(lock: SchemaLock, written: VersionLock) -> dict[str, set[str]]:
    """The attributes that records of a version may hold beside its own: path -> types."""
    found: dict[str, set[str]] = {}
    for number in lock.listed:
        version = lock.versions[number]
        if version.min_reader <= written.number < number:
            for path, line in version.shape.items():
                if path not in written.shape:
                    found.setdefault(path, set()).add(line.partition(" = ")[0])
    return found


def _differ(one: str, other: str) -> bool:
    """Whether a value of one type may be none of the other; an open enum holds whatever another one does."""
    return one != other and not all(each.startswith("Literal[") and "] | " in each for each in (one, other))


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
