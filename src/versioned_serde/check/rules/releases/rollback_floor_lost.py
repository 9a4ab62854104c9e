"""Nobody can go back any more to a release that is still supported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.kept import clash
from versioned_serde.check.release import ParameterLock, SchemaLock
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="rollback-floor-lost",
    severity="error",
    finds="A supported release could be gone back to until now, and cannot read what this release writes.",
    why=(
        "The releases that run beside this one cope with what it writes; an older one, which is still among those that"
        " somebody may go back to, does not. The first record in the new version ends that possibility, and usually"
        " nobody notices before the night on which it is needed. The same goes for a record of an older version in"
        " which the two keep an attribute of one name as two things."
    ),
    example="""\
```toml
[tool.serde-check]
against = ["v1.5.0"]      # lists version 2: prepared
supported = ["v1.4.0"]    # lists version 1 alone
```

and this release says `writes=2`.""",
    instead="""\
Wait with raising `writes` until the older release is no longer supported: the bake. If nobody will go back to it, take
it out of `supported`.""",
    references=("docs/explanation/two-phases.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each supported release that could be gone back to from those beside, and cannot from this one."""
    for other, old, now in comparison.pairs(comparison.supported):
        beside = comparison.schemas_beside(now.name)
        stored = {
            number: writer
            for number, writer in comparison.stored(now.name).items()
            if all(each.reads(writer, number) for each in beside)  # what they cannot read was lost before
        }
        if all(_could(old, each, stored) for each in beside) and not _could(old, now, stored):
            forward = not old.reads_new(now)
            if forward:
                what = f"cannot read version {now.writes}, which {comparison.now.name} writes"
            elif not now.reads_new(old):
                what = f"writes version {old.writes}, which {comparison.now.name} cannot read"
            else:
                what = f"and {comparison.now.name} keep something in records of older versions that the other misreads"
            yield RULE.finding(
                f"{other.name} {what}; it could be gone back to so far.",
                schema=now.name,
                version=now.writes if forward else old.writes,
                direction="forward" if forward else "backward",
                place=comparison.at(now.name),
            )
    for other, supported, parameter in comparison.parameter_pairs(comparison.supported):
        neighbours = comparison.parameters_beside(parameter.name)
        if all(_get_on(supported, each) for each in neighbours) and not _get_on(supported, parameter):
            yield RULE.finding(
                f"{comparison.name} emits {parameter.emits!r} and {other.name} {supported.emits!r}, and one does not"
                " tolerate the other; it could be gone back to so far.",
                schema=parameter.name,
                version=parameter.writes,
                witness=repr(parameter.emits),
                place=comparison.at(parameter.name),
            )


def _could(old: SchemaLock, release: SchemaLock, stored: Mapping[int, SchemaLock]) -> bool:
    """Whether a fleet can go from a release to an older one, host by host."""
    return (
        all(old.reads(writer, number) for number, writer in stored.items())
        and old.reads_new(release)
        and release.reads_new(old)
        and not clash(old, release, {*stored, old.writes, release.writes})
    )


def _get_on(one: ParameterLock, other: ParameterLock) -> bool:
    return one.accepts(other.emits) and other.accepts(one.emits)
