"""An attribute of a released version has another name, in the field that it had."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import same_field

RULE = Rule(
    name="attribute-renamed",
    severity="error",
    finds="An attribute of a released version has another name, in the field that it had.",
    why=(
        "In protobuf's bytes nothing changed, and every other form of the same value has names: the version's"
        " shape, JSON of the same message, the steps of later versions. Who reads by name finds nothing."
    ),
    example="""\
```proto
message Order {
  string customer = 2;           // was: string buyer = 2
}
```""",
    instead=(
        'Declare it: `Version(n, rename("buyer", "customer"))`, with a field of its own number for the new name'
        " where other programs read by name."
    ),
    aliases=("FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"),
    references=("docs/how-to/rename-and-retype.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every number whose attribute has another name alone."""
    for gone, come in same_field(comparison):
        assert gone.old is not None
        assert come.new is not None
        if gone.old.type == come.new.type and gone.old_number == come.new_number:
            yield undeclared(come, comparison, RULE, f"`{gone.path}` is called `{come.path}`")
