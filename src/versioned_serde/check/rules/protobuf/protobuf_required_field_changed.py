"""A message has a required field more, or one less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Message
from versioned_serde.check.descriptors.features import PROTO2, PROTO3
from versioned_serde.check.descriptors.hit import NOT_OF_BUF, Hit, of_field, of_message
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"MESSAGE_SAME_REQUIRED_FIELDS": "CSR FILE PACKAGE WIRE_JSON WIRE"}
LOOKS_AT: tuple[str, ...] = ("messages",)
RULE = Rule(
    name="protobuf-required-field-changed",
    severity="error",
    finds="A message has a required field more, or one less.",
    why=(
        "Whoever requires a field refuses the whole message without it: new readers refuse the records from before it"
        " was required, old readers those from after it was given up."
    ),
    example="""\
```proto
message Order {
  required string id = 1;
  required string customer = 2;   // is new
}
```""",
    instead="""\
Add fields as optional, and check in code what must be there.

A required field can go once no release that requires it runs: first ship one that does not write without it.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/best-practices/dos-donts/#add-required"),
)


def check(old: Message, new: Message, _: Difference) -> Iterator[Hit]:
    """Each field that is required on one side alone."""
    before, now = _required(old), _required(new)
    for number, index in before.items():
        if number not in now:
            name = old.field(index).name
            text = f"Field {number} (`{name}`) of `{new.full}` was required, and is not any more."
            if (alias := _alias(old, new, number)) is not None:
                yield of_message(alias, text, old, new, name, "forward")
    for number, index in now.items():
        if number not in before:
            field = new.field(index)
            text = f"Field {number} (`{field.name}`) of `{new.full}` is required now."
            if (alias := _alias(new, old, number)) is not None:
                hit = of_field(alias, text, field, field, breaks="backward")
                hit.old = old  # there may be no such field in it
                yield hit


def _alias(of: Message, other: Message, number: int) -> str | None:
    """What buf calls it. It does not look at features, and a field of both sides has another cardinality then."""
    if of.file.edition == PROTO2:
        return "MESSAGE_SAME_REQUIRED_FIELDS"
    return None if number in other.numbers else NOT_OF_BUF


def _required(message: Message) -> dict[int, int]:
    """Number -> index of each required field."""
    if message.file.edition == PROTO3:
        return {}
    if message.file.edition == PROTO2:
        label = FieldDescriptorProto.LABEL_REQUIRED
        return {each.number: index for index, each in enumerate(message.proto.field) if each.label == label}
    return {each.number: index for index, each in enumerate(message.fields()) if each.cardinality == "required"}
