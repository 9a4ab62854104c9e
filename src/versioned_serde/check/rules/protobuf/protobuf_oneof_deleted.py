"""A oneof is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Message
from versioned_serde.check.descriptors.hit import Hit, of_message
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"ONEOF_NO_DELETE": "CSR FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("messages",)
RULE = Rule(
    name="protobuf-oneof-deleted",
    severity="note",
    finds="A oneof is gone from a message.",
    why=(
        "Its name is in no bytes. Code that asks which of its fields is set no longer compiles. What becomes of the"
        " fields is another matter: `protobuf-field-oneof-changed` and `protobuf-field-deleted` say it."
    ),
    example="""\
```proto
message Order {
  // oneof payment { string card = 4; }    is gone
  string card = 4;
}
```""",
    instead="Change it together with the code that uses it.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)


def check(old: Message, new: Message, _: Difference) -> Iterator[Hit]:
    """Each oneof that the message does not have any more; those that proto3 makes of `optional` do not count."""
    if old.proto.oneof_decl == new.proto.oneof_decl:
        return
    names = {each.name for each in new.proto.oneof_decl}
    for name in old.oneof_names():
        if name not in names:
            yield of_message("ONEOF_NO_DELETE", f"Oneof `{name}` of `{new.full}` is gone.", old, new, name, None)
