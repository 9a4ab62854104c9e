"""A file has another syntax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import File
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FILE_SAME_SYNTAX": "CSR FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("files",)
RULE = Rule(
    name="protobuf-syntax-changed",
    severity="note",
    finds="A file goes from one of proto2, proto3 and editions to another.",
    why=(
        "The syntax decides what fields, enums and texts are unless they say it themselves. What that changes for"
        " readers is found by the rules about fields, enums and texts; generated code changes with it."
    ),
    example="""\
```proto
edition = "2023";        // was: syntax = "proto3";
```""",
    instead="Set the features with which everything stays as it was, and look at what the other rules find.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/editions/overview/"),
)


def check(old: File, new: File, _: Difference) -> Iterator[Hit]:
    """The file, if its syntax is another one; all editions are one syntax."""
    if old.syntax != new.syntax:
        yield Hit("FILE_SAME_SYNTAX", f"The syntax was {old.syntax}, and is {new.syntax}.", new, None, ((12,),))
