"""Laws that hold for any schema and any of its values, as checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from versioned_serde.errors import ReadError
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Packed

T = TypeVar("T")


def round_trip(schema: Schema[T], value: T) -> T:
    """L1: a value that is written is read again, and is written as the same bytes.

    Equal bytes show what `==` of the model may not look at, such as presence.

    Returns:
        What was read.

    Raises:
        AssertionError: the law does not hold.
    """
    packed = schema.pack(value)
    read = schema.unpack(*packed)
    assert read == value, f"{schema.name} reads another value than it wrote in version {schema.writes}"
    assert schema.pack(read) == packed, f"{schema.name} writes what it read as other bytes in version {schema.writes}"
    document = schema.read(*packed)
    assert document.value == value, f"{schema.name} shows an editor another value in version {schema.writes}"
    assert schema.write_packed(document) == packed, f"{schema.name} changes a record that nobody edited"
    return read


def refusal(schema: Schema[Any], payload: bytes, headers: Mapping[str, str] | None = None) -> ReadError | None:
    """L5: any bytes give a value or a `ReadError`, never another error.

    Returns:
        The error, or None if there is a value.
    """
    found: ReadError | None = None
    for read in (schema.unpack, schema.read):
        try:
            read(payload, headers)
        except ReadError as error:
            found = error
        else:
            assert found is None, f"{schema.name} reads with one verb what it refuses with another"
    return found


def as_version(schema: Schema[T], version: int, value: T) -> Packed:
    """A value as a record of any listed version, as a backfill that goes back would write it.

    Raises:
        WriteError: as `Schema.pack`.
    """
    # The declared write version is what a service writes; a law is about every listed one.
    return schema._compiled.writer.new(schema._compiled.dump(value, None), version)  # noqa: SLF001


def lowered(schema: Schema[Any], version: int, packed: Packed) -> Packed:
    """A record brought to any listed version, with everything in it.

    Raises:
        ReadError: the record is not read.
        WriteError: as `Schema.write`.
    """
    return schema._compiled.writer.edited(schema.read(*packed).edited(), version)  # noqa: SLF001
