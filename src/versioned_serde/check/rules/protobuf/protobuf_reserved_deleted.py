"""A number or name may be used again that was kept from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Enum, Message
from versioned_serde.check.descriptors.hit import Breaks, Hit
from versioned_serde.check.descriptors.ranges import Range, missing, shown
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "RESERVED_MESSAGE_NO_DELETE": "CSR FILE PACKAGE WIRE_JSON WIRE",
    "RESERVED_ENUM_NO_DELETE": "CSR FILE PACKAGE WIRE_JSON WIRE",
}
LOOKS_AT: tuple[str, ...] = ("messages", "enums")
RULE = Rule(
    name="protobuf-reserved-deleted",
    severity="warning",
    finds="A number or name is not reserved any more.",
    why=(
        "It was reserved because records and releases still have it with its old meaning. As soon as something new"
        " has it, they are misread; where that happens in the same change, this is an error."
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
    no_witness="It takes a record from when the number or name had its first meaning, of which neither side tells.",
)


def check(old: Message | Enum, new: Message | Enum, _: Difference) -> Iterator[Hit]:
    """Each reserved range of which a part is gone, and each reserved name that is."""
    if not old.proto.reserved_range and not old.proto.reserved_name:
        return
    used = _used(new)
    kept = _ranges(new)
    for each in _ranges(old):
        if gone := missing(each, kept):
            again = any(low <= number <= high for low, high in gone for number in used)
            yield _hit(f"Of the reserved numbers {shown([each])}, {_are(gone)} not reserved any more.", old, new, again)
    names = frozenset(new.proto.reserved_name)
    for name in dict.fromkeys(old.proto.reserved_name):
        if name not in names:
            yield _hit(f"The name `{name}` is not reserved any more.", old, new, name in used.values())


def _ranges(element: Message | Enum) -> list[Range]:
    # The end of a message's range is the number after it; that of an enum's is in it.
    after = 1 if isinstance(element, Message) else 0
    return [(each.start, each.end - after) for each in element.proto.reserved_range]


def _used(element: Message | Enum) -> dict[int, str]:
    there = element.proto.field if isinstance(element, Message) else element.proto.value
    return {each.number: each.name for each in there}


def _are(gone: list[Range]) -> str:
    single = len(gone) == 1 and gone[0][0] == gone[0][1]
    return f"{shown(gone)} {'is' if single else 'are'}"


def _hit(text: str, old: Message | Enum, new: Message | Enum, again: bool) -> Hit:
    alias = "RESERVED_MESSAGE_NO_DELETE" if isinstance(new, Message) else "RESERVED_ENUM_NO_DELETE"
    breaks: Breaks = "full" if again else None
    return Hit(alias, f"`{new.full}`: {text}", new.file, new, schema=new.full, breaks=breaks, old=old)
