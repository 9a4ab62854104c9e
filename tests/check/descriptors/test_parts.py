"""Parts of messages are what they were, byte for byte."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor_pb2 import DescriptorProto, SourceCodeInfo

from versioned_serde.check.descriptors.parts import fields_and_rest, locations, parsed
from versioned_serde.check.descriptors.wire import WireError


def test_fields_and_rest_of_a_message() -> None:
    message = DescriptorProto(name="M")
    for number in (3, 1):
        message.field.add(name=f"f{number}", number=number)
    message.nested_type.add(name="Inner")
    fields, rest = fields_and_rest(message.SerializeToString())
    assert fields == [each.SerializeToString() for each in message.field]
    message.ClearField("field")
    assert rest == message.SerializeToString()


def test_locations() -> None:
    info = SourceCodeInfo()
    info.location.add(path=[4, 0], span=[1, 2, 3])
    info.location.add(span=[1, 2, 3])
    assert locations(info.SerializeToString()) == [each.SerializeToString() for each in info.location]


def test_what_is_no_message() -> None:
    for refused in (fields_and_rest, locations, lambda data: parsed(DescriptorProto, data)):
        with pytest.raises(WireError):
            refused(b"\x0a\x7fshort")
