"""A version is written again, and a certificate says that none of it is left."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="certificate-outdated",
    severity="warning",
    finds="A release writes a version of which a certificate beside the lock says that no record is left.",
    why=(
        "The certificate was true when the census ended. From the first record that this release writes on it is not,"
        " and a later release that takes the reader out would still be believed."
    ),
    example="""\
```python
writes=1,     # after a roll-back; serde-lock/retired/shop.order.1.json counts no record of version 1
```""",
    instead="Delete the certificate in the same change, and have a new census made before the reader goes.",
    references=("docs/how-to/retire-a-version.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Each schema that is written in a version that is certified to be gone."""
    for name, gone in comparison.gone().items():
        now = comparison.now.schemas.get(name)
        if now is not None and now.writes <= gone:
            yield RULE.finding(
                f"{comparison.name} writes version {now.writes}, and a certificate says that no record of version"
                f" {gone} or older is left.",
                schema=name,
                version=now.writes,
                place=comparison.at(name),
            )
