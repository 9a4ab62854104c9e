"""Witnesses: records that show what a finding says.

A witness is searched for, not made up: small records about the attribute concerned are written as one release writes
them and read as the other one reads them, until one is refused or means something else to its reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Direction, Finding
from versioned_serde.check.old_reader import OldReader, line_of
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.check.trees import difference, trees_about
from versioned_serde.errors import LockError, SerdeError, WriteError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.description import quoted
from versioned_serde.lock.parsing import parsed_shape
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Line, Packed
from versioned_serde.shape import Shape
from versioned_serde.tree import Tree

READ: tuple[str | None, str] = (None, "")
"""The outcome of a record that is read as it was meant."""
Read = Callable[[Packed], tuple[Tree, Line]]
"""Record -> what it holds, and as which version it was read. Raises `SerdeError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A record that one release writes and another does not read, or not as it was meant.

    Attributes:
        schema: the schema's name.
        version: of the record.
        direction: `forward`: the old release reads it; `backward`: the new one does.
        other: the old release; of a view, the owner of its schema.
        record: the bytes, with what stands beside them.
        written: what the record holds, by wire names.
        shape: of the version, as its writer declares it.
        misread: path of the attribute that means something else to the reader; None if the record is refused.
        why: the reader's own error; empty where it misreads.
    """

    schema: str
    version: int
    direction: Direction
    other: Release
    record: Packed
    written: Tree
    shape: Shape
    misread: str | None
    why: str

    @property
    def text(self) -> str:
        """The record for people: JSON where it is JSON, otherwise hexadecimal, what stands beside it in front."""
        try:
            payload = self.record.payload.decode()
            payload = payload if payload.isprintable() else self.record.payload.hex()
        except UnicodeDecodeError:
            payload = self.record.payload.hex()
        beside = "".join(f"{name}: {value}\n" for name, value in self.record.headers.items())
        return f"{beside}{payload}"


def witness(comparison: Comparison, finding: Finding) -> Witness | None:
    """A record that shows a finding; None where none was found, or a release cannot be rebuilt from its lock.

    Args:
        comparison: in which the finding was made.
        finding: with schema and version; without a direction, either is tried.
    """
    if finding.schema is None or finding.version is None:
        return None
    directions: tuple[Direction, ...] = ("forward", "backward")
    if finding.direction == "forward" or finding.direction == "backward":  # noqa: PLR1714  this narrows the type
        directions = (finding.direction,)
    for alone, direction, (other, before, now) in product((True, False), directions, _pairs(comparison)):
        if now.name == finding.schema:
            place = finding.version, direction, finding.attribute
            found = searched(comparison, other, before, now, *place, alone=alone)
            if found is not None:
                return found
    if finding.attribute is not None and "backward" in directions:
        for other, _, now in comparison.pairs():
            if now.name == finding.schema:
                return lacking(comparison, other, now, finding.version, finding.attribute)
    return None


def _pairs(comparison: Comparison) -> Iterator[tuple[Release, SchemaLock, SchemaLock]]:
    """Whoever reads what others write: schemas beside those of other releases, and views beside those of owners."""
    yield from comparison.pairs()
    for name, view in comparison.now.views.items():
        if (owner := comparison.imported.get(name)) is not None:
            yield Release(f"the owner of `{name}`", {name: owner}, {}), owner, view


def lacking(comparison: Comparison, other: Release, now: SchemaLock, version: int, path: str) -> Witness | None:
    """A record with an object that lacks an attribute, as hosts that do not know it make one.

    Args:
        comparison: for the live schema.
        other: a release of such hosts.
        now: the schema in the new release.
        version: of the record.
        path: of the attribute.
    """
    live = comparison.declared.get(now.name)
    if not isinstance(live, Schema) or (line := _live_line(live, version)) is None or line.min_reader == version:
        return None
    lines = now.versions[version].shape
    try:
        shape = parsed_shape({each: text for each, text in lines.items() if not _within(each, path)})
        encode, read = _encoder(replace(line, shape=shape), mixed=not line.untagged), reader_of(live)
        found = (
            (tree, record, outcome(shape, tree, record, read))
            for tree in _trees(shape, path)
            for record in [encode(tree)]
        )
        tree, record, (misread, why) = next(each for each in found if each[2] != READ)
    except (SerdeError, StopIteration):
        return None
    return Witness(
        schema=now.name,
        version=version,
        direction="backward",
        other=other,
        record=record,
        written=tree,
        shape=shape,
        misread=misread,
        why=why,
    )


def searched(
    comparison: Comparison,
    other: Release,
    before: SchemaLock,
    now: SchemaLock,
    version: int,
    direction: Direction,
    path: str | None = None,
    *,
    alone: bool = True,
) -> Witness | None:
    """A record of a version that one of two releases writes and the other refuses or misreads.

    Args:
        comparison: for the live schema.
        other: the old release, and the schema in it as `before`.
        before: see `other`.
        now: the schema in the new release.
        version: of the record.
        direction: who reads.
        path: the attribute concerned; None for any record of the version.
        alone: whether that attribute alone must be the reason.
    """
    live = comparison.declared.get(now.name)
    live = live if isinstance(live, Schema) else None
    writer, reader = (now, before) if direction == "forward" else (before, now)
    try:
        line = (_live_line(live, version) if direction == "forward" else None) or line_of(writer, version)
        read = _old(reader) if direction == "forward" or live is None else reader_of(live)
        written = parsed_shape(writer.versions[version].shape)  # a line's own does not tell what is always written
        judge = read if path is None or not alone else _old(_differing_in(path, version, reader, writer))
    except (LockError, KeyError):
        return None
    encode = _encoder(line)
    for tree in _trees(written, path):
        try:
            record = encode(tree)
        except WriteError:
            continue  # the codec cannot carry it
        if outcome(written, tree, record, judge) == READ:
            continue
        misread, why = outcome(written, tree, record, read)
        return Witness(
            schema=now.name,
            version=version,
            direction=direction,
            other=other,
            record=record,
            written=tree,
            shape=written,
            misread=misread,
            why=why,
        )
    return None


def _differing_in(path: str, version: int, reader: SchemaLock, writer: SchemaLock) -> SchemaLock:
    """The reader's lock as if it were the writer's in all but one attribute, so that what it does is due to that one.

    Raises:
        KeyError: one of them does not have the version.
    """
    own, others = reader.versions[version], writer.versions[version]
    shape, fields = (
        {each: text for each, text in theirs.items() if not _within(each, path)}
        | {each: text for each, text in ours.items() if _within(each, path)}
        for ours, theirs in ((own.shape, others.shape), (own.fields, others.fields))
    )
    changed = replace(others, shape=shape, fields=fields)
    return replace(reader, writes=version, listed=(version,), versions={version: changed})


def _within(each: str, path: str) -> bool:
    return each == path or each.startswith((f"{path}.", f"{path}["))


def _trees(shape: Shape, path: str | None) -> Iterator[Tree]:
    paths = [path] if path is not None else ["", *(quoted(each.name) for each in shape.attributes)]
    try:
        for each in paths:
            yield from trees_about(shape, each)
    except LockError:
        return


def _encoder(line: Line, *, mixed: bool = False) -> Callable[[Tree], Packed]:
    codec, frame, coding = line.codec.payload(line.shape, DEFAULT_LIMITS), line.frame(mixed=mixed), line.coding

    def encode(tree: Tree) -> Packed:
        payload = codec.encode(tree)
        return frame(payload if coding is None else coding.compress(payload))

    return encode


def outcome(by: Shape, tree: Tree, record: Packed, read: Read) -> tuple[str | None, str]:
    """Which attribute is misread, or why the record is refused; or `READ`.

    Args:
        by: the writer's shape.
        tree: what it wrote.
        record: as what it wrote that.
        read: the reader.
    """
    try:
        values, as_ = read(record)
    except SerdeError as error:
        return None, str(error)
    return difference(tree, by, values, as_.shape), ""


def _old(lock: SchemaLock) -> Read:
    reader = OldReader(lock)

    def read(record: Packed) -> tuple[Tree, Line]:
        found = reader.read(record)
        return found.values, found.line

    return read


def reader_of(live: Schema[Any]) -> Read:
    """The reader of a live schema: its own verdict, and what the record holds in its own version."""
    lines = {line.number: line for line in live.lines}

    def read(record: Packed) -> tuple[Tree, Line]:
        headers: Mapping[str, str] | None = record.headers or None
        live.unpack(record.payload, headers)  # with its steps and its model, which may refuse
        origin, coded = live._compiled.reader.identify(record.payload, headers)  # noqa: SLF001  before steps convert it
        payload = live._compiled.reader.payload(origin, coded)  # noqa: SLF001
        line = lines[origin.line.number]
        return line.codec.payload(line.shape, DEFAULT_LIMITS).decode(payload), line

    return read


def _live_line(live: Schema[Any] | None, version: int) -> Line | None:
    return None if live is None else next((line for line in live.lines if line.number == version), None)
