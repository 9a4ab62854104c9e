"""A field is now single, repeated, a map or required, and was not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.hit import Breaks, Hit, of_field
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "FIELD_SAME_CARDINALITY": "FILE PACKAGE",
    "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY": "CSR WIRE_JSON",
    "FIELD_WIRE_COMPATIBLE_CARDINALITY": "WIRE",
}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-cardinality-changed",
    severity="error",
    finds="A field is now single, repeated, a map or required, and was another of these.",
    why=(
        "A reader of a single field keeps the last of several values, or none of a packed list; in JSON a list, an"
        " object and a value are three different things; and a reader that requires a field refuses a message without"
        " it."
    ),
    example="""\
```proto
message Order {
  repeated string note = 2;   // was: string note = 2;
}
```""",
    instead="""\
Add a repeated field under a new number, fill both for as long as old readers run, then reserve the old one.

Between `optional` and a field without a label nothing changes for readers of bytes, only for code that asks whether the
field is there.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/proto3/#updating"),
    no_witness="A record without the field shows that it is required on one side; an empty one does.",
)

_TEXTS: Final = {"explicit": "single, with presence", "implicit": "single, without presence"}
_BINARY: Final = {"explicit": 1, "implicit": 1, "required": 2, "repeated": 3, "map": 3}
_JSON: Final = {**_BINARY, "map": 4}


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if its cardinality is another one, by each of the three measures."""
    before, now = old.cardinality, new.cardinality
    if before == now or (old.in_map_entry and new.in_map_entry):
        return
    was, is_ = _TEXTS.get(before, before), _TEXTS.get(now, now)
    text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` was {was}, and is {is_}."
    breaks = _breaks(before, now)
    yield of_field("FIELD_SAME_CARDINALITY", text, old, new, breaks=breaks)
    if _JSON[before] != _JSON[now]:
        yield of_field("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", text, old, new, breaks=breaks)
    if _BINARY[before] != _BINARY[now]:
        yield of_field("FIELD_WIRE_COMPATIBLE_CARDINALITY", text, old, new, breaks=breaks)


def _breaks(before: str, now: str) -> Breaks:
    several = ("repeated", "map")
    if before in several or now in several:
        return "full"
    if now == "required":
        return "backward"
    return "forward" if before == "required" else None
