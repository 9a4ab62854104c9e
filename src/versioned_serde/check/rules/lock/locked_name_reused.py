"""A new attribute has the name of an old one."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="locked-name-reused",
    severity="error",
    finds="A new version adds an attribute under a name that a retired version in the lock used for another one, or a"
    " draft that was locked anew.",
    why="Records that an old host wrote, and copies of them in backups, still hold the old attribute under that name."
    " A host that had the draft kept it in the records of older versions.",
    example="""\
```python
Version(7, add("fax")),     # versions 1 and 2, which are retired, had a `fax`
```""",
    instead="Give the new attribute another name, and list the old one in `reserved`.",
    no_witness="It is about the lock; held against a release, the same change has one.",
)
