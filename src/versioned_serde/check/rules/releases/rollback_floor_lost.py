"""Nobody can go back any more to a release that is still supported."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="rollback-floor-lost",
    severity="error",
    finds="A supported release could be gone back to until now, and cannot read what this release writes.",
    why=(
        "The releases that run beside this one cope with what it writes; an older one, which is still among those that"
        " somebody may go back to, does not. The first record in the new version ends that possibility, and usually"
        " nobody notices before the night on which it is needed."
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
    """Each supported release that read, or tolerated, all that those beside it emit, and not what this one does."""
    for other, before, now in comparison.pairs(comparison.supported):
        version = now.versions[now.writes]
        if before.reads(version) or not all(
            before.reads(beside.versions[beside.writes]) for beside in comparison.schemas_beside(now.name)
        ):
            continue
        yield RULE.finding(
            f"This release writes version {now.writes}, which {other.name} cannot read; it reads {before.readable()},"
            " and could be gone back to so far.",
            schema=now.name,
            version=now.writes,
            direction="forward",
            place=comparison.at(now.name),
        )
    for other, supported, parameter in comparison.parameter_pairs(comparison.supported):
        if supported.accepts(parameter.emits) or not all(
            supported.accepts(beside.emits) for beside in comparison.parameters_beside(parameter.name)
        ):
            continue
        yield RULE.finding(
            f"This release emits {parameter.emits!r}, which {other.name} does not tolerate; it could be gone back to so"
            " far.",
            schema=parameter.name,
            version=parameter.writes,
            direction="forward",
            place=comparison.at(parameter.name),
        )
