"""Types of fields: their names, and who reads what of one type as another.

From the encoding page and the JSON mapping of protobuf's documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

NAMES: Final[Mapping[int, str]] = {
    int(value): name.removeprefix("TYPE_").lower() for name, value in FieldDescriptorProto.Type.items()
}
_NUMBERS: Final = {name: value for value, name in NAMES.items()}

_READ: Final = {
    "int32": {"int64"},
    "uint32": {"uint64", "int64"},
    "sint32": {"sint64"},
}
"""Type of the writer -> other types of readers that get every value as it was, in binary form and in JSON.

Not here: `fixed32` as `sfixed32`, `int32` as `uint32` and their like, which read some values as others; `string` as
`bytes` and `bool` as a number, which are the same in binary form, and not in JSON.
"""


def reads(writer: int, reader: int) -> bool:
    """Whether a field of one type is read as the other with each value as it was, in binary form and in JSON."""
    return writer == reader or NAMES[reader] in _READ.get(NAMES[writer], ())


def kind(name: str) -> int:
    """The number of a type's name."""
    return _NUMBERS[name]
