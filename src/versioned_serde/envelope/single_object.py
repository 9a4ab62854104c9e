"""Avro's single-object encoding: two bytes and the fingerprint of the writer's schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from versioned_serde.envelope.foreign import another
from versioned_serde.errors import DeclarationError

_MARK = b"\xc3\x01"
_FINGERPRINT_SIZE = 8


@dataclass(frozen=True)
class SingleObject:
    """Records of Avro's single-object encoding: `C3 01`, the fingerprint, then the payload.

    Source: "Single-object encoding" in the specification of Apache Avro.

    Args:
        fingerprint: CRC-64-AVRO of the schema's parsing canonical form: 8 bytes as they stand in records, which is
            little-endian, or the number.

    Raises:
        DeclarationError: it is neither.
    """

    fingerprint: bytes

    def __init__(self, fingerprint: bytes | int) -> None:
        if isinstance(fingerprint, int) and 0 <= fingerprint < 2**64:
            fingerprint = fingerprint.to_bytes(_FINGERPRINT_SIZE, "little")
        if not isinstance(fingerprint, bytes) or len(fingerprint) != _FINGERPRINT_SIZE:
            raise DeclarationError(
                "A fingerprint has 8 bytes.", hint="Take it from the codec: `SingleObject(codec.fingerprint)`."
            )
        object.__setattr__(self, "fingerprint", fingerprint)

    @property
    def name(self) -> str:
        return "avro single-object"

    @property
    def prefix(self) -> bytes:
        return _MARK + self.fingerprint

    @property
    def headers(self) -> Mapping[str, str]:
        return {}

    def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
        if data.startswith(self.prefix):
            return data[len(self.prefix) :]
        if data.startswith(_MARK):
            raise another(self.name, "the fingerprint")
        return None
