"""A schema or parameter is gone."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="schema-removed",
    severity="warning",
    finds="A schema or parameter that a release beside this one declares is not declared any more.",
    why=(
        "Its hosts may still send and store such records, and nobody here reads them. Under another name they are not"
        " found either, because the name is in the records."
    ),
    example="""\
```python
orders = Schema("shop.orders", Order, ...)     # it was "shop.order"
```""",
    instead="""\
If it was renamed, take that back. If the feature is gone, let those who use it stop first, release that, and remove the
schema in the release after.""",
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each name that is gone."""
    for other in comparison.beside:
        for what, before, now in (
            ("schema", other.schemas, comparison.now.schemas),
            ("parameter", other.parameters, comparison.now.parameters),
        ):
            for name in sorted(before.keys() - now.keys()):
                yield RULE.finding(f"The {what} is declared by {other.name}, and not any more.", schema=name)
