"""Which message classes upb itself writes in the bytes that the codec `protobuf` makes of their trees."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.adapters.protobuf_messages import bytes_field, fields, is_map, parsed
from versioned_serde.errors import PayloadError
from versioned_serde.native import DeclaredFields, FieldKind

_HIGHEST = 4_000
"""Number of a field. What knows the fields is a table by number."""
_KINDS: dict[int, FieldKind] = {
    FieldDescriptor.TYPE_DOUBLE: "eight",
    FieldDescriptor.TYPE_FIXED64: "eight",
    FieldDescriptor.TYPE_SFIXED64: "eight",
    FieldDescriptor.TYPE_FIXED32: "four",
    FieldDescriptor.TYPE_SFIXED32: "four",
    FieldDescriptor.TYPE_FLOAT: "single",
    FieldDescriptor.TYPE_STRING: "sized",
    FieldDescriptor.TYPE_BYTES: "sized",
}


def holds_map(descriptor: Any) -> bool:
    """Whether a message that does not contain itself has a map somewhere; upb only keeps its order if told to."""
    return any(
        is_map(field) or (field.message_type is not None and holds_map(field.message_type))
        for field in fields(descriptor)
    )


def declared_fields(descriptor: Any, around: tuple[str, ...] = ()) -> DeclaredFields | None:
    """The fields of a message, or None if it may hold what the codec would refuse or move.

    That is a string that need not be UTF-8, a closed enum (whose members of newer releases are elsewhere), a group, an
    extension, or the message itself, which may be nested too deep.

    Args:
        descriptor: of the message.
        around: full names of the messages around it.
    """
    cls = GetMessageClass(descriptor)
    if descriptor.is_extendable or descriptor.full_name in around:
        return None
    found: DeclaredFields = {}
    for field in fields(descriptor):
        kind = _kind(field, cls)
        if kind is None or field.number > _HIGHEST:
            return None
        nested = None
        if kind == "message":
            nested = declared_fields(field.message_type, (*around, descriptor.full_name))
            if nested is None:
                return None
        found[field.number] = kind, nested
    return found


def _kind(field: FieldDescriptor, cls: type[Message]) -> FieldKind | None:
    if field.type == FieldDescriptor.TYPE_GROUP or (field.enum_type is not None and field.enum_type.is_closed):
        return None
    if field.type == FieldDescriptor.TYPE_STRING and not _checks_utf8(field, cls):
        return None
    if field.message_type is not None:
        return "message"
    kind = _KINDS.get(field.type, "varint")
    if field.is_packed:
        return "singles" if kind == "single" else "sized"
    return kind


def _checks_utf8(field: FieldDescriptor, cls: type[Message]) -> bool:
    try:
        parsed(cls, bytes_field(field.number, b"\xff"))
    except PayloadError:
        return True
    return False
