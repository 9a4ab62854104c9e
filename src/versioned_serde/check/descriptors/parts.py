"""Parts of serialized messages, which protobuf's own parser cuts out and leaves as they are.

It does so for a whole message at once, where `wire.py` looks at one field after the other.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from versioned_serde.check.descriptors.wire import WireError

_M = TypeVar("_M", bound=Message)

_FIELD: Final = 2  # numbers of fields in descriptor.proto: of a message
_LOCATION: Final = 1  # of the source locations


def _message_with(number: int) -> type[Any]:
    """A message that knows one field, which is `bytes` to it; the others are unknown, and stay in their order."""
    message = DescriptorProto(name="Whole")
    message.field.add(
        name="parts", number=number, type=FieldDescriptorProto.TYPE_BYTES, label=FieldDescriptorProto.LABEL_REPEATED
    )
    pool = DescriptorPool()
    pool.Add(FileDescriptorProto(name="parts.proto", package="parts", message_type=[message]))
    return GetMessageClass(pool.FindMessageTypeByName("parts.Whole"))


_MESSAGE: Final = _message_with(_FIELD)
_SOURCE: Final = _message_with(_LOCATION)


def fields_and_rest(data: bytes) -> tuple[list[bytes], bytes]:
    """The fields of a serialized DescriptorProto, each serialized, and all else that is in it.

    Raises:
        WireError: it is none.
    """
    message = parsed(_MESSAGE, data)
    fields = list(message.parts)
    message.ClearField("parts")
    return fields, message.SerializeToString()


def locations(data: bytes) -> list[bytes]:
    """The locations of a serialized SourceCodeInfo, each serialized.

    Raises:
        WireError: it is none.
    """
    return list(parsed(_SOURCE, data).parts)


def parsed(kind: type[_M], data: bytes) -> _M:
    """A descriptor.

    Raises:
        WireError: the bytes are none.
    """
    try:
        return kind.FromString(data)
    except DecodeError as error:
        raise WireError(f"it holds no valid {kind.DESCRIPTOR.name}: {error}") from None
