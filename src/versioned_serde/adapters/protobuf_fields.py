"""Which types a protobuf field can carry, and how: one value at a time, without lists, maps and messages."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from versioned_serde.adapters.protobuf_messages import fields, is_map
from versioned_serde.adapters.texts import mismatch, text_form, unwritable
from versioned_serde.errors import DeclarationError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.shape import EnumType, Scalar, ScalarName, Shape, Type, object_types

_INTEGERS = frozenset(
    {
        FieldDescriptor.TYPE_INT32,
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_UINT32,
        FieldDescriptor.TYPE_UINT64,
        FieldDescriptor.TYPE_SINT32,
        FieldDescriptor.TYPE_SINT64,
        FieldDescriptor.TYPE_FIXED32,
        FieldDescriptor.TYPE_FIXED64,
        FieldDescriptor.TYPE_SFIXED32,
        FieldDescriptor.TYPE_SFIXED64,
    }
)
_TYPE_NAMES: dict[int, str] = {
    number: name.removeprefix("TYPE_").lower() for name, number in FieldDescriptorProto.Type.items()
}
_STRING = frozenset({FieldDescriptor.TYPE_STRING})
_NATIVE: dict[ScalarName, tuple[type, frozenset[int], str]] = {
    "str": (str, _STRING, "string"),
    "int": (int, _INTEGERS, "int64 or another integer"),
    "float": (float, frozenset({FieldDescriptor.TYPE_DOUBLE}), "double"),
    "bool": (bool, frozenset({FieldDescriptor.TYPE_BOOL}), "bool"),
    "bytes": (bytes, frozenset({FieldDescriptor.TYPE_BYTES}), "bytes"),
}


@dataclass(frozen=True, slots=True)
class FieldForm:
    """How one value goes into a field and comes out of it.

    Attributes:
        write: typed value -> what upb takes. Raises `UnwritableValueError` for a value that is not exactly of the type;
            the field's own bounds are for upb.
        read: what upb gives -> typed value. Raises `PayloadError` or `LimitError`.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def field_form(type_: Type, field: FieldDescriptor, limits: Limits, *, own: bool) -> FieldForm:
    """The form of a scalar or an enum.

    Args:
        type_: its type.
        field: a field of any cardinality; its type counts.
        limits: the bounds of the text forms.
        own: the type was made from the field, which is then taken as it is, even if protobuf loses something.

    Raises:
        DeclarationError: the field cannot carry the type, or not every value of it.
    """
    match type_:
        case Scalar("float") if own and field.type == FieldDescriptor.TYPE_FLOAT:
            return FieldForm(_write_single, _exactly("float", float))
        case Scalar(name) if (native := _NATIVE.get(name)) is not None:
            python, allowed, wanted = native
            if field.type not in allowed:
                raise refused(type_, field, wanted)
            return FieldForm(_checked(name, python), _exactly(name, python))
        case Scalar(name):
            if field.type not in _STRING:
                raise refused(type_, field, "string")
            form = text_form(name, limits)
            as_str = _exactly("str", str)
            return FieldForm(form.write, lambda value: form.read(as_str(value)))
        case EnumType():
            return _enum(type_, field, own=own)
        case _:
            raise refused(type_, field, "")


def refused(type_: Type, field: FieldDescriptor, wanted: str) -> DeclarationError:
    """The error for a type that the field cannot carry; `wanted` is a type of .proto files that could, or empty."""
    name = type_.name if isinstance(type_, Scalar) else type(type_).__name__.removesuffix("Type").lower()
    return DeclarationError(
        f"The protobuf field `{field.full_name}` of type `{proto_type(field)}` cannot carry the type {name}.",
        hint=f"Declare it as `{wanted}`." if wanted else "Give the attribute another type, or use another codec.",
    )


def proto_type(field: FieldDescriptor) -> str:
    """The field's type as in a .proto file."""
    if is_map(field) and field.message_type is not None:
        return f"map<{', '.join(map(proto_type, fields(field.message_type)))}>"
    named = field.message_type or field.enum_type
    name = named.name if named else _TYPE_NAMES[field.type]
    return f"repeated {name}" if field.is_repeated else name


def field_lines(shape: Shape, descriptor: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Path of each attribute -> number and type of its field, the names of messages and enums left out."""
    by_name = {field.name: field for field in fields(descriptor)}
    for attribute in shape.attributes:
        field = by_name.get(attribute.name)
        if field is None:
            continue  # of another arm of a union
        held = fields(field.message_type)[1] if is_map(field) else field
        named = "message" if held.message_type else "enum" if held.enum_type else _TYPE_NAMES[held.type]
        kind = "map " if held is not field else "repeated " if field.is_repeated else ""
        yield f"{prefix}{attribute.name}", f"{field.number} {kind}{named}"
        if held.message_type is not None:
            for nested in object_types(attribute.type):
                yield from field_lines(nested.shape, held.message_type, f"{prefix}{attribute.name}.")


def implied(shape: Shape, descriptor: Any) -> Iterator[tuple[str, ...]]:
    """The names that lead to each attribute that is always written, in a field without presence."""
    by_name = {field.name: field for field in fields(descriptor)}
    for attribute in shape.attributes:
        field = by_name.get(attribute.name)
        if field is None:
            continue  # of another arm of a union
        if attribute.always_written and not field.has_presence:
            yield (attribute.name,)
        held = fields(field.message_type)[1] if is_map(field) else field
        if held.message_type is not None:
            for nested in object_types(attribute.type):
                for names in implied(nested.shape, held.message_type):
                    yield attribute.name, *names


def _checked(name: str, python: type) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        if type(value) is not python:
            raise unwritable(name, value)
        return value

    return write


def _exactly(name: str, python: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not python:
            # proto2 does not check that a string is UTF-8; upb then gives its bytes.
            raise mismatch(name, "bytes that are not UTF-8")
        return value

    return read


def _write_single(value: Any) -> float:
    if type(value) is not float:
        raise unwritable("float", value)
    try:
        exact = value != value or struct.unpack("<f", struct.pack("<f", value))[0] == value
    except OverflowError:
        exact = False
    if not exact:
        raise UnwritableValueError("A float has more digits than a protobuf field of type `float` carries.")
    return value


def _enum(type_: EnumType, field: FieldDescriptor, *, own: bool) -> FieldForm:
    closed = field.enum_type is not None and field.enum_type.is_closed
    if type_.base == "str":
        if field.type not in _STRING:
            raise refused(type_, field, "string")
    elif field.enum_type is None and field.type not in _INTEGERS:
        raise refused(type_, field, "int32")
    elif closed and not own and (field.is_repeated or type_.open):
        # upb takes what a closed enum does not list out of its place, and out of a list.
        raise DeclarationError(
            f"The enum of the protobuf field `{field.full_name}` is closed: other members lose their place.",
            hint="Declare the field as `int32`, or the enum in a file of proto3.",
        )
    elif field.enum_type is not None and not own:
        numbers = {value.number for value in field.enum_type.values}
        if lacking := [member for member in type_.members if closed and member not in numbers]:
            raise DeclarationError(
                f"The enum of the protobuf field `{field.full_name}` lacks {', '.join(map(str, lacking))}.",
                hint="Add the missing members to the .proto file.",
            )
    python = str if type_.base == "str" else int
    write, read = _checked(type_.base, python), _exactly(type_.base, python)
    if type_.open:
        return FieldForm(write, read)
    members = frozenset[Any](type_.members)

    def write_member(value: Any) -> Any:
        if write(value) not in members:
            raise UnwritableValueError(f"Expected one of the enum's members, found another {type_.base}.")
        return value

    def read_member(value: Any) -> Any:
        if read(value) not in members:
            raise mismatch("one of the enum's members", f"another {type_.base}")
        return value

    return FieldForm(write_member, read_member)
