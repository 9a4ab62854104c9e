"""Code in Java checks texts that it did not check, or no longer does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.features import JAVA_VERIFY, UTF8_VERIFY
from versioned_serde.check.descriptors.hit import Hit, breaking, of_field
from versioned_serde.check.descriptors.kinds import kind
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_JAVA_UTF8_VALIDATION": "FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-java-utf8-changed",
    severity="error",
    finds="Code in Java checks whether a text is UTF-8 where it did not, or no longer checks it.",
    why=(
        "A reader that checks refuses records with bytes that are no UTF-8, which a writer that does not check lets"
        " through."
    ),
    example="""\
```proto
option java_string_check_utf8 = true;   // was absent, in a file of proto2
```""",
    instead="""\
Make sure first that nobody writes text that is not UTF-8, and that no such records are stored; then check.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
    no_witness="Only code generated for Java reads it otherwise, and none is run here.",
)

_OPTION: Final = (8, 27)
"""Where in a file `java_string_check_utf8` is: what decides it for the whole file is shown there."""


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if it was and is a text, and is checked otherwise."""
    if old.kind != kind("string") or new.kind != kind("string"):
        return
    before, now = _validation(old), _validation(new)
    if before != now:
        text = (
            f"Field {new.number} (`{new.shown}`) of `{new.owner}` is checked by Java for UTF-8 otherwise than before."
        )
        breaks = breaking(backward=now == UTF8_VERIFY, forward=before == UTF8_VERIFY)
        inner = ((8, 21, 1001, 2), (8, 21, 1001), (8, 21))
        hit = of_field("FIELD_SAME_JAVA_UTF8_VALIDATION", text, old, new, *inner, breaks=breaks)
        if new.file.places.has(_OPTION):
            hit.element, hit.inner = None, (_OPTION,)
        yield hit


def _validation(field: Field) -> int:
    options = field.file.proto.options
    if field.file.syntax != "editions" or options.HasField("java_string_check_utf8"):
        return UTF8_VERIFY if options.java_string_check_utf8 else field.features.utf8
    return UTF8_VERIFY if field.features.java_utf8 == JAVA_VERIFY else field.features.utf8
