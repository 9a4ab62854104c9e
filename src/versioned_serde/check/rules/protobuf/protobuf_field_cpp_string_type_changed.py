"""A text has another type in C++."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from google.protobuf.descriptor_pb2 import FieldOptions

from versioned_serde.check.descriptors.difference import Difference
from versioned_serde.check.descriptors.elements import Field
from versioned_serde.check.descriptors.features import CPP_CORD, CPP_STRING, EDITION_2024
from versioned_serde.check.descriptors.hit import Hit, of_field
from versioned_serde.check.descriptors.kinds import kind
from versioned_serde.check.rules.rule import Rule

BUF: Mapping[str, str] = {"FIELD_SAME_CPP_STRING_TYPE": "FILE PACKAGE"}
LOOKS_AT: tuple[str, ...] = ("fields",)
RULE = Rule(
    name="protobuf-field-cpp-string-type-changed",
    severity="note",
    finds="A `string` or `bytes` field has another type in code generated for C++.",
    why=(
        "Nothing changes in the bytes. Code in C++ that uses the field no longer compiles, because `ctype` or the"
        " feature `(pb.cpp).string_type` decides what its accessors take and give."
    ),
    example="""\
```proto
message Order {
  bytes scan = 6 [ctype = CORD];   // was: bytes scan = 6;
}
```""",
    instead="Change it together with the code that uses the field.",
    aliases=tuple(BUF),
    references=("docs/how-to/compare-contracts.md",),
)

_TEXTS: Final = frozenset({kind("string"), kind("bytes")})
_PIECE: Final = -1
"""`ctype = STRING_PIECE`, which the feature does not have."""


def check(old: Field, new: Field, _: Difference) -> Iterator[Hit]:
    """The field, if it was and is text or bytes, of another type; from a piece to a whole string is allowed."""
    if old.kind not in _TEXTS or new.kind not in _TEXTS or (old.in_map_entry and new.in_map_entry):
        return
    before, now = _string_type(old), _string_type(new)
    if before != now and (before, now) != (_PIECE, CPP_STRING):
        text = f"Field {new.number} (`{new.shown}`) of `{new.owner}` has another type of string in C++."
        yield of_field("FIELD_SAME_CPP_STRING_TYPE", text, old, new, (8, 1), (8, 21, 1000, 2), (8, 21, 1000), (8, 21))


def _string_type(field: Field) -> int:
    options = field.proto.options
    if field.file.edition < EDITION_2024 and options.HasField("ctype"):
        match options.ctype:
            case FieldOptions.CORD:
                return CPP_CORD
            case FieldOptions.STRING_PIECE:
                return _PIECE
            case _:
                return CPP_STRING
    return field.features.cpp_string
