"""A field has another name in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.hit import Hit, of_field
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_JSON_NAME": "CSR FILE PACKAGE WIRE_JSON"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-json-name-changed",
    severity="error",
    finds="A field has another name in JSON.",
    why="A reader of the other name refuses the JSON, or takes the field for absent.",
    example="""\
```proto
message Order {
  string note = 2 [json_name = "remark"];   // was: string note = 2;
}
```""",
    instead="""\
Keep `json_name`; to change the name in JSON, add a field and fill both for as long as old readers run.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/json/"),
)


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if its name in JSON is another one; extensions are named in full there."""
    if not old.is_extension and old.json_name != new.json_name:
        text = f"Field {new.number} of `{new.owner}` was `{old.json_name}` in JSON, and is `{new.json_name}`."
        yield of_field("FIELD_SAME_JSON_NAME", text, old, new, (10,), breaks="full")
