"""A field has another type in JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.hit import Hit, of_field
from versioned_serde.check.descriptors.kinds import kind
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_JSTYPE": "FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-jstype-changed",
    severity="note",
    finds="A field of 64 bits has another type in code generated for JavaScript.",
    why=(
        "Nothing changes in the bytes or in JSON. Code in JavaScript gets a text where it had a number, or a number"
        " for a text."
    ),
    example="""\
```proto
message Order {
  int64 id = 1 [jstype = JS_STRING];   // was: int64 id = 1;
}
```""",
    instead="Change it together with the code that uses the field.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)

_OF_64_BITS: Final = frozenset(map(kind, ("int64", "uint64", "sint64", "fixed64", "sfixed64")))


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if it had and has 64 bits and its option is another one."""
    wide = old.proto.type in _OF_64_BITS and new.proto.type in _OF_64_BITS
    if wide and old.proto.options.jstype != new.proto.options.jstype:
        text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` has another `jstype`."
        yield of_field("FIELD_SAME_JSTYPE", text, old, new, (8, 6))
