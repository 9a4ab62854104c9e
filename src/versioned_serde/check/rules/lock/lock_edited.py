"""Somebody edited the lock by hand."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="lock-edited",
    severity="error",
    finds="The lines of a version in the lock do not have the digest that is written beside them.",
    why="The lock says what released versions hold. Edited, it says what somebody wanted it to say.",
    example="""\
```diff
-        "total": "int"
+        "total": "Decimal"
```""",
    instead="Restore the file from version control. What changes a version is a line in the declaration.",
    no_witness="It is about the lock, and not about records.",
)
