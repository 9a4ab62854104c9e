"""A number of an enum is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Enum
from versioned_serde.check.descriptors.hit import Hit, of_enum
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "ENUM_VALUE_NO_DELETE": "CSR FILE PACKAGE",
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED": "CSR WIRE_JSON WIRE",
    "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED": "CSR WIRE_JSON",
}
LOOKS_AT: tuple[str, ...] = ("enums",)
RULE = Rule(
    name="protobuf-enum-value-deleted",
    severity="error",
    finds="An enum no longer has a number.",
    why=(
        "Records that hold it remain. A reader puts the number aside, or keeps it without a name, and refuses the"
        " name in JSON; once the number is given to another value, it takes the one for the other."
    ),
    example="""\
```proto
enum Color {
  RED = 0;
  // GREEN = 1;    is gone, and nothing is reserved
}
```""",
    instead="""\
Keep the value and mark it `[deprecated = true]`; if it must go, reserve both: `reserved 1; reserved "GREEN";`.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/programming-guides/proto3/#reserved"),
)


def check(old: Enum, new: Enum, _: Difference) -> Iterator[Hit]:
    """Each number that the enum does not have any more."""
    numbers = {each.number for each in new.proto.value}
    gone: dict[int, list[str]] = {}
    for value in old.proto.value:
        if value.number not in numbers:
            gone.setdefault(value.number, []).append(value.name)
    for number, names in gone.items():
        found = f"Number {number} ({', '.join(f'`{each}`' for each in names)}) of `{new.full}` is gone"
        yield _hit("ENUM_VALUE_NO_DELETE", f"{found}.", old, new, names)
        if not any(each.start <= number <= each.end for each in new.proto.reserved_range):
            text = f"{found}, and is not reserved."
            yield _hit("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", text, old, new, names)
        if not frozenset(new.proto.reserved_name).issuperset(names):
            text = f"{found}, and not all its names are reserved."
            yield _hit("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", text, old, new, names)


def _hit(alias: str, text: str, old: Enum, new: Enum, names: list[str]) -> Hit:
    return of_enum(alias, text, old, new, attribute=names[0], breaks="backward")
