"""A parameter's released version has another value."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="parameter-changed",
    severity="warning",
    finds="A parameter has another kind, or another value under a number that was released.",
    why=(
        "Whoever looks at which version is emitted, in a metric or in the plan of a deployment, takes two values for"
        " one. Whether peers get on is decided by the values; the rule `parameter-not-tolerated` says where they do"
        " not."
    ),
    example="""\
```python
Parameter("shop.heartbeat", {1: 6.0}, kind="at_most", writes=1)     # the release before: {1: 5.0}
```""",
    instead="Put the value back, and list the new one under a number of its own.",
    references=("docs/how-to/parameter.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each parameter that changed without a version."""
    for other, before, now in comparison.parameter_pairs():
        if before.kind != now.kind:
            yield RULE.finding(
                f"Its kind is `{now.kind}`, and is `{before.kind}` in {other.name}.",
                schema=now.name,
                place=comparison.at(now.name),
            )
        for number in sorted({*before.listed} & {*now.listed}):
            was, is_ = before.versions[number], now.versions[number]
            if was != is_ or type(was) is not type(is_):
                yield RULE.finding(
                    f"Version {number} is {is_!r}, and is {was!r} in {other.name}.",
                    schema=now.name,
                    version=number,
                    place=comparison.at(now.name),
                )
