"""Bytes -> tree of the newest version, for every record that this process may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from versioned_serde.envelope.binary import CRC_SIZE, prefix
from versioned_serde.envelope.foreign import ForeignFraming
from versioned_serde.envelope.recognize import Recognized, recognize
from versioned_serde.envelope.tag import Tag, schema_id
from versioned_serde.errors import SerdeError, TagMismatchError, UnreadableVersionError
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.levels import too_deep
from versioned_serde.limits import Limits
from versioned_serde.native import Decoder
from versioned_serde.serializer.counters import Counters
from versioned_serde.serializer.line import Line
from versioned_serde.tree import Tree

_MOST_STARTS = 200
"""How many beginnings of records are known by heart."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a record said of itself.

    Attributes:
        tag: None for a record that is bare or bears the sign of another system.
        line: the listed version that it was decoded as: its own, or the newest for a record of a newer version.
        version: the record's own version.
    """

    tag: Tag | None
    line: Line
    version: int

    @property
    def mixed(self) -> bool:
        """Whether the payload may hold more or less than its version declares. One without a tag may always."""
        return self.tag is None or self.tag.mixed

    @property
    def retaining(self) -> bool:
        """Whether the payload may hold what this process does not know."""
        return self.mixed or self.version > self.line.number


class Reader:
    """Reads records of one schema.

    Args:
        lines: the listed versions, ascending.
        lineage: their ways.
        limits: the schema's bounds.
        counters: the schema's cells.
    """

    def __init__(self, lines: Sequence[Line], lineage: Lineage, limits: Limits, counters: Counters) -> None:
        self._schema = lines[0].schema
        self._schema_id = schema_id(self._schema)
        self._lines = {line.number: line for line in lines}
        self._known = tuple(self._lines)
        self._newest = lines[-1]
        self._lineage = lineage
        self._limits = limits
        self._read = counters.cells("read")
        self._converted = counters.cells("converted")
        self._refused = counters.cells("refused")
        self._dropped = counters.cells("unknown_dropped")
        self._framings = frozenset(line.framing for line in lines if isinstance(line.framing, str))
        self._foreign = tuple(line.framing for line in lines if isinstance(line.framing, ForeignFraming))
        self._untagged = [line for line in lines if line.untagged]
        self._decodes: dict[int, Callable[[bytes], Tree]] = {
            line.number: line.codec.payload(line.shape, limits).decode for line in lines
        }
        self._starts = {
            prefix(tag): Origin(tag, line, line.number)
            for line in lines
            if line.framing == "envelope"
            for tag in (line.tag(), line.tag(mixed=True))
        }
        self._start_lengths = sorted({len(start) for start in self._starts})

    def identify(self, data: bytes, headers: Mapping[str, str] | None) -> tuple[Origin, bytes]:
        """What a record is, and its payload, still coded. Counts a refusal.

        Raises:
            ReadError: no reader of this process may read it.
        """
        if type(data) is not bytes:
            data = bytes(data)  # a driver's memoryview or bytearray
        if not headers and (known := self._at_once(data)) is not None:
            return known
        version: int | None = None
        label: int | str = "none"
        try:
            found = recognize(self._framings, data, headers, self._limits, self._foreign)
            if found.tag is None:
                line = next(line for line in self._untagged if line.framing == found.framing)
                return Origin(None, line, line.number), found.payload
            self._check_schema(found)
            version = found.tag.version
            label = self._label(version)
            origin = Origin(found.tag, self._line(found.tag, found.framing), version)
            if found.framing == "envelope":
                self._remember(found.tag, origin)
            return origin, found.payload
        except SerdeError as error:
            self._refused[label].value += 1
            raise error.located(schema=self._schema, version=version) from error.__cause__

    def _remember(self, tag: Tag, origin: Origin) -> None:
        """Recognizes the next record of a newer version at once. Strangers' bytes cannot make it remember much."""
        if not tag.extensions and len(self._starts) < _MOST_STARTS:
            start = prefix(tag)
            self._starts[start] = origin
            # Another thread goes on with the lengths that it has.
            self._start_lengths = sorted({*self._start_lengths, len(start)})

    def _at_once(self, data: bytes) -> tuple[Origin, bytes] | None:
        """The common case at once: all that precedes a payload is constant, and no such start begins another one.

        None for anything else, and for anything wrong, which `recognize` then names.
        """
        for length in self._start_lengths:
            origin = self._starts.get(data[:length])
            if origin is None:
                continue
            size = len(data)
            if size > self._limits.max_bytes:
                return None
            if not origin.line.checksum:
                return origin, data[length:]
            end = size - CRC_SIZE
            if end < length or crc32(memoryview(data)[:end]) != int.from_bytes(data[end:], "big"):
                return None
            return origin, data[length:end]
        return None

    def read(self, data: bytes, headers: Mapping[str, str] | None) -> tuple[Origin, Tree]:
        """A record's tree in the newest form, with what its reader does not understand.

        Raises:
            ReadError: it was not read; the caller must not overwrite it.
        """
        origin, coded = self.identify(data, headers)
        return origin, self.tree(origin, self.payload(origin, coded))

    def payload(self, origin: Origin, coded: bytes) -> bytes:
        """The payload of a record that was identified, its coding undone. Counts a refusal, and raises like `read`."""
        if origin.line.coding is None:
            return coded
        try:
            return origin.line.coding.inflate(coded, self._limits)
        except SerdeError as error:
            self.refuse(origin)
            raise error.located(schema=self._schema, version=origin.version) from error.__cause__

    def tree(self, origin: Origin, payload: bytes) -> Tree:
        """The tree of a payload, in the newest form. Counts a refusal, and raises like `read`."""
        line = origin.line
        try:
            tree = self._decodes[line.number](payload)
            if origin.tag is not None and origin.tag.mixed:
                self._lineage.fill(tree, origin.tag.min_reader, line.number)
            self._lineage.up(tree, line.number)
        except RecursionError:
            self.refuse(origin)
            raise too_deep(self._limits).located(schema=self._schema, version=origin.version) from None
        except SerdeError as error:
            self.refuse(origin)
            raise error.located(schema=self._schema, version=origin.version) from error.__cause__
        return tree

    def counted(self, decoder: Decoder, otherwise: Callable[[bytes], Any]) -> Callable[[bytes], Any] | None:
        """Compiled: a record of the newest version -> its value, without a tree and in one native call.

        Args:
            decoder: of the newest version's payloads.
            otherwise: gives the value of any other record, or raises.

        Returns:
            None where a record has a coding, or its tag stands elsewhere or is not the only sign of its version.
        """
        newest = self._newest
        opening = None if newest.coding is not None else newest.opening(mixed=False)
        if opening is None or (newest.framing == "bare" and len(self._lines) > 1):
            return None
        if not isinstance(newest.framing, str):
            return None  # which records bear a sign, its `open` alone decides
        return decoder.counted(*opening, self._read[newest.number], otherwise, self._limits.max_bytes)

    def refuse(self, origin: Origin) -> None:
        """Counts a record that was identified and then refused."""
        self._refused[self._label(origin.version)].value += 1

    def accept(self, origin: Origin) -> None:
        """Counts a record that became a value."""
        label = self._label(origin.version)
        self._read[label].value += 1
        if origin.version < self._newest.number:
            self._converted[label].value += 1

    def drop(self, origin: Origin) -> None:
        """Counts a record of which a part was not understood and not kept."""
        self._dropped[self._label(origin.version)].value += 1

    def _label(self, version: int) -> int | str:
        if version in self._lines:
            return version
        return "newer" if version > self._newest.number else "older"

    def _check_schema(self, found: Recognized) -> None:
        assert found.tag is not None
        # An envelope carries the id alone; names can differ where ids collide.
        if found.tag.schema_id != self._schema_id or found.schema not in (None, self._schema):
            other = f" (`{found.schema}`)" if found.schema else ""
            raise TagMismatchError(
                f"The record is of another schema{other}.",
                reason="wrong-schema",
                hint="Read it with the schema that wrote it; something was stored or sent to the wrong place.",
            )

    def _line(self, tag: Tag, framing: str | ForeignFraming) -> Line:
        line = self._lines.get(tag.version)
        if line is None:
            line = self._line_for_unlisted(tag)
        expected = line.tag(mixed=tag.mixed)
        differing = [
            name
            for name in ("min_reader", "codec", "coding", "checksum")
            if getattr(tag, name) != getattr(expected, name) and not (name == "checksum" and framing != line.framing)
        ]
        if framing != line.framing:
            differing.append("framing")
        if differing:
            raise TagMismatchError(
                f"The tag differs from what version {line.number} declares in {' and '.join(differing)}.",
                reason="differs-from-declaration",
                hint="A version's bytes never change: find out which release wrote it and what it declared.",
            )
        return line

    def _line_for_unlisted(self, tag: Tag) -> Line:
        newest = self._newest.number
        if tag.version < newest:
            raise self._unreadable(
                tag,
                "The record's version is not listed any more.",
                f"A release that lists version {tag.version} reads it; have that one rewrite the record.",
            )
        if tag.version > newest + self._limits.version_window:
            raise self._unreadable(
                tag,
                f"The record's version is more than {self._limits.version_window} above the newest known one,"
                " so the tag is not believed.",
                "If it is right, upgrade this process.",
            )
        if tag.min_reader > newest:
            raise self._unreadable(
                tag,
                f"The record needs a reader of version {tag.min_reader} or newer.",
                f"Deploy a release that lists version {tag.min_reader}, or roll its writers back; do not overwrite it.",
            )
        return self._newest

    def _unreadable(self, tag: Tag, problem: str, hint: str) -> UnreadableVersionError:
        error = UnreadableVersionError(problem, min_reader=tag.min_reader, hint=hint)
        return error.located(known_versions=self._known)
