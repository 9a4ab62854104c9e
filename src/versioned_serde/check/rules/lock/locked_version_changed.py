"""A locked version is declared otherwise."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="locked-version-changed",
    severity="error",
    finds="A version that is in the lock is declared with another codec, coding, framing, min_reader, shape or step.",
    why=(
        "What is in the lock may have been released, and its records may be stored. A record's version is all that it"
        " says of itself, so a reader with another declaration takes it for what it is not."
    ),
    example="""\
```python
Version(1, codec="json", framing="envelope"),     # the lock: codec xml
```""",
    instead="""\
Put it back, and declare the change as a version of its own.

If no release has had the version, lock it anew: `serde-check lock --draft SCHEMA:VERSION`.""",
    no_witness="It is about the lock; held against a release, the same change has one.",
)
