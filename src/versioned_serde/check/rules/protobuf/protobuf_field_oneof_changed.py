"""A field has moved into a oneof, out of one, or to another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.hit import Hit, breaking, of_field
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_ONEOF": "CSR FILE PACKAGE WIRE_JSON WIRE"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-oneof-changed",
    severity="error",
    finds="A field has moved into a oneof, out of one, or to another one.",
    why=(
        "Of the fields of a oneof a reader keeps the last one. So where the writer knows the field outside of it, and"
        " sets two, one is lost without an error."
    ),
    example="""\
```proto
message Order {
  oneof payment {
    string card = 4;
    string voucher = 5;    // was outside of the oneof
  }
}
```""",
    instead="""\
Add a field to the oneof under a new number, and reserve the old one once nobody writes it.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/proto3/#backward"),
    no_witness="Where the oneof has no other field that both sides have, no record of today shows it.",
)


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if it is in another oneof. The oneof that proto3 makes of `optional` is none."""
    before, now = old.oneof, new.oneof
    if before != now and not old.is_extension:
        was = f"in oneof `{before}`" if before is not None else "in no oneof"
        is_ = f"in oneof `{now}`" if now is not None else "in none"
        text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` was {was}, and is {is_}."
        breaks = breaking(backward=now is not None, forward=before is not None)
        yield of_field("FIELD_SAME_ONEOF", text, old, new, breaks=breaks)
