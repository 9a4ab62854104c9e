"""A message no longer leaves numbers to extensions that it left to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Message
from versioned_serde.check.descriptors.hit import Hit, of_message
from versioned_serde.check.descriptors.ranges import missing, shown
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"EXTENSION_MESSAGE_NO_DELETE": "CSR FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("messages",)
RULE = Rule(
    name="protobuf-extension-range-deleted",
    severity="note",
    finds="A message no longer leaves numbers to extensions that it left to them.",
    why=(
        "Files of others that declare extensions with these numbers no longer compile, and records that hold them"
        " lose them in readers that must declare them."
    ),
    example="""\
```proto
message Order {
  extensions 100 to 199;   // was: extensions 100 to 299;
}
```""",
    instead="Keep the range; make sure that nobody has an extension in it before it goes.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)


def check(old: Message, new: Message, _: Difference) -> Iterator[Hit]:
    """Each range of which a part is gone."""
    if not old.proto.extension_range:
        return
    kept = [(each.start, each.end - 1) for each in new.proto.extension_range]
    for each in old.proto.extension_range:
        if gone := missing((each.start, each.end - 1), kept):
            text = f"Of the extensions {shown([(each.start, each.end - 1)])} of `{new.full}`, {shown(gone)} are gone."
            yield of_message("EXTENSION_MESSAGE_NO_DELETE", text, old, new, None, None)
