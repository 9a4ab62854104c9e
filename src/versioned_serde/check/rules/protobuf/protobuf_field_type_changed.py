"""A field has another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import ENUM, GROUP, MESSAGE, Enum, Field
from versioned_serde.check.descriptors.hit import Hit, breaking, of_field
from versioned_serde.check.descriptors.kinds import NAMES, kind, reads
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "FIELD_SAME_TYPE": "CSR FILE PACKAGE",
    "FIELD_WIRE_JSON_COMPATIBLE_TYPE": "CSR WIRE_JSON",
    "FIELD_WIRE_COMPATIBLE_TYPE": "WIRE",
}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-type-changed",
    severity="error",
    finds="A field has another type.",
    why=(
        "The bytes do not name their types. A reader with another type takes them for another value, drops them, or"
        " refuses the message. Few changes are read right, and most of those in one direction alone: what was written"
        " as `int32` is right as `int64`, and not the other way round."
    ),
    example="""\
```proto
message Order {
  string id = 1;         // was: int64 id = 1;
}
```""",
    instead="""\
Add a field of the new type under a new number, fill both for as long as old readers run, then reserve the old one.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/proto3/#updating"),
    no_witness="Between enums or messages whose records of today are all read alike, none is found.",
)


def _groups(*groups: Sequence[str]) -> Mapping[int, int]:
    found = {kind(name): number for number, names in enumerate(groups) for name in names}
    return {each: found.get(each, -each) for each in NAMES}


_BINARY: Final = _groups(
    ("int32", "int64", "uint32", "uint64", "bool"),
    ("sint32", "sint64"),
    ("fixed32", "sfixed32"),
    ("fixed64", "sfixed64"),
)
"""Type -> group within which buf takes a change for compatible in binary form; a type of its own group is negative."""

_JSON: Final = _groups(("int32", "uint32"), ("int64", "uint64"), ("fixed32", "sfixed32"), ("fixed64", "sfixed64"))
"""The same for binary form and JSON together."""


def check(old: Field, new: Field, difference: Difference) -> Iterator[Hit]:
    """The field, if its type is another one, by each of the three measures."""
    renamed = old.type_name != new.type_name and new.proto.type in (ENUM, GROUP, MESSAGE)
    if old.kind == new.kind and not renamed:
        return
    place = (6,) if new.kind in (ENUM, GROUP, MESSAGE) else (5,)
    breaks = breaking(backward=not reads(old.kind, new.kind), forward=not reads(new.kind, old.kind))
    text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` was `{_named(old)}`, and is `{_named(new)}`."
    if old.kind != new.kind:
        yield of_field("FIELD_SAME_TYPE", text, old, new, place, breaks=breaks)
        if _JSON[old.kind] != _JSON[new.kind]:
            yield of_field("FIELD_WIRE_JSON_COMPATIBLE_TYPE", text, old, new, place, breaks=breaks)
        if _BINARY[old.kind] != _BINARY[new.kind] and (old.kind, new.kind) != (kind("string"), kind("bytes")):
            yield of_field("FIELD_WIRE_COMPATIBLE_TYPE", text, old, new, place, breaks=breaks)
        return
    compatible = new.kind == ENUM and _widened(difference.old.enum(old.type_name), difference.new.enum(new.type_name))
    yield of_field("FIELD_SAME_TYPE", text, old, new, place, breaks=None if compatible else "full")
    if not compatible:
        yield of_field("FIELD_WIRE_JSON_COMPATIBLE_TYPE", text, old, new, place, breaks="full")
        yield of_field("FIELD_WIRE_COMPATIBLE_TYPE", text, old, new, place, breaks="full")


def _widened(old: Enum | None, new: Enum | None) -> bool:
    """Whether an enum has the other's short name, and all its values with their numbers."""
    if old is None or new is None or old.name != new.name:
        return False
    values = {each.name: each.number for each in new.proto.value}
    return all(values.get(each.name) == each.number for each in old.proto.value)


def _named(field: Field) -> str:
    if field.proto.type == MESSAGE and field.kind == GROUP:
        return f"{field.type_name} (delimited)"
    return field.type_name or NAMES[field.kind]
