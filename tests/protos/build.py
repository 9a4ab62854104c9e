"""Message classes made at run time, so that the tests need neither protoc nor generated files."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_SCALARS = {
    name.removeprefix("TYPE_").lower(): number
    for name, number in FieldDescriptorProto.Type.items()
    if name not in ("TYPE_GROUP", "TYPE_MESSAGE", "TYPE_ENUM")
}


def classes(text: str, *, syntax: str = "proto3") -> dict[str, Any]:
    """Message classes by name, of a small part of the language of .proto files, one declaration a line.

    `message NAME`, `enum NAME MEMBER=NUMBER ...`, and fields of the message above: `[optional|required|repeated] TYPE
    NAME = NUMBER [in ONEOF] [default VALUE]`, with a map as `map TYPE NAME = NUMBER` or `map:KEY TYPE NAME = NUMBER`.
    """
    file = FileDescriptorProto(name="test.proto", package="test", syntax=syntax)
    names: list[str] = []
    enums: set[str] = set()
    message: DescriptorProto | None = None
    fields: list[tuple[DescriptorProto, list[str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        words = line.split()
        if words[0] == "message":
            message = file.message_type.add(name=words[1])
            names.append(words[1])
        elif words[0] == "enum":
            enums.add(words[1])
            enum = file.enum_type.add(name=words[1])
            for member in words[2:]:
                name, number = member.split("=")
                enum.value.add(name=name, number=int(number))
        else:
            assert message is not None
            fields.append((message, words))
    for message, words in fields:
        _field(message, words, enums, syntax)
    for message in file.message_type:
        # The compiler's own oneofs of `optional` fields come after the declared ones.
        for field in message.field:
            if field.proto3_optional:
                field.oneof_index = len(message.oneof_decl)
                message.oneof_decl.add(name=f"_{field.name}")
    pool = DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return {name: GetMessageClass(pool.FindMessageTypeByName(f"test.{name}")) for name in names}


def _typed(field: FieldDescriptorProto, name: str, enums: set[str]) -> None:
    if name in _SCALARS:
        field.type = _SCALARS[name]
    else:
        field.type = FieldDescriptorProto.TYPE_ENUM if name in enums else FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".test.{name}"


def _field(message: DescriptorProto, words: list[str], enums: set[str], syntax: str) -> None:
    label = words.pop(0) if words[0] in ("optional", "required", "repeated") or words[0].startswith("map") else ""
    type_, name, _, number, *rest = words
    options: dict[str, Any] = dict(zip(rest[::2], rest[1::2], strict=True))
    field = message.field.add(name=name, number=int(number), label=FieldDescriptorProto.LABEL_OPTIONAL)
    if label.startswith("map"):
        field.label = FieldDescriptorProto.LABEL_REPEATED
        entry_name = "".join(part.capitalize() for part in name.split("_")) + "Entry"
        entry = message.nested_type.add(name=entry_name)
        entry.options.map_entry = True
        _typed(entry.field.add(name="key", number=1, label=1), label.partition(":")[2] or "string", enums)
        _typed(entry.field.add(name="value", number=2, label=1), type_, enums)
        field.type = FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".test.{message.name}.{entry_name}"
        return
    _typed(field, type_, enums)
    if label == "repeated":
        field.label = FieldDescriptorProto.LABEL_REPEATED
    elif label == "required":
        field.label = FieldDescriptorProto.LABEL_REQUIRED
    elif label == "optional" and syntax == "proto3":
        field.proto3_optional = True
    if "default" in options:
        field.default_value = options["default"]
    if "in" in options:
        oneofs = [oneof.name for oneof in message.oneof_decl]
        if options["in"] not in oneofs:
            oneofs.append(message.oneof_decl.add(name=options["in"]).name)
        field.oneof_index = oneofs.index(options["in"])
