"""What a field has when it is absent."""

from __future__ import annotations

import math
import struct

from google.protobuf.text_encoding import CUnescape

from versioned_serde.check.descriptors.difference import DescriptorSet
from versioned_serde.check.descriptors.elements import ENUM, GROUP, MESSAGE, Field
from versioned_serde.check.descriptors.kinds import NAMES

Default = bytes | int | float | None
"""Text is in UTF-8, a bool and the value of an enum are numbers; None: there can be none."""


def default_of(field: Field, among: DescriptorSet) -> Default:
    """What a field of a descriptor set has when it is absent."""
    if field.kind in (MESSAGE, GROUP) or field.cardinality in ("repeated", "map"):
        return None
    text = field.proto.default_value
    given = field.proto.HasField("default_value")
    if field.kind == ENUM:
        return _of_enum(field, among, text if given else None)
    match NAMES[field.kind]:
        case "string":
            return text.encode()
        case "bytes":
            return bytes(CUnescape(text))
        case "bool":
            return int(text == "true")
        case "float":
            return _single(float(text or 0))
        case "double":
            return float(text or 0)
        case _:
            return int(text or 0)


def _of_enum(field: Field, among: DescriptorSet, text: str | None) -> int:
    enum = among.enum(field.type_name)
    if enum is None:
        return 0
    return next((each.number for each in enum.proto.value if each.name == text), enum.first)


def same_default(old: Field, old_default: Default, new: Field, new_default: Default) -> bool:
    """Whether two defaults are the same value, types aside; a change of type is another rule's matter."""
    if old_default is None or new_default is None or (not old_default and not new_default):
        return True
    if isinstance(old_default, float) and isinstance(new_default, float):
        if math.isnan(old_default) or math.isnan(new_default):
            return math.isnan(old_default) and math.isnan(new_default)
        if NAMES[old.kind] != NAMES[new.kind]:
            return _single(old_default) == _single(new_default)
    return old_default == new_default


def _single(value: float) -> float:
    """The nearest number of single precision."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)
