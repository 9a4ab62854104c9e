"""A field is gone, and its number or name may come back with another meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Message
from versioned_serde.check.descriptors.hit import Hit, of_message
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "FIELD_NO_DELETE": "CSR FILE PACKAGE",
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED": "CSR WIRE_JSON WIRE",
    "FIELD_NO_DELETE_UNLESS_NAME_RESERVED": "CSR WIRE_JSON",
}
LOOKS_AT: tuple[str, ...] = ("all fields",)
RULE = Rule(
    name="protobuf-field-deleted",
    severity="error",
    finds="A field is gone from a message.",
    why=(
        "Records that hold it remain, and so do releases that write it. Once its number is given to another field, new"
        " readers take the old bytes for that field's value; once its name is, readers of JSON do."
    ),
    example="""\
```proto
message Order {
  // string note = 2;    is gone, and nothing is reserved
  string remark = 3;
}
```""",
    instead="""\
Reserve both in the same change: `reserved 2; reserved "note";`.

With that, `FIELD_NO_DELETE` alone still reports it, because code that uses the field no longer compiles.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/proto3/#deleting"),
    no_witness="Every record with the field shows it: new readers keep its bytes, and have no value.",
)


def check(old: Message, new: Message, difference: Difference) -> Iterator[Hit]:
    """Each field whose number the message does not have any more."""
    before, now = difference.changed(old, new)
    for number in before.keys() - now.keys():
        _, field = before[number]
        found = f"Field {field.number} (`{field.name}`) of `{new.full}` is gone"
        yield of_message("FIELD_NO_DELETE", f"{found}.", old, new, field.name, "backward")
        if not any(each.start <= field.number < each.end for each in new.proto.reserved_range):
            alias = "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"
            yield of_message(alias, f"{found}, and its number is not reserved.", old, new, field.name, "backward")
        if field.name not in new.proto.reserved_name:
            alias = "FIELD_NO_DELETE_UNLESS_NAME_RESERVED"
            yield of_message(alias, f"{found}, and its name is not reserved.", old, new, field.name, "backward")
