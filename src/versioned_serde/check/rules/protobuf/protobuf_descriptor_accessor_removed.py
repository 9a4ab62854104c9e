"""Generated code of a message loses the accessor of its descriptor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Message
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR": "CSR FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("messages",)
RULE = Rule(
    name="protobuf-descriptor-accessor-removed",
    severity="note",
    finds="A message sets `no_standard_descriptor_accessor`, and did not.",
    why=(
        "Nothing changes in the bytes. Generated code has no `descriptor()` any more, so code that calls it fails to"
        " compile."
    ),
    example="""\
```proto
message Order {
  option no_standard_descriptor_accessor = true;   // is new
}
```""",
    instead="Leave the option away, unless a field named `descriptor` collides with the accessor.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)


def check(old: Message, new: Message, _: Difference) -> Iterator[Hit]:
    """The message, if its option was false or absent and is true."""
    if not new.proto.HasField("options"):
        return
    before, now = old.proto.options, new.proto.options
    if now.no_standard_descriptor_accessor and not before.no_standard_descriptor_accessor:
        text = f"`{new.full}` has no standard accessor of its descriptor any more."
        yield Hit("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", text, new.file, new, ((7, 2),), False, new.full)
