"""Readers and writers of earlier releases, made of their locks alone: none of their code is imported.

A lock has no functions, so versions are not converted into each other: each is read as what its own records hold.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from versioned_serde import plugins
from versioned_serde.check.release import SchemaLock, VersionLock
from versioned_serde.errors import (
    DeclarationError,
    KeylessListWarning,
    LockError,
    SerdeError,
    TagError,
    UnreadableVersionError,
)
from versioned_serde.evolution.version import FRAMINGS, Version
from versioned_serde.lock.parsing import parsed_shape
from versioned_serde.protocols import Codec
from versioned_serde.schema import Schema
from versioned_serde.serializer.line import Line, Packed
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    Attribute,
    Default,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Shape,
    Type,
    UnionType,
)

_PROTOBUF = "protobuf"
_AVRO = "avro"


@dataclass(frozen=True, slots=True)
class OldValue:
    """What an earlier release makes of a record.

    Attributes:
        line: the version as which it was read.
        values: what is present, by wire names, typed Python values; enums as raw values, objects as dicts.
    """

    line: Line
    values: dict[str, Any]


class OldReader:
    """The reader of an earlier release.

    Args:
        lock: the schema as that release locked it.

    Raises:
        LockError: a version in the lock cannot be rebuilt: its codec is not installed, or not told by its name alone.
    """

    def __init__(self, lock: SchemaLock) -> None:
        self._lock = lock
        schemas = [schema_of(lock, number) for number in reversed(lock.listed)]
        # Whatever has no sign of its version could be anything, so it is asked last.
        self._schemas = sorted(schemas, key=lambda each: each.lines[0].framing == "bare")

    def read(self, packed: Packed) -> OldValue:
        """What the release makes of a record.

        Raises:
            ReadError: it refuses it.
        """
        refusal: TagError | UnreadableVersionError | None = None
        for schema in self._schemas:
            line = schema.lines[0]
            if line.number < self._lock.newest and not _own(schema, packed):
                continue
            try:
                value = schema.unpack(packed.payload, packed.headers or None)
                if not isinstance(value, dict):  # a message; its tree has the same attributes
                    tree = schema._compiled.reader.read(packed.payload, packed.headers or None)[1]  # noqa: SLF001
                    value = {name: tree[name] for name in line.shape.names if name in tree}
                return OldValue(line, value)
            except (TagError, UnreadableVersionError) as error:
                error.known_versions = self._lock.listed
                refusal = refusal or error
        assert refusal is not None  # the newest one is always asked
        raise refusal


def _own(schema: Schema[Any], packed: Packed) -> bool:
    """Whether a record is of the one version of a schema, and not of a newer one that it might read as well."""
    try:
        return schema.identify(packed.payload, packed.headers or None).version == schema.versions[0]
    except (TagError, UnreadableVersionError):
        return False


def schema_of(lock: SchemaLock, number: int) -> Schema[Any]:
    """One version of a schema, as a release locked it, whose values are dicts by wire names, or messages.

    Args:
        lock: the schema in a lock.
        number: of a version in it.

    Raises:
        LockError: see `OldReader`.
    """
    version = lock.versions[number]
    form = version.form
    try:
        codec, model = _told_codec(version)
        declared = Version(
            number,
            codec=codec,
            coding=form["coding"],
            framing=form["framing"] if form["framing"] in FRAMINGS else _sign(form["framing"]),
            checksum=form["checksum"],
            min_reader=version.min_reader,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", KeylessListWarning)  # nothing is edited here
            return Schema(lock.name, model, declared)
    except SerdeError as error:
        raise LockError(f"Version {number} of `{lock.name}` cannot be rebuilt from its lock: {error}") from error


def line_of(lock: SchemaLock, number: int) -> Line:
    """The same as a line, which makes records. Raises like `schema_of`."""
    return schema_of(lock, number).lines[0]


def _told(shape: Shape, codec: str) -> Shape:
    """The shape as plain dicts can have it: what a default would be computed as is not in a lock."""
    return replace(
        shape,
        attributes=tuple(
            replace(each, type=_told_type(each.type, codec), default=_told_default(each, codec))
            for each in shape.attributes
        ),
    )


def _told_default(attribute: Attribute, codec: str) -> Default:
    if attribute.default is not FACTORY:
        return attribute.default
    # Who writes such an attribute writes it always; and only for those does a field that is not there mean empty.
    inner = attribute.type.inner if isinstance(attribute.type, NullableType) else attribute.type
    return REQUIRED if codec == _PROTOBUF and not isinstance(inner, ObjectType | RecursiveType) else ABSENT


def _told_type(type_: Type, codec: str) -> Type:
    match type_:
        case ObjectType(shape=shape):
            return ObjectType(_told(shape, codec))
        case NullableType(inner=inner):
            return NullableType(_told_type(inner, codec))
        case ListType(item=item):
            return replace(type_, item=_told_type(item, codec))
        case MapType(value=value):
            return MapType(_told_type(value, codec))
        case UnionType(arms=arms):
            # An arm may stand under several tags and is still one object type.
            done: dict[int, Any] = {id(arm): _told_type(arm, codec) for _, arm in arms}
            return replace(type_, arms=tuple((tag, done[id(arm)]) for tag, arm in arms))
        case _:
            return type_


def _told_codec(version: VersionLock) -> tuple[Codec, Any]:
    """As `_codec`, for a shape that the codec takes."""
    shape, name = parsed_shape(version.shape), version.form["codec"]
    found = _codec(version, _told(shape, name))
    if name != _AVRO or not version.fields:
        return found
    try:
        found[0].check(_told(shape, name))
    except DeclarationError:  # a field of a given schema that cannot say that its attribute is absent
        return _codec(version, _told(shape, _PROTOBUF))
    return found


def _codec(version: VersionLock, shape: Shape) -> tuple[Codec, Any]:
    """The codec, and the model whose values it carries."""
    name: str = version.form["codec"]
    if name == _PROTOBUF:
        made: tuple[Codec, Any] = import_module("versioned_serde.check.old_messages").old_messages(
            shape, version.fields
        )
        return made
    if name == _AVRO and version.fields:
        return import_module("versioned_serde.check.old_avro").old_avro(shape, version.fields), shape
    if version.fields:
        raise LockError(f"The codec `{name}` has a schema of its own, of which the lock does not say all.")
    found = plugins.codec(name)
    if found.id != version.form["codec_id"]:
        raise LockError(f"The codec `{name}` is another one than the lock means.")
    return found, shape


@dataclass(frozen=True)
class _Sign:
    """A framing of another system, by what it writes."""

    name: str
    prefix: bytes
    headers: Mapping[str, str]

    def open(self, data: bytes, headers: Mapping[str, str] | None) -> bytes | None:
        beside = all((headers or {}).get(name) == value for name, value in self.headers.items())
        return data[len(self.prefix) :] if beside and data.startswith(self.prefix) else None


def _sign(text: str) -> _Sign:
    """As `description` writes it: name, prefix in hexadecimal if there is one, headers."""
    name, *rest = text.split(", ")
    prefix = bytes.fromhex(rest.pop(0)) if rest and ": " not in rest[0] else b""
    headers = dict(each.split(": ", 1) for each in rest)
    return _Sign(name, prefix, headers)
