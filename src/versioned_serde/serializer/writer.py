"""Tree of the newest version -> bytes of one version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from versioned_serde.envelope.inline import JSON_ID, MEMBER, names_tag
from versioned_serde.errors import ConversionError, SerdeError, UnwritableValueError
from versioned_serde.evolution.complement import drop_stale, shaped
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.levels import unwritably_deep
from versioned_serde.limits import Limits
from versioned_serde.native import Encoder, Frame, Framing
from versioned_serde.serializer.counters import Cell, Counters
from versioned_serde.serializer.line import Line, Packed
from versioned_serde.shape import REQUIRED, Shape
from versioned_serde.tree import COMPLEMENT, Tree, Typed, complement, copied, holds_undeclared, objects

_MOST_FRAMES = 100
"""How many newer versions' tags are kept ready."""
_TAG_ROOM = 512
"""More than a tag of this library needs in any framing, in bytes."""
AtOnce = Callable[[Any], Packed | None]
"""Value in memory -> its record, counted; None for what goes by way of a tree."""


class Writer:
    """Writes records of one schema in any listed version, and edited records of newer ones.

    Args:
        lines: the listed versions, ascending.
        lineage: their ways.
        limits: the schema's bounds.
        counters: the schema's cells.
        carries_unknown: whether new values themselves may hold what the newest version does not declare.
    """

    def __init__(
        self, lines: Sequence[Line], lineage: Lineage, limits: Limits, counters: Counters, *, carries_unknown: bool
    ) -> None:
        self._lines = {line.number: line for line in lines}
        self._lineage = lineage
        self._newest = lines[-1]
        self._encodes = {line.number: line.codec.payload(line.shape, limits).encode for line in lines}
        self._inline = any(line.framing == "inline" for line in lines)
        self._frames = {
            (line.number, mixed): self._frame(line, mixed=mixed) for line in lines for mixed in (False, True)
        }
        self._newer_frames: dict[int, Callable[[bytes], Packed]] = {}
        self._limits = limits
        self._carries_unknown = carries_unknown
        self._written = counters.cells("written")
        self._converted = counters.cells("converted")
        self._kept = counters.cells("unknown_kept")
        self._dropped = counters.cells("unknown_dropped")

    def new(self, tree: Tree, version: int) -> Packed:
        """A new record of a listed version. Takes the tree over.

        Raises:
            WriteError: nothing was written.
        """
        try:
            line = self._lines[version]
            return self._packed(tree, line, plain=line is self._newest and not self._carries_unknown)
        except RecursionError:
            raise unwritably_deep().located(schema=self._newest.schema, version=version) from None
        except SerdeError as error:
            raise error.located(schema=self._newest.schema, version=version) from error.__cause__

    def at_once(self, encoder: Encoder, version: int) -> AtOnce:
        """Compiled: new records of a listed version without a tree between.

        Args:
            encoder: writes payloads of the version, which has no coding, from values of the newest one, within
                `largest_payload`.
            version: the version; unless it is the newest, the encoder is a `native.Framing`.
        """
        if isinstance(encoder, Framing):
            return self._marked(encoder, self._lines[version])
        written, frame = self._written[version], self._frames[version, False]

        def packed(value: Any) -> Packed | None:
            payload = encoder.encode(value, b"")
            if payload is None:
                return None
            record = frame(payload)
            written.value += 1
            return record

        return packed

    def _marked(self, encoder: Framing, line: Line) -> AtOnce:
        frames = {mixed: self._frames[line.number, mixed and not line.untagged] for mixed in (False, True)}
        cells = {mixed: self._counting(line, mixed) for mixed in (False, True)}

        def packed(value: Any) -> Packed | None:
            marked = encoder.marked(value)
            if marked is None:
                return None
            payload, mixed = marked
            record = frames[mixed](payload)
            for cell in cells[mixed]:
                cell.value += 1
            return record

        return packed

    def _counting(self, line: Line, mixed: bool) -> tuple[Cell, ...]:
        """The cells that a new record of the line is counted in."""
        cells = [self._written[line.number]]
        if line is not self._newest:
            cells.append(self._converted[line.number])
        if mixed:
            cells.append((self._dropped if line.untagged else self._kept)[line.number])
        return tuple(cells)

    def bytes_at_once(
        self, encoder: Encoder, version: int, otherwise: Callable[[Any], bytes]
    ) -> Callable[[Any], bytes] | None:
        """The same for the record alone, in one call; None where the encoder cannot make the whole of it.

        Args:
            encoder: as for `at_once`.
            version: as for `at_once`.
            otherwise: gives the record of a value that the encoder leaves to it, or raises.
        """
        line = self._lines[version]
        if not isinstance(encoder, Framing):
            return None if line.start is None else encoder.counted(line.start, self._written[version], otherwise)
        plain, mixed = line.opening(mixed=False), line.opening(mixed=True)
        if plain is None or mixed is None:
            return None
        (before, ending), (before_mixed, _) = plain, mixed
        return encoder.framed(
            Frame(before, self._counting(line, False)),
            Frame(before_mixed, self._counting(line, True)),
            ending,
            otherwise,
        )

    def bytes_by_tree(
        self, dump: Callable[[Any, None], Tree], version: int, otherwise: Callable[[Any], bytes]
    ) -> Callable[[Any], bytes] | None:
        """Compiled: new records by way of a tree, for a version where nothing is converted, searched or compressed.

        Args:
            dump: value -> tree.
            version: the version, whose records have no headers.
            otherwise: gives the record of a value with which something is wrong, or raises.
        """
        line = self._lines[version]
        if line is not self._newest or self._carries_unknown or line.coding is not None or line.beside:
            return None
        encode, frame, most = self._encodes[version], self._frames[version, False], largest_payload(self._limits)
        start, written = line.start, self._written[version]

        def dumps(value: Any) -> bytes:
            try:
                payload = encode(dump(value, None))
                if len(payload) > most:
                    return otherwise(value)
                record = frame(payload).payload if start is None else start + payload
            except SerdeError:
                return otherwise(value)
            written.value += 1
            return record

        return dumps

    def edited(self, tree: Tree, version: int) -> Packed:
        """A record that was read and edited, in a listed version or in a newer one. Leaves the tree as it is.

        Raises:
            WriteError: nothing was written.
        """
        newest = self._newest
        try:
            tree = copied(tree)
            drop_stale(tree, newest.shape, self._lineage.binding, self._take_down)
            if version <= newest.number:
                return self._packed(tree, self._lines[version], plain=False)
            # An old editor: what the newer version always writes may be missing, so the record is mixed.
            packed = self._newer_frame(version)(self._payload(tree, newest))
            self._written["newer"].value += 1
            if holds_undeclared(tree):
                self._kept["newer"].value += 1
            return packed
        except RecursionError:
            raise unwritably_deep().located(schema=newest.schema, version=version) from None
        except SerdeError as error:
            raise error.located(schema=newest.schema, version=version) from error.__cause__

    def _newer_frame(self, version: int) -> Callable[[bytes], Packed]:
        frame = self._newer_frames.get(version)
        if frame is None:
            frame = self._frame(self._newest, mixed=True, version=version)
            if len(self._newer_frames) < _MOST_FRAMES:
                self._newer_frames[version] = frame
        return frame

    def _frame(self, line: Line, *, mixed: bool, version: int | None = None) -> Callable[[bytes], Packed]:
        frame = line.frame(mixed=mixed, version=version)
        if not self._inline or line.framing != "headers" or line.codec.id != JSON_ID or line.coding is not None:
            return frame

        def unmistakable(payload: bytes) -> Packed:
            if names_tag(payload):
                raise UnwritableValueError(
                    f"An attribute is named `{MEMBER}`. Where records may have an inline tag, it would be read as one."
                )
            return frame(payload)

        return unmistakable

    def _take_down(self, tree: Tree) -> None:
        self._lineage.down(tree, self._lineage.first)

    def _packed(self, tree: Tree, line: Line, *, plain: bool) -> Packed:
        """The record of a tree in the newest form. `plain`: it holds nothing undeclared, and need not be searched."""
        version = line.number
        if line is not self._newest:
            self._lineage.down(tree, version)
            _check_complete(tree, line.shape)
            self._converted[version].value += 1
        undeclared = not plain and holds_undeclared(tree)
        if undeclared and line.untagged:
            if _strip(tree):
                self._dropped[version].value += 1
            undeclared = holds_undeclared(tree)
        packed = self._frames[version, undeclared](self._payload(tree, line))
        self._written[version].value += 1
        if undeclared:
            self._kept[version].value += 1
        return packed

    def _payload(self, tree: Tree, line: Line) -> bytes:
        """The coded payload. What every reader with these bounds would refuse is not written."""
        payload = self._encodes[line.number](tree)
        _bounded(len(payload), self._limits.max_inflated, "payload", "max_inflated")
        if line.coding is not None:
            payload = line.coding.compress(payload)
        if not payload and line.framing == "bare":
            raise UnwritableValueError(
                "The record would be empty, and every reader refuses an empty one: it could not be told from damage.",
                hint="Set an attribute that is written, or move on to a framing with a tag.",
            ).located(schema=line.schema, version=line.number)
        _bounded(len(payload) + _TAG_ROOM, self._limits.max_bytes, "record", "max_bytes")
        return payload


def largest_payload(limits: Limits) -> int:
    """The most bytes of a payload without coding that a writer with these bounds lets out."""
    return min(limits.max_inflated, limits.max_bytes - _TAG_ROOM)


def _bounded(size: int, bound: int, what: str, limit: str) -> None:
    if size > bound:
        raise UnwritableValueError(
            f"The {what} has {size} bytes, and every reader refuses more than {bound}.",
            hint=f"Split the value, or raise `Limits.{limit}` in all releases before you write such values.",
        )


def _check_complete(tree: Tree, shape: Shape) -> None:
    """Every step lands valid: what the older version requires is there."""
    for node, node_shape in shaped(tree, shape):
        for attribute in node_shape.attributes:
            if attribute.default is REQUIRED and attribute.name not in node:
                raise ConversionError(
                    f"The way down leaves out `{attribute.name}` of `{node_shape.name}`, which the version requires.",
                    step="the version's steps",
                    hint="Make the step's function return it.",
                )


def _strip(tree: Tree) -> bool:
    """Takes out what may not be written into a record without a tag; tells whether there was anything.

    What came with a bare record goes back with it. What a step of ours would add does not: no reader of bare records
    was ever told of it.
    """
    stripped = False
    for node in objects(tree):
        ours = [name for name, value in node.items() if type(value) is Typed]
        if complement(node):
            ours.append(COMPLEMENT)
        for name in ours:
            del node[name]
        stripped = stripped or bool(ours)
    return stripped
