"""One listed version with all that decides its bytes, resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from versioned_serde.envelope.binary import prefix, seal
from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.envelope.headers import header_writer
from versioned_serde.envelope.inline import joiner, opening
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.evolution.version import Framing
from versioned_serde.native import Ending
from versioned_serde.protocols import Codec, Coding
from versioned_serde.shape import Shape

NO_CODING = 0


class Packed(NamedTuple):
    """A record for a place that has headers.

    Attributes:
        payload: the bytes.
        headers: what goes beside them; empty unless the framing is `headers`.
    """

    payload: bytes
    headers: Mapping[str, str]


Frame = Callable[[bytes], Packed]


@dataclass(frozen=True, slots=True)
class Line:
    """A listed version.

    Attributes:
        schema: the schema's name.
        number: the version.
        min_reader: lowest version whose readers can read its records.
        raised_by: why min_reader is the version itself; empty if it is not, and for the first listed line.
        shape: its shape.
        codec: its codec.
        coding: its coding, or None.
        framing: how its tag travels, or how another system marks its records.
        checksum: whether its records carry a CRC-32.
    """

    schema: str
    number: int
    min_reader: int
    raised_by: tuple[str, ...]
    shape: Shape
    codec: Codec
    coding: Coding | None
    framing: Framing | ForeignFraming
    checksum: bool

    def tag(self, *, mixed: bool = False) -> Tag:
        """The tag of its records."""
        return Tag(
            schema_id(self.schema),
            self.number,
            self.min_reader,
            self.codec.id,
            NO_CODING if self.coding is None else self.coding.id,
            mixed=mixed,
            checksum=self.checksum,
        )

    @property
    def untagged(self) -> bool:
        """Whether its records have no tag of ours, so that nothing of ours may be added to what they hold."""
        return self.framing == "bare" or not isinstance(self.framing, str)

    @property
    def beside(self) -> bool:
        """Whether something stands beside the bytes of its records."""
        return self.framing == "headers" or (not isinstance(self.framing, str) and bool(self.framing.headers))

    @property
    def start(self) -> bytes | None:
        """What stands before the payload of a record that is not mixed; None where framing is more than that."""
        if self.framing == "bare":
            return b""
        if not isinstance(self.framing, str):
            return None if self.beside else self.framing.prefix
        return prefix(self.tag()) if self.framing == "envelope" and not self.checksum else None

    def opening(self, *, mixed: bool) -> tuple[bytes, Ending] | None:
        """What stands before the payload of a record, and what ends it; None where the tag is not in the record.

        Args:
            mixed: as for `frame`.
        """
        if self.framing == "bare":
            return b"", ""
        if not isinstance(self.framing, str):
            return None if self.beside else (self.framing.prefix, "")
        if self.framing == "inline":
            return opening(self.schema, self.tag(mixed=mixed)), "member"
        if self.framing == "headers":
            return None
        return prefix(self.tag(mixed=mixed)), "checksum" if self.checksum else ""

    def frame(self, *, mixed: bool, version: int | None = None) -> Frame:
        """Compiled: payload -> record.

        Args:
            mixed: whether the payloads hold more or less than the version declares.
            version: the version to write in the tag; another one than `number` when an old editor writes back a
                newer record.
        """
        if self.framing == "bare":
            return lambda payload: Packed(payload, {})
        if not isinstance(self.framing, str):
            sign, beside = self.framing.prefix, self.framing.headers
            return lambda payload: Packed(sign + payload, dict(beside))
        tag = self.tag(mixed=mixed)
        tag = tag if version is None else replace(tag, version=version)
        if self.framing == "inline":
            join = joiner(self.schema, tag)
            return lambda payload: Packed(join(payload), {})
        if self.framing == "headers":
            headers = header_writer(self.schema, tag)
            return lambda payload: Packed(payload, headers(payload))
        start = prefix(tag)
        if self.checksum:
            return lambda payload: Packed(seal(start + payload), {})
        return lambda payload: Packed(start + payload, {})
