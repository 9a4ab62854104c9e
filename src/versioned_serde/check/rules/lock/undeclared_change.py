"""The model changed, and no version says so."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="undeclared-change",
    severity="error",
    finds="The newest locked version has another shape now, because the model changed without a new version.",
    why=(
        "Older shapes are derived from the newest one, so a change of the model that no step declares changes what"
        " every version means, also those of stored records."
    ),
    example="""\
```python
class Order(BaseModel):
    buyer: str
    note: str | None = None     # new, and the last line is still Version(2, ...)
```""",
    instead="Declare the change as the next version; `serde-check fix` writes the line.",
    references=("docs/how-to/add-an-attribute.md",),
    no_witness="It is about the lock; held against a release, the same change has one.",
)
