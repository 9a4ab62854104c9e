"""A message or enum no longer promises to have a form in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Enum, Message
from versioned_serde.check.descriptors.features import JSON_ALLOW
from versioned_serde.check.descriptors.hit import Hit, of_enum
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {
    "MESSAGE_SAME_JSON_FORMAT": "CSR FILE PACKAGE WIRE_JSON",
    "ENUM_SAME_JSON_FORMAT": "CSR FILE PACKAGE WIRE_JSON",
}
LOOKS_AT: tuple[str, ...] = ("messages", "enums")
RULE = Rule(
    name="protobuf-json-format-changed",
    severity="error",
    finds="A message or enum no longer promises a form in JSON.",
    why=(
        "With `json_format = ALLOW`, and in proto3, the compiler makes sure that no two names collide in JSON."
        " Without it they may, so what one release writes as JSON another may misread, now or after the next change."
    ),
    example="""\
```proto
syntax = "proto2";       // was: proto3
```""",
    instead="Keep `json_format = ALLOW`; give fields whose names collide a `json_name`.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md", "https://protobuf.dev/editions/features/#json_format"),
    no_witness="The JSON is the same; it is the promise of it that is gone.",
)


def check(old: Message | Enum, new: Message | Enum, _: Difference) -> Iterator[Hit]:
    """The message or enum, if it allowed JSON and does not any more."""
    if old.features.json_format != JSON_ALLOW or new.features.json_format == JSON_ALLOW:
        return
    text = f"`{new.full}` no longer promises a form in JSON."
    if isinstance(old, Enum) and isinstance(new, Enum):
        yield of_enum("ENUM_SAME_JSON_FORMAT", text, old, new, (3, 7, 6), (3, 7), breaks="full")
    elif isinstance(new, Message):
        inner = ((7, 12, 6), (7, 12))
        yield Hit("MESSAGE_SAME_JSON_FORMAT", text, new.file, new, inner, True, new.full, None, "full")
