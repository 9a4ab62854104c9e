"""What the project declares cannot be right."""

from versioned_serde.check.rules.rule import Rule

RULE = Rule(
    name="declaration-refused",
    severity="error",
    finds="The library refuses what a module declares: a type that is not the service's own, a step that does not fit,"
    " a write version that is not listed.",
    why="The service would not start; here it is a finding of the change that caused it.",
    example="""\
```python
class Order(BaseModel):
    invoice: vendor.Invoice     # a class that somebody else releases
```""",
    instead="Mend the declaration as the message says.",
    references=("docs/adr/0007-types-that-are-refused.md",),
    no_witness="Nothing is declared that could write a record.",
)
