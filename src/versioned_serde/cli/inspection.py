"""What can be said of one record: the facts that `serde-inspect` prints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rich.pretty import pretty_repr

from versioned_serde import plugins
from versioned_serde.cli.guess import looks_like
from versioned_serde.envelope.binary import open_
from versioned_serde.envelope.headers import from_headers
from versioned_serde.envelope.recognize import Recognized, recognize
from versioned_serde.envelope.tag import Tag
from versioned_serde.errors import ChecksumError, DeclarationError, SerdeError, TagError
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.registry import Registry
from versioned_serde.tree import Raw, Typed

CODECS: Final = {1: "json", 2: "msgpack", 3: "protobuf", 4: "xml", 5: "avro", 6: "cbor"}
"""Assigned codec ids, `docs/spec/envelope-v1.md`."""
CODINGS: Final = {0: "none", 1: "gzip", 2: "zstd", 3: "lz4"}
"""Assigned coding ids, likewise."""

_CHECKSUM_FLAG: Final = 2
_LONGEST_VALUE: Final = 20_000
"""Characters of a value that are shown."""
_MOST_UNKNOWN: Final = 50
"""Unknown attributes that are shown."""


@dataclass(frozen=True, slots=True)
class Id:
    """An id of a tag, with its name, if it is assigned, or what it is instead."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TagFacts:
    """What a tag says.

    Attributes:
        framing: `envelope`, `inline` or `headers`.
        schema: name, where the tag or the registry gives it.
        schema_id: 8 hexadecimal digits.
        version: of the record.
        min_reader: lowest version whose readers can read it.
        flags: those that are set.
        codec: id of the codec.
        coding: id of the coding.
        checksum: `good`, `bad` or `none`. Where it is bad, nothing here is certain.
        extensions: type -> value in hexadecimal.
        tag_bytes: size of the tag, or None where it is not one piece.
        payload_bytes: size of the payload as it is in the record.
        inflated_bytes: its size without its coding, or None if it was not inflated.
        inflation: why it was not, or empty.
    """

    framing: str
    schema: str | None
    schema_id: str
    version: int
    min_reader: int
    flags: tuple[str, ...]
    codec: Id
    coding: Id
    checksum: str
    extensions: dict[int, str]
    tag_bytes: int | None
    payload_bytes: int
    inflated_bytes: int | None
    inflation: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An attribute that the registry does not understand.

    Attributes:
        path: where it is.
        held: its codec's name, or `value` where a step knows its type.
        data: the codec's bytes, or the value as Python shows it.
    """

    path: str
    held: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What a registry makes of the record.

    Attributes:
        schema: name of the schema tried, or None.
        versions: those that it lists.
        version: the record's version, or None if it cannot be read.
        why_not: why the record cannot be read; empty if it can.
        value: the value as Python shows it, at most 20,000 characters; empty if it cannot be read.
        unknown: what is not understood, at most 50.
        more_unknown: how many more there are.
    """

    schema: str | None
    versions: tuple[int, ...] = ()
    version: int | None = None
    why_not: str = ""
    value: str = ""
    unknown: tuple[Unknown, ...] = ()
    more_unknown: int = 0


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that was found.

    Attributes:
        data: the bytes looked at.
        complete: False if the record is larger than the bound and was not read to its end.
        problem: what is wrong with the record; empty if nothing is known to be.
        reason: the specification's word for it.
        tag: what the tag says, or seems to say.
        guess: what a record without a tag looks like.
        reading: what the registry makes of it, if one was given.
    """

    data: bytes = field(repr=False)
    complete: bool
    problem: str = ""
    reason: str = ""
    tag: TagFacts | None = None
    guess: str = ""
    reading: Reading | None = None

    @property
    def understood(self) -> bool:
        """Whether nothing is left to ask: the record is sound and, if a registry was given, readable."""
        if self.reading is not None:
            return not self.reading.why_not
        return self.tag is not None and not self.problem


def inspect(
    data: bytes,
    headers: Mapping[str, str] | None = None,
    registry: Registry | None = None,
    schema: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Inspection:
    """Finds out what a record is. Raises nothing, whatever the bytes are.

    Args:
        data: the record; one byte more than `limits.max_bytes` says that it is larger.
        headers: what stands beside it.
        registry: reads it.
        schema: name of the schema to read it with; needed for a record without a tag.
        limits: bounds; a registry's schemas have their own.
    """
    if len(data) > limits.max_bytes:
        return Inspection(
            data,
            complete=False,
            problem=f"It is larger than the bound of {limits.max_bytes} bytes for a record.",
            reason="too-large",
            guess=looks_like(data[:4096]),
        )
    framings = frozenset({"envelope", "inline", "bare"} | ({"headers"} if headers else set()))
    problem, reason, tag, guess = "", "", None, ""
    try:
        found = recognize(framings, data, headers, limits)
    except SerdeError as error:
        problem, reason = str(error), error.reason if isinstance(error, TagError) else ""
        suspected = _unverified(data, headers, limits) if isinstance(error, ChecksumError) else None
        if suspected is not None:
            tag, _ = _facts(suspected, data, "bad", registry, limits)
    else:
        if found.tag is None:
            problem, reason = "It has no tag.", "no-tag"
        else:
            tag, problem = _facts(found, data, "good" if found.tag.checksum else "none", registry, limits)
    if tag is None:
        guess = looks_like(data)
    name = schema or (tag.schema if tag else None)
    reading = None if registry is None else _read(registry, name, tag, data, headers)
    if reason == "no-tag" and reading is not None and reading.version is not None:
        problem = reason = guess = ""  # a bare record is as it should be
    return Inspection(data, True, problem, reason, tag, guess, reading)


def _unverified(data: bytes, headers: Mapping[str, str] | None, limits: Limits) -> Recognized | None:
    """The tag of a record whose checksum is wrong, as if it had none."""
    beside = {name: re.sub(r';crc32="[^"]*"$', "", value) for name, value in (headers or {}).items()}
    try:
        if (tagged := from_headers(beside, data)) is not None:
            return Recognized("headers", *tagged, data)
        unflagged = data[:2] + bytes((data[2] & ~_CHECKSUM_FLAG,)) + data[3:-4]
        return Recognized("envelope", None, *open_(unflagged, limits))
    except SerdeError:
        return None


def _facts(
    found: Recognized, data: bytes, checksum: str, registry: Registry | None, limits: Limits
) -> tuple[TagFacts, str]:
    """What the tag says, and what is wrong with the payload, or nothing."""
    tag: Tag | None = found.tag
    assert tag is not None
    known = registry.schema_by_id(tag.schema_id) if registry else None
    inflated, inflation, faulty = _inflate(tag.coding, found.payload, limits)
    checksum_bytes = 0 if checksum == "none" else 4
    flags = {"mixed": tag.mixed, "checksum": checksum != "none", "extensions": bool(tag.extensions)}
    facts = TagFacts(
        str(found.framing),
        found.schema or (known.name if known else None),
        tag.schema_id.hex(),
        tag.version,
        tag.min_reader,
        tuple(flag for flag, is_set in flags.items() if is_set),
        _named(tag.codec, CODECS),
        _named(tag.coding, CODINGS),
        checksum,
        {type_: value.hex() for type_, value in tag.extensions},
        len(data) - len(found.payload) - checksum_bytes if found.framing == "envelope" else None,
        len(found.payload),
        inflated,
        inflation,
    )
    return facts, inflation if faulty else ""


def _named(id_: int, names: Mapping[int, str]) -> Id:
    return Id(id_, names.get(id_, "private" if id_ >= 128 else "not assigned"))


def _inflate(id_: int, payload: bytes, limits: Limits) -> tuple[int | None, str, bool]:
    """Size of the inflated payload, or None, why there is none, and whether that is the record's fault."""
    if id_ not in CODINGS:
        return None, "the coding is not known here", False
    try:
        coding = plugins.coding(CODINGS[id_])
    except DeclarationError as error:
        return None, str(error), False
    try:
        return len(payload if coding is None else coding.inflate(payload, limits)), "", False
    except SerdeError as error:
        return None, str(error), True


def _read(
    registry: Registry, name: str | None, tag: TagFacts | None, data: bytes, headers: Mapping[str, str] | None
) -> Reading:
    if name is None:
        if tag is None:
            return Reading(None, why_not="Nothing says of which schema it is; name one with --schema.")
        return Reading(None, why_not=f"The registry has no schema with the id {tag.schema_id}.")
    schema = next((schema for schema in registry.schemas if schema.name == name), None)
    if schema is None:
        return Reading(name, why_not=f"The registry has no schema `{name}`.")
    try:
        document = schema.read(data, headers)
        unknown = list(document.unknown.items())
        value = pretty_repr(document.value, max_width=100, max_length=200, max_string=2_000)
    except SerdeError as error:
        return Reading(name, schema.versions, why_not=str(error))
    except Exception as error:  # noqa: BLE001 - the service's own code runs here: models, steps, default factories
        return Reading(name, schema.versions, why_not=f"The service's own code failed with {type(error).__name__}.")
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}... {len(value) - _LONGEST_VALUE} characters more"
    shown = tuple(_unknown(path, held) for path, held in unknown[:_MOST_UNKNOWN])
    return Reading(name, schema.versions, document.version, "", value, shown, len(unknown) - len(shown))


def _unknown(path: str, held: Raw | Typed) -> Unknown:
    if isinstance(held, Raw):
        return Unknown(path, held.codec, held.data)
    shown: Any = pretty_repr(held.value, max_length=20, max_string=200)
    return Unknown(path, "value", shown.encode(errors="backslashreplace"))
