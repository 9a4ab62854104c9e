"""A locked version is not declared any more, though older ones are."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="locked-version-withdrawn",
    severity="error",
    finds="The lock has a version above the newest that is listed.",
    why="It may have been released, and its number would be used again for something else.",
    example="""\
```python
Version(1, codec="json", framing="envelope"),     # the lock has version 2, too
```""",
    instead="""\
List it again.

If no release has had it, lock it anew: `serde-check lock --draft SCHEMA:VERSION`.""",
    no_witness="It is about the lock; held against a release, the same change has one.",
)
