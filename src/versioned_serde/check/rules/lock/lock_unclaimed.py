"""The lock has a file for which nothing is declared."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="lock-unclaimed",
    severity="warning",
    finds="The lock has a schema or parameter that nothing declares.",
    why=(
        "Either a name was changed, and then the records of the old name are not found any more; or the schema is gone,"
        " and its file is litter."
    ),
    example="""\
```python
orders = Schema("shop.orders", Order, ...)     # the lock has shop.order.json
```""",
    instead="Take the renaming back; or, once no release reads it any more, delete the file.",
)
