"""The field of an attribute of a released version has another type in the .proto file."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes

RULE = Rule(
    name="field-type-changed",
    severity="error",
    finds="The field of an attribute of a released version has another type in the .proto file.",
    why=(
        "`int32`, `sint32` and `fixed32` are all an int in Python and different bytes: a reader of one takes"
        " another for a wrong number, or for an unknown field. The same goes for `string` and `bytes`, and for"
        " single and repeated fields."
    ),
    example="""\
```proto
message Order {
  sint32 total = 2;              // was int32: 3 is read as -2
}
```""",
    instead="Put the type back, and declare a new field with a number of its own for the new one.",
    aliases=("FIELD_SAME_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"),
    references=("docs/how-to/protobuf-models.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute whose field has another type."""
    for change in changes(comparison):
        old, new = change.old_number.partition(" ")[2], change.new_number.partition(" ")[2]
        if change.both is not None and old and new and old != new:
            yield undeclared(change, comparison, RULE, f"the field of `{change.path}` is `{new}` and was `{old}`")
