"""An enum is gone from its file or from its package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.deletion import from_files, from_packages
from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"ENUM_NO_DELETE": "CSR FILE", "PACKAGE_ENUM_NO_DELETE": "PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("sets",)
RULE = Rule(
    name="protobuf-enum-deleted",
    severity="note",
    finds="An enum is gone from its file, or from its package.",
    why=(
        "The bytes do not name enums. The fields that had it have another type now, or are gone, which other rules"
        " find; code that uses the enum no longer compiles."
    ),
    example="""\
```proto
// enum Color { RED = 0; }    is gone
```""",
    instead="Keep the enum, marked `option deprecated = true`, until no code uses it.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)


def check(difference: Difference) -> Iterator[Hit]:
    """Each enum that its file, or its package, does not have any more."""
    before, after = difference.before.enums, difference.after.enums
    yield from from_files("ENUM_NO_DELETE", "Enum", difference, before, after)
    yield from from_packages(
        "PACKAGE_ENUM_NO_DELETE", "Enum", difference, before, after, has_any=difference.has_enums, breaks=None
    )
