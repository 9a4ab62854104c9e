"""An attribute has a name that a release before had reserved."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="reserved-name-used",
    severity="error",
    finds="An attribute has a name that a release before had reserved.",
    why=(
        "The name was reserved because records hold something else under it, or because releases that still run"
        " may write it."
    ),
    example="""\
```python
Schema("shop.order", Order, ..., reserved={"note"})      # one release
class Order(BaseModel):
    note: str | None = None                              # the next one
```""",
    instead="Give the attribute another name, and leave the old one in `reserved`.",
    aliases=("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "RESERVED_MESSAGE_NO_DELETE"),
    references=("docs/how-to/retire-a-version.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every reserved name that the newest version has."""
    told: set[tuple[str, str]] = set()
    for other, before, now in comparison.pairs():
        for path in sorted(before.reserved & now.versions[now.newest].shape.keys()):
            if (now.name, path) not in told:
                told.add((now.name, path))
                yield RULE.finding(
                    f"`{path}` is a name that {other.name} has reserved.",
                    schema=now.name,
                    attribute=path,
                    version=now.newest,
                    place=comparison.at(now.name),
                )
