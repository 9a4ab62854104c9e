"""An absent field has another value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.defaults import default_of, same_default
from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import ENUM, Field
from versioned_serde.check.descriptors.hit import Hit, of_field
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_DEFAULT": "CSR FILE PACKAGE WIRE_JSON WIRE"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-default-changed",
    severity="error",
    finds="A field that is absent has another value.",
    why=(
        "A default is not written: it is what each reader puts in. With another default, readers of the two releases"
        " take the same record for two different things."
    ),
    example="""\
```proto
message Order {
  optional int32 copies = 3 [default = 2];   // was: [default = 1]
}
```""",
    instead="""\
Keep the default; have writers set the field, and let code that wants another value ask whether it is there.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "docs/how-to/change-a-default.md"),
    no_witness="Every record without the field shows it; an empty one does.",
)


def check(old: Field, new: Field, difference: Difference) -> Iterator[Hit]:
    """The field, if what it has when it is absent is another value."""
    if not any(each.kind == ENUM or each.proto.HasField("default_value") for each in (old, new)):
        return  # zero, on both sides
    before, now = default_of(old, difference.old), default_of(new, difference.new)
    if not same_default(old, before, new, now):
        text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` has another default."
        yield of_field("FIELD_SAME_DEFAULT", text, old, new, (7,), breaks="full")
