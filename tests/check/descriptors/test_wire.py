"""Serialized messages are taken apart like a parser would, and what is none gives an error."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, UninterpretedOption
from hypothesis import given
from hypothesis import strategies as st

from versioned_serde.check.descriptors.wire import WireError, key_of, spans, varint


@given(st.integers(min_value=0, max_value=2**64 - 1), st.binary(max_size=3))
def test_a_varint_is_read_as_protobuf_writes_it(number: int, rest: bytes) -> None:
    data = UninterpretedOption(positive_int_value=number).SerializeToString()[1:] + rest
    assert varint(data, 0) == (number, len(data) - len(rest))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 11])
def test_what_is_no_varint(data: bytes) -> None:
    with pytest.raises(WireError):
        varint(data, 0)


def test_fields_of_every_wire_type() -> None:
    data = bytes.fromhex("0896 01 1102030405060708 09 1a03616263 23 2801 33080134 24 2d01020304")
    assert [(each.number, data[each.start : each.end].hex(), each.value) for each in spans(data, 0, len(data))] == [
        (1, "9601", 150),
        (2, "0203040506070809", 0),
        (3, "616263", 0),
        (4, "280133080134" + "24", 0),
        (5, "01020304", 0),
    ]


@given(st.binary(max_size=40))
def test_any_bytes_are_fields_or_an_error(data: bytes) -> None:
    try:
        found = list(spans(data, 0, len(data)))
    except WireError:
        return
    assert "".join(data[each.tag : each.end].hex() for each in found) == data.hex()


def test_a_field_that_ends_after_its_message() -> None:
    data = FileDescriptorProto(name="a.proto").SerializeToString()
    with pytest.raises(WireError, match="ends after its message"):
        list(spans(data, 0, len(data) - 1))


@given(st.lists(st.integers(min_value=0, max_value=2**31 - 1), max_size=8))
def test_the_key_of_a_path_is_what_a_location_has(path: list[int]) -> None:
    file = FileDescriptorProto()
    file.source_code_info.location.add(path=path)
    packed = file.source_code_info.location[0].SerializeToString()
    assert packed.endswith(key_of(tuple(path)))
    assert len(packed) <= len(key_of(tuple(path))) + 3
