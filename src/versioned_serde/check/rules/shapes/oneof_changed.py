"""An attribute of a released version is a member of a oneof where it was not, or of another one."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.rules.rule import Rule
from versioned_serde.check.rules.shapes.telling import undeclared
from versioned_serde.check.shape_changes import changes

RULE = Rule(
    name="oneof-changed",
    severity="error",
    finds="An attribute of a released version is a member of a oneof where it was not, or of another one.",
    why=(
        "Of the members of a oneof, a reader keeps the last and drops the others. A writer that does not know the"
        " oneof sets several, and loses all but one without an error."
    ),
    example="""\
```proto
message Order {
  oneof contact { string email = 4; string phone = 5; }     // were two fields of their own
}
```""",
    instead="Put the fields where they were, and add new ones, with numbers of their own, to the oneof.",
    aliases=("FIELD_SAME_ONEOF", "ONEOF_NO_DELETE"),
    references=("docs/how-to/protobuf-models.md",),
)


def check(comparison: Comparison) -> Iterator[Finding]:
    """Every attribute whose oneof is another one."""
    for change in changes(comparison):
        if change.both is not None and change.both[0].slot != change.both[1].slot:
            old, new = (f"in the oneof `{each.slot}`" if each.slot else "in no oneof" for each in change.both)
            yield undeclared(change, comparison, RULE, f"`{change.path}` is {new} and was {old}", alone=False)
