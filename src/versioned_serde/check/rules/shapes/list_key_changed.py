"""The elements of a list are identified by another attribute."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="list-key-changed",
    severity="warning",
    finds="The elements of a list are identified by another attribute.",
    why=(
        "Two hosts that edit one record find each other's elements by the key. With different keys, what one of"
        " them does not understand may be put into another element than the one that it came from."
    ),
    example="""\
```python
Schema("shop.order", Order, ..., keys={"lines": "position"})     # was: {"lines": "sku"}
```""",
    instead=(
        "Put the key back. If it has to be another one, let every host that edits such records run the new release"
        " before elements are edited."
    ),
    references=("docs/how-to/edit-records.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every list that both releases know and key otherwise."""
    told: set[tuple[str, str]] = set()
    for other, before, now in comparison.pairs():
        for path in sorted(before.keys.keys() & now.versions[now.newest].shape.keys()):
            old, new = before.keys[path], now.keys.get(path)
            if old != new and (now.name, path) not in told:
                told.add((now.name, path))
                by = "nothing" if new is None else f"`{new}`"
                yield RULE.finding(
                    f"The elements of `{path}` are identified by {by}, and in {other.name} by `{old}`.",
                    schema=now.name,
                    attribute=path,
                    version=now.newest,
                    place=comparison.at(now.name),
                )
