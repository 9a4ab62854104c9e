"""Records that one side writes and the other misreads or refuses, made and tried with both."""

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
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from google.protobuf.message import DecodeError, EncodeError
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.check.descriptors.difference import DescriptorSet
from versioned_serde.check.descriptors.elements import ENUM, GROUP, MESSAGE, Enum, Field, File, Message
from versioned_serde.check.descriptors.hit import NOT_OF_BUF, Hit
from versioned_serde.check.descriptors.kinds import NAMES, kind

_Enums = tuple[EnumDescriptorProto | None, EnumDescriptorProto | None]
_LENGTH_DELIMITED: Final = 2
_NO_UTF8: Final = b"\x01\xff"  # a text of one byte, with its length
_UNKNOWN: Final = 1_234_567  # a number that an enum hardly has
_WAYS: Final = {"full": ((0, 1), (1, 0)), "backward": ((0, 1),), "forward": ((1, 0),)}  # (who writes, who reads)
_REQUIRED: Final = "MESSAGE_SAME_REQUIRED_FIELDS"
_ONEOF: Final = "FIELD_SAME_ONEOF"
_SINGLE: Final = ("explicit", "implicit", "required")
_PLAIN: Final = {
    kind("string"): "a",
    kind("bytes"): b"a",
    **{kind(name): 1 for name in ("int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64")},
}
"""Types of which one value stands for all -> that value."""

_NAMES: Final = frozenset({"ENUM_VALUE_SAME_NAME", "FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"})
"""Changes that the binary form does not know of, and JSON does."""

_TRIED: Final = frozenset(
    {
        *_NAMES,
        _REQUIRED,
        NOT_OF_BUF,
        _ONEOF,
        "ENUM_SAME_TYPE",
        "ENUM_VALUE_NO_DELETE",
        "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
        "FIELD_SAME_CARDINALITY",
        "FIELD_SAME_TYPE",
        "FIELD_SAME_UTF8_VALIDATION",
        "FIELD_WIRE_COMPATIBLE_CARDINALITY",
        "FIELD_WIRE_COMPATIBLE_TYPE",
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
        "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
    }
)


def may_have_one(hit: Hit) -> bool:
    """Whether a hit is of a kind that a record can show."""
    return hit.breaks is not None and hit.alias in _TRIED


def witness(hit: Hit, old: DescriptorSet, new: DescriptorSet) -> str | None:
    """A record that the hit is about; None if there is none, or none that is found simply.

    It is in hexadecimal digits, or JSON where no record in binary form shows it.
    """
    before, now = hit.old, hit.element
    enums: _Enums
    if hit.alias in (_REQUIRED, NOT_OF_BUF, _ONEOF):
        return _of_two_fields(hit)
    if isinstance(before, Enum) and isinstance(now, Enum):
        enums = before.proto, now.proto
        before, now = _field_of(before), _field_of(now)
    elif isinstance(before, Field) and isinstance(now, Field) and before.owner == now.owner:
        enums = (_enum(before, old), _enum(now, new))
    else:
        return None
    found = None if hit.alias in _NAMES else _in_bytes(hit, (before, now), enums)
    return found or _in_json(hit, (before, now), enums)


def _in_bytes(hit: Hit, fields: tuple[Field, Field], enums: _Enums) -> str | None:
    """A record in binary form, in hexadecimal digits, that one side writes, and the other misreads or refuses."""
    try:
        sides = [_reader(field, enum) for field, enum in zip(fields, enums, strict=True)]
        for writer, reader in _WAYS[hit.breaks or "full"]:
            for data, meant in _records(fields[writer], sides[writer], enums):
                if not _reads(sides[reader], data, meant):
                    return data.hex()
    except (TypeError, ValueError, EncodeError):  # a descriptor that cannot stand alone, or a value that does not fit
        return None
    return None


def _in_json(hit: Hit, fields: tuple[Field, Field], enums: _Enums) -> str | None:
    """A record in JSON that one side writes, and the other does not take."""
    if any(each.is_extension for each in fields):
        return None  # of these, JSON has the full names
    try:
        sides = [_reader(field, enum, named=True) for field, enum in zip(fields, enums, strict=True)]
        for writer, reader in _WAYS[hit.breaks or "full"]:
            for data, meant in _records(fields[writer], sides[writer], enums):
                if meant is None:
                    continue  # a text that is no UTF-8
                text = MessageToJson(sides[writer].FromString(data), indent=None)
                try:
                    found = Parse(text, sides[reader]())
                except ParseError:
                    return text
                if hit.alias in _NAMES and found.SerializeToString() != data:  # the name of another one
                    return text
    except (TypeError, ValueError, EncodeError, DecodeError):  # as for bytes
        return None
    return None


def _of_two_fields(hit: Hit) -> str | None:
    """A record where what matters is which other field is there, beside the one that the hit is about."""
    before, now = (each.message if isinstance(each, Field) else each for each in (hit.old, hit.element))
    if not isinstance(before, Message) or not isinstance(now, Message):
        return None
    writer, reader = (now, before) if hit.breaks == "forward" else (before, now)
    number = next((each.number for each in reader.proto.field if each.name == hit.attribute), 0)
    plain = {each.number: each.proto for each in writer.fields() if each.kind in _PLAIN and each.cardinality in _SINGLE}
    for other in reader.fields():
        fellow = plain.get(other.number)
        if other.number == number or fellow is None or fellow.type != other.kind or other.cardinality not in _SINGLE:
            continue
        try:
            wrote, read = (_reduced(each, {number, other.number}) for each in (writer, reader))
            record = wrote()
            setattr(record, fellow.name, _PLAIN[fellow.type])
            if hit.alias == _ONEOF:
                mine = plain[number]
                setattr(record, mine.name, _PLAIN[mine.type])
            data = record.SerializeToString()
            found = read.FromString(data)
        except (KeyError, TypeError, ValueError):  # the field is no plain one, or does not stand alone
            continue
        if not found.IsInitialized() or len(found.ListFields()) < len(record.ListFields()):
            return bytes(data).hex()
    return None


def _reduced(message: Message, numbers: set[int]) -> type[Any]:
    """A class of a message with some of its fields, and its oneofs as far as they have any of them."""
    reduced = DescriptorProto(name="Record")
    oneofs: dict[str, int] = {}
    for field in message.fields():
        if field.number in numbers:
            proto = reduced.field.add()
            proto.CopyFrom(field.proto)
            proto.ClearField("oneof_index")
            proto.ClearField("proto3_optional")
            if field.oneof is not None:
                proto.oneof_index = oneofs.setdefault(field.oneof, len(oneofs))
    for name in oneofs:
        reduced.oneof_decl.add(name=name)
    return _class_of(message.file, reduced)


def _field_of(enum: Enum) -> Field:
    proto = FieldDescriptorProto(
        name="e", number=1, type=FieldDescriptorProto.TYPE_ENUM, label=FieldDescriptorProto.LABEL_OPTIONAL
    )
    return Field(enum.file, (), proto, enum.file.features, None)


def _enum(field: Field, among: DescriptorSet) -> EnumDescriptorProto | None:
    found = among.enum(field.type_name) if field.kind == ENUM else None
    return found.proto if found is not None else None


def _reader(field: Field, enum: EnumDescriptorProto | None, *, named: bool = False) -> type[Any]:
    """A class of a message that has the field alone, with its name in JSON if that is wanted."""
    message = DescriptorProto(name="Record")
    proto = message.field.add()
    proto.CopyFrom(field.proto)
    for name in ("oneof_index", "proto3_optional", "json_name", "default_value", "extendee"):
        proto.ClearField(name)
    proto.name = "field"
    if named:
        proto.json_name = field.json_name
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
    return _class_of(field.file, message)


def _class_of(file: File, message: DescriptorProto) -> type[Any]:
    whole = FileDescriptorProto(name="witness.proto", package="witness", message_type=[message])
    whole.syntax = file.syntax
    if file.syntax == "editions":
        whole.edition = file.proto.edition
        whole.options.features.CopyFrom(file.proto.options.features)
    pool = DescriptorPool()
    pool.Add(whole)
    return GetMessageClass(pool.FindMessageTypeByName("witness.Record"))


def _records(
    field: Field, writer: type[Any], enums: tuple[EnumDescriptorProto | None, ...]
) -> Iterator[tuple[bytes, Any]]:
    """Records with the field, and the value in each; without it, where a reader may require it."""
    name = writer.DESCRIPTOR.fields[0].name
    repeated = field.proto.label == FieldDescriptorProto.LABEL_REPEATED
    for value in _samples(field, enums):
        record = writer()
        if field.kind in (MESSAGE, GROUP):
            target = getattr(record, name)
            (target.add() if repeated else target).text = value
            yield record.SerializeToString(), [value] if repeated else value
        elif repeated:
            getattr(record, name).extend([value, value])
            yield record.SerializeToString(), [value, value]
        else:
            setattr(record, name, value)
            yield record.SerializeToString(), value
    if field.kind == FieldDescriptorProto.TYPE_STRING:
        yield bytes([*_varint(field.number << 3 | _LENGTH_DELIMITED), *_NO_UTF8]), None


def _samples(field: Field, enums: tuple[EnumDescriptorProto | None, ...]) -> tuple[Any, ...]:
    name = NAMES[field.kind]
    if field.kind == ENUM:
        return (*(each.number for enum in enums if enum is not None for each in enum.value if each.number), _UNKNOWN)
    if name in ("string", "bytes"):
        return ("a",) if name == "string" else (b"a", b"\xff")
    if name in ("float", "double"):
        return (1.5, 1e300) if name == "double" else (1.5,)
    if name == "bool":
        return (True,)
    if field.kind in (MESSAGE, GROUP):
        return (b"a",)
    bits = 64 if "64" in name else 32
    return (1, 2**bits - 1) if name.startswith(("u", "fixed")) else (1, -1, 2 ** (bits - 1) - 1)


def _reads(reader: type[Any], data: bytes, meant: Any) -> bool:
    """Whether a reader gets what was meant; a text that is no UTF-8 has no meaning, and only must not be refused."""
    name = reader.DESCRIPTOR.fields[0].name
    try:
        record = reader.FromString(data)
    except DecodeError:
        return False
    if meant is None:
        return True
    try:
        found = getattr(record, name)
    except UnicodeDecodeError:
        return False
    if hasattr(found, "DESCRIPTOR"):
        found = found.text
    elif hasattr(found, "extend"):
        found = [getattr(each, "text", each) for each in found]
        if not isinstance(meant, list):
            meant = [meant]
    return bool(_plain(found) == _plain(meant))


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
