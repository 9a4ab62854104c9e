"""An enum has become open or closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Enum
from versioned_serde.check.descriptors.features import CLOSED
from versioned_serde.check.descriptors.hit import Hit, breaking, of_enum
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"ENUM_SAME_TYPE": "FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("enums",)
RULE = Rule(
    name="protobuf-enum-type-changed",
    severity="error",
    finds="An enum was open and is closed, or the other way round.",
    why=(
        "A reader of a closed enum puts numbers that it does not know aside, and takes the field for absent; in a"
        " list the element is missing. Writers of an open enum may send such numbers."
    ),
    example="""\
```proto
enum Color {
  option features.enum_type = CLOSED;   // was open, as enums of proto3 are
  RED = 0;
}
```""",
    instead=(
        "Keep it as it is; a closed enum can only be opened once every reader knows what to do with unknown numbers."
    ),
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/enum/"),
)


def check(old: Enum, new: Enum, _: Difference) -> Iterator[Hit]:
    """The enum, if it is closed on one side alone."""
    before, now = old.features.enum_type == CLOSED, new.features.enum_type == CLOSED
    if before != now:
        text = f"`{new.full}` was {'closed' if before else 'open'}, and is {'closed' if now else 'open'}."
        breaks = breaking(backward=now, forward=before)
        yield of_enum("ENUM_SAME_TYPE", text, old, new, (3, 7, 2), (3, 7), breaks=breaks)
