"""The function that computes a default is another one."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.facts import factories
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.sources import Sources

RULE = Rule(
    name="default-factory-changed",
    severity="warning",
    finds="The function that computes a default is another one.",
    why=(
        "New records hold other values, and so do old records that lack the attribute, each time that they are"
        " read. The shape is the same, so no version says so."
    ),
    example="""\
```python
class Order(BaseModel):
    channel: str = Field(default_factory=lambda: "app")      # was: lambda: "web"
```""",
    instead=(
        "If records that lack the attribute may exist, add it by a step with a `fill` that says what it was. Else"
        " look whether readers cope with the new values."
    ),
    aliases=("FIELD_SAME_DEFAULT",),
    references=("docs/how-to/change-a-default.md",),
)


def check(sources: Sources) -> Iterator[Finding]:
    """Every attribute whose default was and is computed, by other code."""
    for change in sources.behaviours():
        if factories(change.gone) or factories(change.come):
            yield RULE.finding(
                f"The default of `{change.path}` is computed otherwise than in {change.other.name}.",
                schema=change.now.name,
                attribute=change.path,
                place=sources.comparison.at(change.now.name),
            )
