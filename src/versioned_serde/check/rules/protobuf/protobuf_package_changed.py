"""A file is in another package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import File
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FILE_SAME_PACKAGE": "CSR FILE PACKAGE WIRE_JSON WIRE"}
LOOKS_AT: tuple[str, ...] = ("files",)
RULE = Rule(
    name="protobuf-package-changed",
    severity="error",
    finds="A file is in another package.",
    why=(
        "All that it declares has another full name. Full names are in `Any` values, in names of extensions in JSON,"
        " and in the addresses of calls, which the other side does not know then."
    ),
    example="""\
```proto
package shop.v2;         // was: package shop.v1;
```""",
    instead="Add a file with the new package beside the old one, and serve both until nobody uses the old one.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness=(
        "The bytes of a record are the same; what differs are the full names in `Any`, in extensions and in"
        " the addresses of calls."
    ),
)


def check(old: File, new: File, _: Difference) -> Iterator[Hit]:
    """The file, if its package is another one."""
    if old.package != new.package:
        text = f"The package was `{old.package}`, and is `{new.package}`."
        yield Hit("FILE_SAME_PACKAGE", text, new, None, ((2,),), breaks="full")
