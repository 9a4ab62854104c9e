"""One line of a schema's history."""

from __future__ import annotations

from typing import Any, Literal

from versioned_serde.envelope.census import Census
from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.evolution.steps.step import Step
from versioned_serde.protocols import Codec, Coding

Framing = Literal["envelope", "inline", "headers", "bare"]
FRAMINGS: tuple[Framing, ...] = ("envelope", "inline", "headers", "bare")


class Version:
    """What a version changes against the one before it.

    The first listed line is absolute; later lines say only what changed. Codec, coding and framing are inherited from
    the line before.

    Args:
        number: 1, 2, 3, ... without a gap among the listed lines.
        steps: changes of the shape, in the order in which they lead up.
        codec: a codec's name (`"json"`, `"msgpack"`, `"cbor"`, `"xml"`, `"protobuf"`) or a `Codec`.
        coding: a coding's name (`"gzip"`, `"zstd"`, `"lz4"`), a `Coding`, or `"none"`.
        framing: how the tag travels: `"envelope"`, `"inline"`, `"headers"` or `"bare"`; or the sign by which another
            system marks such records: `Confluent(57)`, `SingleObject(...)`, `CloudEvents(...)`.
        checksum: whether records carry a CRC-32. On by default for envelopes, because stored data gets damaged; say
            False for RPC. `inline` and `bare` have no place for one.
        min_reader: only on the first listed line, when older lines were retired: the min_reader that it had before.
        census: where `inline` comes after `bare`: what a scan of the untagged records found.
        model: optionally the class that the version had; it must have the shape that the steps derive.
    """

    def __init__(
        self,
        number: int,
        *steps: Step,
        codec: str | Codec | None = None,
        coding: str | Coding | None = None,
        framing: Framing | ForeignFraming | None = None,
        checksum: bool | None = None,
        min_reader: int | None = None,
        census: Census | None = None,
        model: Any = None,
    ) -> None:
        self.number = number
        self.steps = steps
        self.codec = codec
        self.coding = coding
        self.framing = framing
        self.checksum = checksum
        self.min_reader = min_reader
        self.census = census
        self.model = model

    def __repr__(self) -> str:
        form = {
            "codec": getattr(self.codec, "name", self.codec),
            "coding": getattr(self.coding, "name", self.coding),
            "framing": self.framing,
            "checksum": self.checksum,
            "min_reader": self.min_reader,
            "census": self.census,
        }
        said = [f"{name}={value!r}" for name, value in form.items() if value is not None]
        return f"Version({', '.join([str(self.number), *map(repr, self.steps), *said])})"
