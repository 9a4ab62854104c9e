"""A released version has another shape than it had."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.redeclared import redeclared
from versioned_serde.check.rules.rule import Rule

_SHOWN = 5
"""How many paths a message names."""

RULE = Rule(
    name="shape-changed",
    severity="error",
    finds="Two releases declare other attributes, types, defaults or field numbers under one version, and no rule of"
    " shapes says it better.",
    why=(
        "A version's number is all that a record says of itself. Where two releases mean different attributes by it,"
        " one reads wrong values from the other's records, often without noticing."
    ),
    example="""\
```python
class Order(BaseModel):
    total: Decimal     # it was an int, and the last line is still the one that was released
```""",
    instead="""\
Put the attribute back as it was, and declare the change as a version of its own; `serde-check fix` writes the line.

In a version that no record was written in, and that no host writes, it is a warning.""",
    references=("docs/explanation/two-phases.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each version with another shape."""
    for each in redeclared(comparison):
        told = [*_differing("attributes", each.was.shape, each.now.shape)]
        told += _differing("fields", each.was.fields, each.now.fields)
        if told:
            yield RULE.finding(
                f"Version {each.now.number} is not what it is in {each.other.name}: {'; '.join(told)}.",
                severity="error" if each.met else "warning",
                schema=each.name,
                version=each.now.number,
                place=comparison.at(each.name),
            )


def _differing(what: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    if paths := sorted({path for path, _ in set(was.items()) ^ set(now.items())}):
        more = " and others" if len(paths) > _SHOWN else ""
        yield f"its {what} differ in {', '.join(f'`{path}`' for path in paths[:_SHOWN])}{more}"
