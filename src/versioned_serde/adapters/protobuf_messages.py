"""What the protobuf codec and the protobuf model kind share: descriptors as shapes, and fields that a class lacks.

Facts about protobuf are from the language guides and the encoding page of protobuf.dev; what upb does with them was
tried with the version in the lock of the development environment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor, OneofDescriptor
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from versioned_serde.errors import DeclarationError, PayloadError
from versioned_serde.protocols import Describe
from versioned_serde.shape import (
    ABSENT,
    REQUIRED,
    Attribute,
    Constant,
    Default,
    EnumType,
    ListType,
    MapType,
    Scalar,
    ScalarName,
    Shape,
    Type,
)

UNKNOWN = "#"
"""Where a tree has the fields that the message class does not know. No field can have this name."""

CODEC = "protobuf"
"""Name of the codec whose bytes the unknown fields are."""

NOTES = 2**29 - 1
"""Number of the field in which the codec notes what protobuf cannot say. The highest there is; never to be declared."""

_SCALARS: dict[int, ScalarName] = {
    FieldDescriptor.CPPTYPE_INT32: "int",
    FieldDescriptor.CPPTYPE_INT64: "int",
    FieldDescriptor.CPPTYPE_UINT32: "int",
    FieldDescriptor.CPPTYPE_UINT64: "int",
    FieldDescriptor.CPPTYPE_DOUBLE: "float",
    FieldDescriptor.CPPTYPE_FLOAT: "float",
    FieldDescriptor.CPPTYPE_BOOL: "bool",
    FieldDescriptor.CPPTYPE_STRING: "str",
}


def is_message_class(model: Any) -> bool:
    """Whether `model` is a generated message class."""
    return isinstance(model, type) and issubclass(model, Message) and model is not Message


def message_shape(cls: type[Message], describe: Describe) -> Shape:
    """The shape of a message class: an attribute for each field, under the field's name, in the order of the file.

    A field that protobuf keeps apart from its default may be absent. One that it does not (an implicit scalar, a list,
    a map) has its empty value as default.

    Args:
        cls: the class.
        describe: gives the type of a nested message's class.

    Raises:
        DeclarationError: a map whose keys are not strings, or what `describe` raises.
    """
    attributes: list[Attribute] = []
    for field in fields(cls.DESCRIPTOR):
        try:
            oneof = in_oneof(field)
            type_, slot = field_type(field, describe), None if oneof is None else oneof.name
            attributes.append(Attribute(field.name, type_, _default(field), slot))
        except DeclarationError as error:
            raise error.inside(field.name) from None
    return Shape(cls.DESCRIPTOR.name, tuple(attributes), cls)


def fields(descriptor: Any) -> list[FieldDescriptor]:
    """The fields of a descriptor in the order of the file. `Any`: a descriptor's type is another in upb."""
    return list(descriptor.fields)


def is_map(field: FieldDescriptor) -> bool:
    """Whether the field is a map, which protobuf writes as a list of entries."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def in_oneof(field: FieldDescriptor) -> OneofDescriptor | None:
    """The field's oneof. That which the compiler makes for an `optional` field is none."""
    oneof = field.containing_oneof
    return oneof if oneof is not None and len(oneof.fields) > 1 else None


def empty(field: FieldDescriptor) -> Any:
    """What a field without presence holds when it was not written."""
    if is_map(field):
        return {}
    return [] if field.is_repeated else field.default_value


def field_type(field: FieldDescriptor, describe: Describe) -> Type:
    """The type of what a field holds; `describe` gives that of a message class. Raises like `message_shape`."""
    if field.message_type is not None and is_map(field):
        key, value = fields(field.message_type)
        if key.type != FieldDescriptor.TYPE_STRING:
            raise DeclarationError(
                "The keys of this map are not strings.", hint="Declare a repeated message of key and value."
            )
        return MapType(_single(value, describe))
    item = _single(field, describe)
    return ListType(item) if field.is_repeated else item


def _single(field: FieldDescriptor, describe: Describe) -> Type:
    if field.message_type is not None:
        return describe(GetMessageClass(field.message_type))
    if field.enum_type is not None:
        # Two names of one number (`allow_alias`) are one member.
        numbers = tuple(dict.fromkeys(value.number for value in field.enum_type.values))
        return EnumType(numbers, open=not field.enum_type.is_closed)
    return Scalar("bytes" if field.type == FieldDescriptor.TYPE_BYTES else _SCALARS[field.cpp_type])


def _default(field: FieldDescriptor) -> Default:
    if field.is_required:
        return REQUIRED
    if field.has_presence and not field.has_default_value:
        return ABSENT
    return Constant(empty(field))


def parsed(cls: type[Message], data: bytes) -> Message:
    """The message of some bytes; fields that are `required` may be missing.

    Raises:
        PayloadError: the bytes are not of the wire format, or a string is not UTF-8.
    """
    message = cls()
    try:
        message.MergeFromString(data)
    except (DecodeError, ValueError, RecursionError):
        raise PayloadError(f"The bytes are not a protobuf message that fits `{cls.DESCRIPTOR.full_name}`.") from None
    return message


def known(message: Message) -> Iterator[tuple[FieldDescriptor, Any]]:
    """The fields that are present and that the class itself declares, by ascending number."""
    return ((field, value) for field, value in message.ListFields() if not field.is_extension)


def unknown(message: Message, shapeless: Collection[str] = ()) -> bytes:
    """The fields that the class does not declare, as they came: those of this message, not of the nested ones.

    Extensions are among them, because a shape has no place for them.

    Args:
        message: the message, which stays as it is.
        shapeless: names of declared fields that count as unknown.
    """
    if not len(UnknownFieldSet(message)) and not message.DESCRIPTOR.is_extendable and not shapeless:
        return b""
    rest = type(message)()
    rest.CopyFrom(message)
    for field in [field for field, _ in known(rest) if field.name not in shapeless]:
        rest.ClearField(field.name)
    return rest.SerializePartialToString(deterministic=True)


def misplaced(message: Message) -> Iterator[FieldDescriptor]:
    """Declared fields that upb put aside as unknown, because they came in another wire type.

    A member that a closed enum lacks is put aside, too, and kept; but not one of a list, because its place is lost.
    """
    unknown_fields = UnknownFieldSet(message)
    numbers = {unknown_fields[index].field_number for index in range(len(unknown_fields))}
    for field in fields(message.DESCRIPTOR):
        in_list = field.is_repeated and not is_map(field)
        if field.number in numbers and (in_list or not _holds_closed_enum(field)):
            yield field


def _holds_closed_enum(field: FieldDescriptor) -> bool:
    if field.message_type is not None and is_map(field):
        return _holds_closed_enum(fields(field.message_type)[1])
    return field.enum_type is not None and field.enum_type.is_closed


def merge_unknown(message: Message, data: bytes) -> None:
    """Puts back what `unknown` took away. What the message holds already wins over what `data` says of it.

    That matters for a closed enum, whose members of newer releases are among the unknown fields: once the field is set
    to another member, the unknown one would come later in the bytes and win. It also matters when the class has learnt
    the field in the meantime.

    Raises:
        PayloadError: the bytes are not of the wire format.
    """
    rest = parsed(type(message), data)
    present = [field for field, _ in known(message)]
    numbers = {field.number for field in present}
    oneofs = {oneof.full_name for field in present if (oneof := in_oneof(field)) is not None}
    for field in [field for field, _ in known(rest)]:
        oneof = in_oneof(field)
        if field.number in numbers or (oneof is not None and oneof.full_name in oneofs):
            rest.ClearField(field.name)
    left = rest.SerializePartialToString(deterministic=True)
    closed = tuple(field.number for field in present if not field.is_repeated and _holds_closed_enum(field))
    message.MergeFromString(_cut(left, closed, FieldDescriptorProto.TYPE_INT64)[1] if closed else left)


def split_notes(data: bytes) -> tuple[bytes | None, bytes]:
    """Takes the notes of the protobuf codec out of unknown fields.

    Returns:
        The content of the field `NOTES`, or None if there is none; and the other fields.

    Raises:
        PayloadError: the field occurs twice.
    """
    notes, rest = _cut(data, (NOTES,), FieldDescriptorProto.TYPE_BYTES)
    if len(notes) > 1:
        raise PayloadError(f"The field {NOTES}, which is reserved for notes, occurs more than once in one message.")
    return (notes[0] if notes else None), rest


def notes_field(content: bytes) -> bytes:
    """The field `NOTES` with its content."""
    return bytes_field(NOTES, content)


def bytes_field(number: int, content: bytes) -> bytes:
    """A message of one field of some bytes."""
    probe = _probe((number,), FieldDescriptorProto.TYPE_BYTES)()
    getattr(probe, _field_name(number)).append(content)
    return probe.SerializeToString()


def _cut(data: bytes, numbers: tuple[int, ...], type_: FieldDescriptorProto.Type.ValueType) -> tuple[list[Any], bytes]:
    """Values of the fields of these numbers, and the bytes of all others. upb parses; we only name what to look for."""
    probe = parsed(_probe(numbers, type_), data)
    values = [value for number in numbers for value in getattr(probe, _field_name(number))]
    for number in numbers:
        probe.ClearField(_field_name(number))
    return values, probe.SerializeToString()


def _field_name(number: int) -> str:
    return f"field_{number}"


@lru_cache(maxsize=256)
def _probe(numbers: tuple[int, ...], type_: FieldDescriptorProto.Type.ValueType) -> type[Message]:
    """A class that knows these fields, all of one type, and nothing else."""
    file = FileDescriptorProto(name="probe.proto", package="versioned_serde", syntax="proto2")
    message = file.message_type.add(name="Probe")
    for number in numbers:
        message.field.add(
            name=_field_name(number), number=number, type=type_, label=FieldDescriptorProto.LABEL_REPEATED
        )
    # A pool of its own: nothing may appear in the one that the service's messages are in.
    pool = DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName("versioned_serde.Probe"))
