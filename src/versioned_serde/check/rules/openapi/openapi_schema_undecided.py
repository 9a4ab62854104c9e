"""Whether two schemas are compatible could not be decided."""

from __future__ import annotations

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="openapi-schema-undecided",
    severity="warning",
    finds="A message's schemas could not be compared, in part or at all.",
    why="There was neither a proof that all values are allowed nor a value that is not.",
    example="""\
```yaml
pattern: "^(?=.*[a-z])"
```""",
    instead="Look at the change yourself, or say the same with simpler keywords.",
    references=("docs/how-to/compare-openapi.md",),
)
