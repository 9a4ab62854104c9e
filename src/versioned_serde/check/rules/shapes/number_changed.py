"""An attribute of a released version is in a field of another number."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes

RULE = Rule(
    name="number-changed",
    severity="error",
    finds="An attribute of a released version is in a field of another number.",
    why=(
        "On the wire, a field is its number. Old readers take the new field for one that they do not know, and"
        " read the attribute as unset; new readers do the same with all records that exist."
    ),
    example="""\
```proto
message Order {
  string buyer = 3;              // was = 2
}
```""",
    instead=(
        "Put the number back. To move the attribute, add a new one with the new number, and remove the old one in"
        " a later version."
    ),
    aliases=("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",),
    references=("docs/how-to/protobuf-models.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute whose field has another number."""
    for change in changes(comparison):
        old, new = change.old_number.partition(" ")[0], change.new_number.partition(" ")[0]
        if change.both is not None and old and new and old != new:
            yield undeclared(change, comparison, RULE, f"`{change.path}` is field {new} and was field {old}")
