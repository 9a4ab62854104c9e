"""Bytes that one side writes and the other misreads or refuses, made and tried with both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, EncodeError
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.check.descriptors.difference import DescriptorSet
from versioned_serde.check.descriptors.elements import ENUM, GROUP, MESSAGE, Enum, Field, File
from versioned_serde.check.descriptors.hit import Hit
from versioned_serde.check.descriptors.kinds import NAMES

_LENGTH_DELIMITED: Final = 2
_NO_UTF8: Final = b"\x01\xff"  # a text of one byte, with its length
_UNKNOWN: Final = 1_234_567  # a number that an enum hardly has
_NAMES_OF_TEXT: Final = ("string", "bytes")


def witness(hit: Hit, old: DescriptorSet, new: DescriptorSet) -> str | None:
    """A record in hexadecimal digits that the hit is about; None if there is none, or none that is found simply.

    Only the binary form is tried, so a change that breaks JSON alone has no witness.
    """
    before, now = hit.old, hit.element
    if isinstance(before, Enum) and isinstance(now, Enum):
        before, now = _field_of(before), _field_of(now)
        enums = (hit.old.proto, hit.element.proto)
    elif isinstance(before, Field) and isinstance(now, Field) and before.owner == now.owner:
        enums = (_enum(before, old), _enum(now, new))
    else:
        return None
    try:
        sides = [_reader(field, enum) for field, enum in zip((before, now), enums, strict=True)]
        for writer, reader in ((0, 1), (1, 0)) if hit.breaks == "full" else (((0, 1),) if hit.breaks == "backward" else ((1, 0),)):
            field = (before, now)[writer]
            for data, meant in _records(field, sides[writer], enums):
                if not _reads(sides[reader], data, meant):
                    return data.hex()
    except (TypeError, ValueError, EncodeError):  # a descriptor that cannot stand alone, or a value that does not fit
        return None
    return None


def _field_of(enum: Enum) -> Field:
    proto = FieldDescriptorProto(name="e", number=1, type=ENUM, label=FieldDescriptorProto.LABEL_OPTIONAL)
    return Field(enum.file, (), proto, enum.file.features, None)


def _enum(field: Field, among: DescriptorSet) -> EnumDescriptorProto | None:
    found = among.enum(field.type_name) if field.kind == ENUM else None
    return found.proto if found is not None else None


def _reader(field: Field, enum: EnumDescriptorProto | None) -> type[Any]:
    """A class of a message that has the field alone."""
    file: File = field.file
    message = DescriptorProto(name="Record")
    proto = message.field.add()
    proto.CopyFrom(field.proto)
    for name in ("oneof_index", "proto3_optional", "json_name", "default_value", "extendee"):
        proto.ClearField(name)
    proto.name = "field"
    if field.kind == ENUM and enum is not None:
        message.enum_type.add().CopyFrom(enum)
        proto.type_name = f".witness.Record.{enum.name}"
    elif field.kind in (MESSAGE, GROUP):
        message.nested_type.add(name="Inner").field.add(
            name="text", number=1, type=FieldDescriptorProto.TYPE_BYTES, label=FieldDescriptorProto.LABEL_OPTIONAL
        )
        proto.type_name = ".witness.Record.Inner"
        if field.proto.type == GROUP:
            proto.name = "inner"
    whole = FileDescriptorProto(name="witness.proto", package="witness", syntax=file.proto.syntax, message_type=[message])
    if file.syntax == "editions":
        whole.edition = file.proto.edition
        whole.options.features.CopyFrom(file.proto.options.features)
    pool = DescriptorPool()
    pool.Add(whole)
    return GetMessageClass(pool.FindMessageTypeByName("witness.Record"))


def _records(field: Field, writer: type[Any], enums: tuple[EnumDescriptorProto | None, ...]) -> Iterator[tuple[bytes, Any]]:
    """Records with the field, and the value in each; without it, where a reader may require it."""
    name = writer.DESCRIPTOR.fields[0].name
    repeated = field.proto.label == FieldDescriptorProto.LABEL_REPEATED
    for value in _samples(field, enums):
        record = writer()
        if field.kind in (MESSAGE, GROUP):
            target = getattr(record, name)
            (target.add() if repeated else target).text = value
            value = value if not repeated else [value]
        elif repeated:
            value = [value, value]
            getattr(record, name).extend(value)
        else:
            setattr(record, name, value)
        yield record.SerializeToString(), value
    if field.kind == FieldDescriptorProto.TYPE_STRING:
        yield bytes([*_varint(field.number << 3 | _LENGTH_DELIMITED), *_NO_UTF8]), None


def _samples(field: Field, enums: tuple[EnumDescriptorProto | None, ...]) -> tuple[Any, ...]:
    kind = NAMES[field.kind]
    if field.kind == ENUM:
        return (*(each.number for enum in enums if enum is not None for each in enum.value if each.number), _UNKNOWN)
    if kind in ("string", "bytes"):
        return ("a",) if kind == "string" else (b"a", b"\xff")
    if kind in ("float", "double"):
        return (1.5, 1e300) if kind == "double" else (1.5,)
    if kind == "bool":
        return (True,)
    if field.kind in (MESSAGE, GROUP):
        return (b"a",)
    bits = 64 if "64" in kind else 32
    return (1, 2**bits - 1) if kind.startswith(("u", "fixed")) else (1, -1, 2 ** (bits - 1) - 1)


def _reads(reader: type[Any], data: bytes, meant: Any) -> bool:
    """Whether a reader gets what was meant; a text that is no UTF-8 has no meaning, and only must not be refused."""
    name = reader.DESCRIPTOR.fields[0].name
    try:
        record = reader.FromString(data)
    except DecodeError:
        return False
    if meant is None:
        return True
    if not record.IsInitialized():
        return False
    found = getattr(record, name)
    if hasattr(found, "DESCRIPTOR"):
        found = found.text
    elif hasattr(found, "extend"):
        found = [getattr(each, "text", each) for each in found]
        if not isinstance(meant, list):
            meant = [meant]
    return _plain(found) == _plain(meant)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.encode() if isinstance(value, str) else value


def _varint(number: int) -> bytes:
    found = bytearray()
    while number >= 0x80:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
