"""A package is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"PACKAGE_NO_DELETE": "PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("sets",)
RULE = Rule(
    name="protobuf-package-deleted",
    severity="error",
    finds="A package is gone, with all that was in it.",
    why=(
        "Records of its messages remain, and no new reader knows what they are; clients of its services get no"
        " answer. A package that was renamed is gone, too: full names are in `Any` values and in the addresses of"
        " calls."
    ),
    example="""\
```proto
package shop.v2;         // and no file has package shop.v1 any more
```""",
    instead="Add the new package beside the old one, and remove that once nobody uses it.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness="There is no schema any more that a reader could read a record with.",
)


def check(difference: Difference) -> Iterator[Hit]:
    """Each package that no file of the new side is in."""
    left = {file.package for file in difference.new.files.values()}
    for package in dict.fromkeys(file.package for file in difference.old.files.values()):
        if package not in left:
            yield Hit("PACKAGE_NO_DELETE", f"Package `{package}` is gone.", None, schema=package, breaks="backward")
