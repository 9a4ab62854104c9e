"""Records and values as releases of other versions see them, for a service's own tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from versioned_serde.errors import DeclarationError, SerdeError, UnwritableValueError
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Line, Packed
from versioned_serde.shape import AnyType
from versioned_serde.testing.trees import plain
from versioned_serde.testing.values import line_of
from versioned_serde.tree import Tree, Typed

T = TypeVar("T")


def from_version(schema: Schema[T], version: int, values: Mapping[str, Any]) -> T:
    """What this release makes of a record that a release of a listed version wrote.

    Args:
        schema: the schema.
        version: the record's version.
        values: what was written: the attributes by the wire names that they had, with typed Python values (`Decimal`,
            `datetime`, ...), enums as raw values, objects as dicts.

    Raises:
        DeclarationError: the version is not listed.
        UnwritableValueError: the values are not of the version's shape.
        ReadError: this release cannot read such a record.
    """
    line = line_of(schema, version)
    return schema.unpack(*packed_as(schema, line, dict(values)))


def as_version(schema: Schema[T], version: int, value: T) -> dict[str, Any]:
    """What a release of a listed version makes of a value that this release wrote, as a dict by its wire names.

    Raises:
        DeclarationError: the version is not listed.
        WriteError: the value cannot be written in that version.
    """
    line = line_of(schema, version)
    codec = line.codec.payload(line.shape, schema._limits)  # noqa: SLF001  as the schema compiles it
    try:
        tree = schema._compiled.dump(value, None)  # noqa: SLF001  through bytes, and past the counters of the service
        schema.lineage.down(tree, version)
        return plain(codec.decode(codec.encode(tree)), line.shape)
    except SerdeError as error:
        raise error.located(schema=schema.name, version=version) from error.__cause__


def from_newer(schema: Schema[T], value: T, **unknown: Any) -> bytes:
    """A record as a release with one version more would write it, where that has attributes more.

    Args:
        schema: the schema.
        value: of the newest model.
        unknown: the attributes that this release does not know, JSON-like.

    Raises:
        DeclarationError: the newest version's codec does not keep what it does not know.
        UnwritableValueError: an attribute is known, or the tag of the newest version travels in headers.
    """
    packed = newer_packed(schema, value, unknown)
    if packed.headers:
        raise UnwritableValueError(
            "The tag of this version travels in headers.", hint="Use `newer_packed`, and read both parts."
        ).located(schema=schema.name)
    return packed.payload


def newer_packed(schema: Schema[T], value: T, unknown: Mapping[str, Any]) -> Packed:
    """`from_newer` as payload and headers, for any framing."""
    newest = schema.lines[-1]
    if not newest.codec.retains_unknown:
        raise DeclarationError(
            f"The codec `{newest.codec.name}` does not keep unknown attributes, so every newer version is one that"
            " this release refuses.",
        ).located(schema=schema.name, version=newest.number)
    tree: Tree = schema._compiled.dump(value, None)  # noqa: SLF001  past the counters of the service
    for name, item in unknown.items():
        if newest.shape.get(name) is not None:
            raise UnwritableValueError("This release knows the attribute.", hint="Use another name.").inside(name)
        tree[name] = Typed(AnyType(), item)
    return packed_as(schema, newest, tree, newest.number + 1)


def packed_as(schema: Schema[Any], line: Line, tree: Tree, number: int | None = None) -> Packed:
    """A tree of a version's shape as a record of the version, or of the number given."""
    try:
        payload = line.codec.payload(line.shape, schema._limits).encode(tree)  # noqa: SLF001
        coded = payload if line.coding is None else line.coding.compress(payload)
        if number is not None:
            line = replace(line, number=number)
        return line.frame(mixed=False)(coded)
    except SerdeError as error:
        raise error.located(schema=schema.name, version=line.number) from error.__cause__
