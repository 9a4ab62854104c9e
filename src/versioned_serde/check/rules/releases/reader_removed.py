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
    """Each version that a release beside reads, that may be met, and that is not read any more."""
    told = set()
    for other, before, now in comparison.pairs(comparison.beside):
        # Its hosts write on while this release is deployed, whatever a census said.
        met = {**comparison.stored(now.name), before.writes: before}
        for number, writer in met.items():
            if before.reads(writer, number) and not now.reads(writer, number) and (now.name, number) not in told:
                told.add((now.name, number))
                whose = f"{other.name} writes" if number == before.writes else "may be stored, as the lock remembers"
                yield RULE.finding(
                    f"{comparison.name} does not read version {number}, which {whose}; it reads {now.readable()}.",
                    schema=now.name,
                    version=number,
                    direction="backward",
                    place=comparison.at(now.name),
                )
