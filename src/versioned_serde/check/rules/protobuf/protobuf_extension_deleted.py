"""An extension is gone from its file or from its package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.deletion import from_files, from_packages
from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"EXTENSION_NO_DELETE": "FILE", "PACKAGE_EXTENSION_NO_DELETE": "PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("sets",)
RULE = Rule(
    name="protobuf-extension-deleted",
    severity="error",
    finds="An extension is gone from its file, or from its package.",
    why=(
        "Records that hold it remain. Nobody reads it from them any more, and once its number is given to another"
        " extension, the old bytes are taken for that one's value. An extension has no `reserved` that would keep it"
        " free."
    ),
    example="""\
```proto
// extend Order { optional string note = 100; }    is gone
```""",
    instead="Keep the extension, marked `[deprecated = true]`.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness="Every record with the extension shows it: new readers keep its bytes, and have no value.",
)


def check(difference: Difference) -> Iterator[Hit]:
    """Each extension that its file, or its package, does not have any more."""
    before, after = difference.before.extensions, difference.after.extensions
    yield from from_files("EXTENSION_NO_DELETE", "Extension", difference, before, after)
    yield from from_packages(
        "PACKAGE_EXTENSION_NO_DELETE",
        "Extension",
        difference,
        before,
        after,
        has_any=difference.has_extensions,
        breaks="backward",
    )
