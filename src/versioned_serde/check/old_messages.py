"""Message classes of earlier releases, made of what their locks say of fields.

A lock has the number and type of each field, and nothing else of a .proto file decides the bytes. An enum's field is
made as `int32`, which is the same on the wire and lists no members.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.codecs.protobuf import Protobuf
from versioned_serde.errors import LockError
from versioned_serde.lock.description import attributes
from versioned_serde.shape import (
    Attribute,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Shape,
    Type,
)

_PACKAGE = "versioned_serde.lock"


def old_messages(shape: Shape, fields: Mapping[str, str]) -> tuple[Protobuf, Any]:
    """The codec whose messages have these fields, and the model of what it carries.

    That is the shape itself, unless it has a oneof, which only messages have: then it is the class of the messages.

    Args:
        shape: of the version.
        fields: path of an attribute -> number and type, as `Protobuf.fields` gives them.

    Raises:
        LockError: the lock does not say the field of an attribute, or what it says is no field.
    """
    file = FileDescriptorProto(name="lock.proto", package=_PACKAGE, syntax="proto3")
    try:
        _Messages(file, fields).add(shape, "")
        pool = DescriptorPool()  # of its own: nothing may appear in the one that the service's messages are in
        pool.AddSerializedFile(file.SerializeToString())
        cls = GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.M0"))
    except (KeyError, ValueError, TypeError) as error:
        raise LockError(f"The fields in the lock are not those of a message: {error}.") from None
    slots = any(attribute.slot for _, attribute, _ in attributes(shape))
    return Protobuf(cls), cls if slots else shape


class _Messages:
    def __init__(self, file: FileDescriptorProto, fields: Mapping[str, str]) -> None:
        self._file = file
        self._fields = fields
        self._names: dict[str, str] = {}

    def add(self, shape: Shape, prefix: str) -> str:
        """The full name of the message for the objects with this prefix."""
        name = f"M{len(self._names)}"
        self._names[shape.name] = f".{_PACKAGE}.{name}"
        message = self._file.message_type.add(name=name)
        for attribute in shape.attributes:
            self._field(message, attribute, f"{prefix}{attribute.name}")
        for field in message.field:
            # The compiler's own oneofs of `optional` fields come after the declared ones.
            if field.proto3_optional:
                field.oneof_index = len(message.oneof_decl)
                message.oneof_decl.add(name=f"_{field.name}")
        return f".{_PACKAGE}.{name}"

    def _field(self, message: DescriptorProto, attribute: Attribute, path: str) -> None:
        number, *repeated, kind = self._fields[path].split()
        many = (
            FieldDescriptorProto.LABEL_REPEATED if repeated == ["repeated"] else (FieldDescriptorProto.LABEL_OPTIONAL)
        )
        field = message.field.add(name=attribute.name, number=int(number), label=many)
        if repeated == ["map"]:
            entry = message.nested_type.add(name=f"{attribute.name.title().replace('_', '')}Entry")
            entry.options.map_entry = True
            entry.field.add(name="key", number=1, label=many, type=FieldDescriptorProto.TYPE_STRING)
            self._typed(entry.field.add(name="value", number=2, label=many), kind, attribute.type, path)
            field.label, field.type = FieldDescriptorProto.LABEL_REPEATED, FieldDescriptorProto.TYPE_MESSAGE
            field.type_name = f"{self._full_name(message)}.{entry.name}"
            return
        self._typed(field, kind, attribute.type, path)
        if attribute.slot is not None:
            found = [index for index, each in enumerate(message.oneof_decl) if each.name == attribute.slot]
            field.oneof_index = found[0] if found else len(message.oneof_decl)
            if not found:
                message.oneof_decl.add(name=attribute.slot)
        elif not repeated and kind != "message":
            # What is always written and never null needs no presence; all else was declared with it.
            field.proto3_optional = isinstance(attribute.type, NullableType) or not attribute.always_written

    def _full_name(self, message: DescriptorProto) -> str:
        return f".{_PACKAGE}.{message.name}"

    def _typed(self, field: FieldDescriptorProto, kind: str, type_: Type, path: str) -> None:
        if kind == "message":
            field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, self._message(type_, path)
        else:
            name: Any = "TYPE_INT32" if kind == "enum" else f"TYPE_{kind.upper()}"
            field.type = FieldDescriptorProto.Type.Value(name)

    def _message(self, type_: Type, path: str) -> str:
        match type_:
            case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
                return self._message(inner, path)
            case ObjectType(shape=shape):
                return self.add(shape, f"{path}.")
            case RecursiveType(name=name):
                return self._names[name]
            case _:
                raise ValueError(path)
