"""A release no longer reads what may be stored, or what a release beside it writes."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="reader-removed",
    severity="error",
    finds="A release no longer reads a version of which records may exist, or which a release beside it writes.",
    why=(
        "A record stays in the version in which it was written until somebody rewrites it. Without its reader it is as"
        " good as lost; and while a host writes the version, new ones come every second."
    ),
    example="""\
```python
orders = Schema(
    "shop.order", Order,
    Version(2, codec="json", framing="envelope"),   # version 1 was here, and its records are still in the store
    writes=2,
)
```""",
    instead="""\
Put the version back. Rewrite its records, let a census count that none is left, and take the reader out with
`serde-check fix --retire`, which keeps the certificate beside the lock.""",
    references=("docs/how-to/retire-a-version.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each version that a release before read, that may be met, and that is not read any more."""
    told = set()
    for other, before, now in comparison.pairs():
        met = comparison.stored(now.name)
        if other in comparison.beside:
            # Its hosts write on while this release is deployed, whatever a census said.
            met[before.writes] = before.versions[before.writes]
        for number, version in met.items():
            if before.reads(version) and not now.reads(version) and (now.name, number) not in told:
                told.add((now.name, number))
                writes = other in comparison.beside and number == before.writes
                whose = f"{other.name} writes" if writes else "may be stored (the lock says that it was written)"
                yield RULE.finding(
                    f"This release does not read version {number}, which {whose}; it reads {now.readable()}.",
                    schema=now.name,
                    version=number,
                    direction="backward",
                    place=comparison.at(now.name),
                )
