"""A field has another name under the same number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.hit import Breaks, Hit, of_field
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_NAME": "CSR FILE PACKAGE WIRE_JSON"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-renamed",
    severity="error",
    finds="A field has another name under the same number.",
    why=(
        "Binary form has numbers alone. But JSON and the text format have names: a reader refuses the message, or drops"
        " what it does not know by name; and code that uses the field no longer compiles."
    ),
    example="""\
```proto
message Order {
  string remark = 2;     // was: string note = 2;
}
```""",
    instead="""\
Keep the name in JSON, with `[json_name = "note"]`; or add a field of the new name, and fill both while old readers run.

With the old name in JSON, this is a note, for the code that uses the field.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/json/"),
    no_witness="JSON names extensions in full, with all that is around them, so of these no record is made.",
)


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if its name is another one; an extension by its full name."""
    if old.shown != new.shown:
        text = f"Field {new.number} of `{new.owner}` was `{old.shown}`, and is `{new.shown}`."
        breaks: Breaks = "full" if old.is_extension or old.json_name != new.json_name else None
        yield of_field("FIELD_SAME_NAME", text, old, new, (1,), breaks=breaks)
