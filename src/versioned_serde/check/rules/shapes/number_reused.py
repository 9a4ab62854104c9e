"""A released version has another attribute in the field of one that was deleted."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import same_field

RULE = Rule(
    name="number-reused",
    severity="error",
    finds="A released version has another attribute in the field of one that was deleted.",
    why=(
        "Old records hold the old value under the number, and old hosts write it. The new release reads it as a"
        " value of the new attribute; and where the types are alike, nothing fails."
    ),
    example="""\
```proto
message Order {
  string coupon = 4;             // 4 was: string note
}
```""",
    instead="Give the new attribute a number that was never used, and write `reserved 4;` into the message.",
    aliases=("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", "FIELD_SAME_NAME"),
    references=("docs/how-to/protobuf-models.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every number whose attribute is of another name and type."""
    for gone, come in same_field(comparison):
        assert gone.old is not None
        assert come.new is not None
        if gone.old.type != come.new.type or gone.old_number != come.new_number:
            number = come.new_number.partition(" ")[0]
            yield undeclared(come, comparison, RULE, f"field {number}, which was `{gone.path}`, is `{come.path}`")
