"""The wire format of Confluent's serializers: a zero byte and the id of a schema in a registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from versioned_serde.envelope.foreign import another
from versioned_serde.errors import DeclarationError

_MARK = b"\x00"
_ID_END = 5


@dataclass(frozen=True)
class Confluent:
    """Records as Confluent's serializers write them: `00`, the id as 4 bytes, big-endian, then the payload.

    Protocol Buffers have the place of the message in its file between id and payload, as a list of indexes.

    Source: "Wire format" in the documentation of Confluent's Schema Registry.

    Args:
        id: of the schema in the registry, 0 to 2^32-1.
        message: only for protobuf: the message's indexes, `(0,)` for the first message of the file.

    Raises:
        DeclarationError: an id or an index that the format cannot carry.
    """

    id: int
    message: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if type(self.id) is not int or not 0 <= self.id < 2**32:
            raise DeclarationError(
                "A schema id of Confluent's is an integer of 0 to 4294967295.",
                hint="Look it up in the registry, or in bytes 1 to 4 of a record.",
            )
        if any(type(index) is not int or not 0 <= index < 2**31 for index in self.message):
            raise DeclarationError(
                "An index of a message is an integer of 0 to 2147483647.",
                hint="Count the messages of the file from 0; a nested message has one index for each level.",
            )

    @property
    def name(self) -> str:
        return "confluent"

    @cached_property
    def prefix(self) -> bytes:
        # The commonest list, the first message alone, is written as one zero.
        indexes = b"\x00" if self.message == (0,) else self._indexes if self.message else b""
        return self._start + indexes

    @property
    def headers(self) -> Mapping[str, str]:
        return {}

    @cached_property
    def _start(self) -> bytes:
        return _MARK + self.id.to_bytes(4, "big")

    @cached_property
    def _indexes(self) -> bytes:
        return b"".join(map(_zigzag, (len(self.message), *self.message)))

    def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
        if data.startswith(self.prefix):
            return data[len(self.prefix) :]
        if self.message and data.startswith(self._start + self._indexes):
            return data[_ID_END + len(self._indexes) :]  # the first message, spelled out
        if data.startswith(_MARK):
            raise another(self.name, "the message" if data.startswith(self._start) else "the schema id")
        return None


def _zigzag(number: int) -> bytes:
    """A signed varint of a number that is not negative."""
    rest, out = number << 1, bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes((*out, rest))
