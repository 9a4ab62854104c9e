"""The lock is older than the declaration."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="lock-stale",
    severity="error",
    finds="The declaration has something that is not in the lock yet: a new schema or version, another write version.",
    why=(
        "The lock is what other branches, other teams and the next release compare themselves with. Where it lags"
        " behind, they compare themselves with the past."
    ),
    example="""\
```python
Version(3, add("note")),     # and serde-lock/shop.order.json ends with version 2
```""",
    instead="Run `serde-check lock`, and commit the folder in the same change.",
    no_witness="It is about the lock, and not about records.",
)
