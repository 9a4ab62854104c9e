"""Who reads what of a type: held against protobuf itself, in binary form and in JSON."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.check.descriptors.kinds import kind, reads

INTEGERS = ("int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64")
SCALARS = (*INTEGERS, "bool", "float", "double", "string", "bytes")


def record(type_: str) -> Any:
    file = FileDescriptorProto(name="a.proto", package="a", syntax="proto3")
    message = file.message_type.add(name="A")
    message.field.add(name="a", number=1, type=kind(type_), label=FieldDescriptorProto.LABEL_OPTIONAL)
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("a.A"))


CLASSES = {name: record(name) for name in SCALARS}


def values(type_: str) -> tuple[Any, ...]:
    if type_ in INTEGERS:
        bits = 64 if "64" in type_ else 32
        unsigned = type_.startswith(("u", "fixed"))
        return (1, 2**bits - 1) if unsigned else (1, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)))
    return {"bool": (True,), "float": (1.5,), "double": (1.5, 1e300), "string": ("a", "é"), "bytes": (b"a", b"\xff")}[
        type_
    ]


def is_read(writer: str, reader: str) -> bool:
    for value in values(writer):
        wrote = CLASSES[writer](a=value)
        try:
            binary = CLASSES[reader].FromString(wrote.SerializeToString()).a
            text = json_format.Parse(json_format.MessageToJson(wrote), CLASSES[reader]()).a
        except (DecodeError, json_format.ParseError):
            return False
        if binary != value or text != value:
            return False
    return True


@pytest.mark.parametrize(("writer", "reader"), list(product(SCALARS, SCALARS)), ids=lambda name: name)
def test_reads_is_what_protobuf_does(writer: str, reader: str) -> None:
    assert reads(kind(writer), kind(reader)) == is_read(writer, reader)
