"""A message has a required field more, or one less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Message
from versioned_serde.check.descriptors.features import PROTO2, PROTO3
from versioned_serde.check.descriptors.hit import NOT_OF_BUF, Breaks, Hit, of_field, of_message
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"MESSAGE_SAME_REQUIRED_FIELDS": "CSR FILE PACKAGE WIRE_JSON WIRE"}
LOOKS_AT: tuple[str, ...] = ("all fields",)
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
    no_witness="Where the message has no other field that both sides have, an empty record shows it.",
)


def check(old: Message, new: Message, _: Difference) -> Iterator[Hit]:
    """Each field that is required on one side alone."""
    for number, index in _required_of(old, new):
        field = old.field(index)
        text = f"Field {number} (`{field.name}`) of `{new.full}` was required, and is not any more."
        breaks: Breaks = None if _required_by_other_words(new, number) else "forward"
        yield of_message(_alias(old), text, old, new, field.name, breaks)
    for number, index in _required_of(new, old):
        field = new.field(index)
        text = f"Field {number} (`{field.name}`) of `{new.full}` is required now."
        breaks = None if _required_by_other_words(old, number) else "backward"
        hit = of_field(_alias(new), text, field, field, breaks=breaks)
        hit.old = old  # there may be no such field in it
        yield hit


def _alias(message: Message) -> str:
    return "MESSAGE_SAME_REQUIRED_FIELDS" if message.file.edition == PROTO2 else NOT_OF_BUF


def _required_of(message: Message, other: Message) -> list[tuple[int, int]]:
    """Number and index of each field that is required here alone.

    buf looks for the word of proto2, and not for what an edition has instead. We look for that, too, in fields that the
    other side does not have; those that it has have another cardinality, which is another rule's matter.
    """
    if message.file.edition == PROTO3:
        return []
    if message.file.edition == PROTO2:
        there = _labelled(other)
        return [each for each in _labelled(message).items() if each[0] not in there]
    fields = enumerate(message.fields())
    found = [(each.number, index) for index, each in fields if each.cardinality == "required"]
    return [each for each in found if each[0] not in other.numbers]


def _labelled(message: Message) -> dict[int, int]:
    if message.file.edition != PROTO2:
        return {}
    label = FieldDescriptorProto.LABEL_REQUIRED
    return {each.number: index for index, each in enumerate(message.proto.field) if each.label == label}


def _required_by_other_words(message: Message, number: int) -> bool:
    index = message.numbers.get(number)
    return index is not None and message.field(index).cardinality == "required"
