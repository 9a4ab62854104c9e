"""A number or name may be used again that was kept from it."""

from __future__ import annotations

from collections.abc import Iterator

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Enum, Message
from versioned_serde.check.descriptors.hit import Breaks, Hit, of_enum, of_message
from versioned_serde.check.descriptors.ranges import Range, missing, shown
from versioned_serde.check.rules.rule import Rule

BUF = {
    "RESERVED_MESSAGE_NO_DELETE": "CSR FILE PACKAGE WIRE_JSON WIRE",
    "RESERVED_ENUM_NO_DELETE": "CSR FILE PACKAGE WIRE_JSON WIRE",
}
LOOKS_AT = ("messages", "enums")
RULE = Rule(
    name="protobuf-reserved-deleted",
    severity="warning",
    finds="A number or name is not reserved any more.",
    why=(
        "It was reserved because records and releases still have it with its old meaning. As soon as something new has it,"
        " they are misread; where that happens in the same change, this is an error."
    ),
    example="""\
```proto
message Order {
  // reserved 2;           is gone
  string remark = 2;
}
```""",
    instead="Keep what is reserved for good; numbers are plentiful.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/proto3/#deleting"),
)


def check(old: Message | Enum, new: Message | Enum, _: Difference) -> Iterator[Hit]:
    """Each reserved range of which a part is gone, and each reserved name that is."""
    if not old.proto.reserved_range and not old.proto.reserved_name:
        return
    if isinstance(old, Message) and isinstance(new, Message):
        # The end of a message's range is the number after it; that of an enum's is in it.
        ranges = [(each.start, each.end - 1) for each in old.proto.reserved_range]
        kept = [(each.start, each.end - 1) for each in new.proto.reserved_range]
        used = {each.number: each.name for each in new.proto.field}
    else:
        assert isinstance(old, Enum) and isinstance(new, Enum), "pairs are of one kind"
        ranges = [(each.start, each.end) for each in old.proto.reserved_range]
        kept = [(each.start, each.end) for each in new.proto.reserved_range]
        used = {each.number: each.name for each in new.proto.value}
    for each in ranges:
        if gone := missing(each, kept):
            again = any(low <= number <= high for low, high in gone for number in used)
            yield _hit(f"Of the reserved numbers {shown([each])}, {_are(gone)} not reserved any more.", old, new, again)
    names = frozenset(new.proto.reserved_name)
    for name in dict.fromkeys(old.proto.reserved_name):
        if name not in names:
            yield _hit(f"The name `{name}` is not reserved any more.", old, new, name in used.values())


def _are(gone: list[Range]) -> str:
    single = len(gone) == 1 and gone[0][0] == gone[0][1]
    return f"{shown(gone)} {'is' if single else 'are'}"


def _hit(text: str, old: Message | Enum, new: Message | Enum, again: bool) -> Hit:
    breaks: Breaks = "full" if again else None
    if isinstance(old, Message) and isinstance(new, Message):
        return of_message("RESERVED_MESSAGE_NO_DELETE", f"`{new.full}`: {text}", old, new, None, breaks)
    assert isinstance(old, Enum) and isinstance(new, Enum), "pairs are of one kind"
    return of_enum("RESERVED_ENUM_NO_DELETE", f"`{new.full}`: {text}", old, new, breaks=breaks)
