"""A number of an enum has lost a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Enum
from versioned_serde.check.descriptors.hit import Hit, breaking, of_enum
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"ENUM_VALUE_SAME_NAME": "CSR FILE PACKAGE WIRE_JSON"}
LOOKS_AT: tuple[str, ...] = ("enums",)
RULE = Rule(
    name="protobuf-enum-value-renamed",
    severity="error",
    finds="A number of an enum has lost a name that it had.",
    why=(
        "Binary form has numbers alone. But JSON and the text format have names: a reader refuses the one that it"
        " does not know. And code that uses it no longer compiles."
    ),
    example="""\
```proto
enum Color {
  CRIMSON = 0;           // was: RED = 0;
}
```""",
    instead="""\
Keep the old name first, and add the new one as an alias (`option allow_alias = true`): what is first is written.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/json/"),
    no_witness="JSON mostly leaves out a field that has the number 0, so of that number no record is made.",
)


def check(old: Enum, new: Enum, _: Difference) -> Iterator[Hit]:
    """Each value of a number that has not all its names any more."""
    before, now = _names(old), _names(new)
    lost = {number for number, names in before.items() if number in now and not now[number].keys() >= names.keys()}
    for index, value in enumerate(new.proto.value):
        if value.number in lost:
            was, is_ = list(before[value.number]), list(now[value.number])
            text = f"Number {value.number} of `{new.full}` was {_shown(was)}, and is {_shown(is_)}."
            # JSON is written with the first name.
            breaks = breaking(backward=was[0] not in is_, forward=is_[0] not in was)
            place = (2, index, 2)
            yield of_enum("ENUM_VALUE_SAME_NAME", text, old, new, place, attribute=value.name, breaks=breaks)


def _names(enum: Enum) -> dict[int, dict[str, None]]:
    found: dict[int, dict[str, None]] = {}
    for value in enum.proto.value:
        found.setdefault(value.number, {})[value.name] = None
    return found


def _shown(names: list[str]) -> str:
    return ", ".join(f"`{each}`" for each in names)
