"""Readers check texts that they did not check, or no longer do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.features import UTF8_VERIFY
from versioned_serde.check.descriptors.hit import Hit, breaking, of_field
from versioned_serde.check.descriptors.kinds import kind
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_UTF8_VALIDATION": "FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-utf8-changed",
    severity="error",
    finds="Readers check whether a text is UTF-8 where they did not, or no longer check it.",
    why=(
        "A reader that checks refuses the whole record if one text is no UTF-8, and a writer that does not check lets"
        " such texts through. Going from proto2 to proto3 or to an edition turns the check on for all texts of the"
        " file."
    ),
    example="""\
```proto
syntax = "proto3";       // was: proto2
```""",
    instead="""\
Make sure first that nobody writes text that is not UTF-8, and that no such records are stored; in an edition, keep \
`features.utf8_validation = NONE` until then.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/editions/features/#utf8_validation"),
)


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if it was and is a text, and is checked otherwise."""
    if old.kind == new.kind == kind("string") and old.features.utf8 != new.features.utf8:
        text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` is checked for UTF-8 otherwise than before."
        breaks = breaking(backward=new.features.utf8 == UTF8_VERIFY, forward=old.features.utf8 == UTF8_VERIFY)
        yield of_field("FIELD_SAME_UTF8_VALIDATION", text, old, new, (8, 21, 4), (8, 21), breaks=breaks)
