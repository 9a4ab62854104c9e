"""A message is gone from its file or from its package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.deletion import from_files, from_packages
from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"MESSAGE_NO_DELETE": "CSR FILE", "PACKAGE_MESSAGE_NO_DELETE": "PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("sets",)
RULE = Rule(
    name="protobuf-message-deleted",
    severity="error",
    finds="A message is gone from its file, or from its package.",
    why=(
        "Records of it remain, and no new reader knows what they are. A message that has only moved to another file"
        " of the same package is the same for every reader; code that imports the file is not."
    ),
    example="""\
```proto
// message Order { string id = 1; }    is gone
```""",
    instead="""\
Keep the message, marked `option deprecated = true`, until no record of it is stored and nobody sends it.""",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "docs/how-to/retire-a-version.md"),
    no_witness="There is no schema any more that a reader could read a record with.",
)


def check(difference: Difference) -> Iterator[Hit]:
    """Each message that its file, or its package, does not have any more."""
    before, after = difference.before.messages, difference.after.messages
    yield from from_files("MESSAGE_NO_DELETE", "Message", difference, before, after)
    yield from from_packages(
        "PACKAGE_MESSAGE_NO_DELETE",
        "Message",
        difference,
        before,
        after,
        has_any=difference.has_messages,
        breaks="backward",
        anywhere=True,
    )
