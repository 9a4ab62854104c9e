"""A file of the lock cannot be read."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="lock-unreadable",
    severity="error",
    finds="A file of the lock is not one: it is damaged, has conflict markers, or is of a format that is not known.",
    why="Without it nobody knows what the releases before declared, and what their records hold.",
    example="""\
```text
<<<<<<< HEAD
    "writes": 2,
```""",
    instead="Restore it from version control, then run `serde-check lock`.",
    no_witness="It is about the lock, and not about records.",
)
