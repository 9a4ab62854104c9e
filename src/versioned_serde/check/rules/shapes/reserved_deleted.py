"""A name is not reserved any more."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="reserved-deleted",
    severity="warning",
    finds="A name is not reserved any more.",
    why=(
        "Nothing keeps the next attribute from being called like one that was given up, of which records or"
        " backups may still hold values."
    ),
    example="""\
```python
Schema("shop.order", Order, ..., reserved={"note"})      # one release
Schema("shop.order", Order, ...)                         # the next one
```""",
    instead="Put the name back into `reserved`. It costs nothing there.",
    aliases=("RESERVED_MESSAGE_NO_DELETE", "RESERVED_ENUM_NO_DELETE"),
    references=("docs/how-to/retire-a-version.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every name that was reserved and is not."""
    told: set[tuple[str, str]] = set()
    for other, before, now in comparison.pairs():
        for path in sorted(before.reserved - now.reserved):
            if (now.name, path) not in told:
                told.add((now.name, path))
                yield RULE.finding(
                    f"`{path}` is reserved in {other.name} and not any more.",
                    schema=now.name,
                    attribute=path,
                    place=comparison.at(now.name),
                )
