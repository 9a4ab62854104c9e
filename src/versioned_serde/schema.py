"""`Schema`: what a service declares, and the verbs that read and write."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Generic, Literal, TypeVar, overload

from versioned_serde.compiled import Compiled, compiled
from versioned_serde.declaration import check_keys, check_lines, check_presence, check_writes, resolve, warn_of_keyless
from versioned_serde.describing import Describer
from versioned_serde.direct.batches import batch
from versioned_serde.envelope.tag import schema_id
from versioned_serde.errors import PayloadError, SerdeError, UnwritableValueError
from versioned_serde.evolution.erasure import eraser
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.evolution.version import Version
from versioned_serde.levels import too_deep, unwritably_deep
from versioned_serde.limits import DEFAULT_LIMITS, Limits
from versioned_serde.native import Decoder
from versioned_serde.protocols import Codec, ValueCodec
from versioned_serde.serializer.counters import Count, Counters
from versioned_serde.serializer.document import Document
from versioned_serde.serializer.instances import Presence
from versioned_serde.serializer.line import Line, Packed
from versioned_serde.serializer.reader import Origin
from versioned_serde.shape import Type
from versioned_serde.tree import Raw, holds_undeclared, same
from versioned_serde.view import no_new_record, refuse_to_erase

T = TypeVar("T")
R = TypeVar("R")
_log = logging.getLogger(__name__)


class Schema(Generic[T]):
    """A named family of payloads: its newest model and its versions.

    Every listed version is readable; one is written. A release that lists a new version and keeps `writes` prepares
    it; one that raises `writes` activates it; one that takes the oldest line out retires it.

    Args:
        name: 1 to 200 ASCII letters, digits, `.`, `-`, `_`; it is on the wire, so it never changes.
        model: the newest model, the only class that lives in the code: a pydantic model, a dataclass, a msgspec
            Struct, a protobuf message, a TypedDict or a `Shape`.
        versions: what each version changed, ascending.
        writes: the version of new records; may be left out where only one version is listed.
        keys: path of a list of objects (`"lines"`, `"lines.parts"`) -> the attribute that identifies an element.
        reserved: paths of attributes that versions before the first listed one used; they are never used again.
        limits: bounds on what is read.
        presence: which attributes a new record holds: `explicit`, those that were set; or `all`, those with a constant
            default as well, so that consumers that know no defaults see every value. An edit adds none.
        trusted: a promise: instances that are written hold values of exactly the declared types, and nothing else. A
            library's own encoder may then be used as it is, and a value that breaks the promise may become a record
            that nobody can read. See `docs/how-to/trust-your-types.md`; it is for profiled hot loops.
        view: the schema is another team's, and the model a part of it: what this service reads and edits. It makes no
            new records and has no `writes`; an edit leaves a record in its version. See `docs/how-to/across-teams.md`.

    Attributes:
        name: the schema's name.
        model: the newest model.
        writes: the version of new records.
        lines: the listed versions, resolved.
        declared: the same as they were declared; `keys`, `reserved`, `trusted` and `view` as well.
        lineage: the listed versions bound to each other, for tools.

    Raises:
        DeclarationError: the declaration cannot be right.

    Warns:
        KeylessListWarning: a list of objects has no key.
    """

    @overload
    def __init__(
        self,
        name: str,
        model: type[T],
        *versions: Version,
        writes: int | None = None,
        keys: Mapping[str, str] | None = None,
        reserved: Collection[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        presence: Presence = "explicit",
        trusted: bool = False,
        view: bool = False,
    ) -> None: ...
    @overload
    def __init__(
        self: Schema[dict[str, Any]],
        name: str,
        model: Any,
        *versions: Version,
        writes: int | None = None,
        keys: Mapping[str, str] | None = None,
        reserved: Collection[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        presence: Presence = "explicit",
        trusted: bool = False,
        view: bool = False,
    ) -> None: ...
    def __init__(
        self,
        name: str,
        model: Any,
        *versions: Version,
        writes: int | None = None,
        keys: Mapping[str, str] | None = None,
        reserved: Collection[str] = (),
        limits: Limits = DEFAULT_LIMITS,
        presence: Presence = "explicit",
        trusted: bool = False,
        view: bool = False,
    ) -> None:
        self.name = name
        self.model = model
        self.declared: tuple[Version, ...] = versions
        self.keys: Mapping[str, str] = dict(keys or {})
        self.reserved: tuple[str, ...] = tuple(sorted(reserved))
        self._limits = limits
        self.trusted = trusted
        self.view = view
        self._codecs: dict[str, Codec] = {}
        self._values: dict[tuple[str, int], ValueCodec] = {}
        try:
            check_lines(name, versions, view=view)
            describer = Describer()
            shape = describer.shape(model)
            steps = [version.steps for version in versions]
            self.lineage: Lineage = Lineage(versions[0].number, shape, steps, describer, self._decode)
            lineage = self.lineage
            self.lines: tuple[Line, ...] = tuple(resolve(name, versions, lineage, describer, reserved, view=view))
            self.writes: int = check_writes(self.lines, writes, view=view)
            keyless = check_keys(shape, self.keys)
            check_presence(presence)
        except SerdeError as error:
            raise error.located(schema=name) from error.__cause__
        warn_of_keyless(name, keyless)
        self._shape = shape
        self._erase = refuse_to_erase if view else eraser(shape, reserved, versions[0].number)
        self._codecs = {line.codec.name: line.codec for line in self.lines}
        self._counters = Counters(name, self.versions)
        self._told_of_loss = False
        self._compiled = Compiled(
            shape,
            self.lines,
            self.writes,
            lineage,
            describer,
            self._decode,
            limits,
            presence,
            self._counters,
            trusted=trusted,
            view=view,
        )

    def __repr__(self) -> str:
        return f"Schema({self.name!r}, versions={list(self.versions)}, writes={self.writes})"

    @property
    def versions(self) -> tuple[int, ...]:
        """The listed versions, ascending: those that this process reads."""
        return tuple(line.number for line in self.lines)

    @property
    def id(self) -> bytes:
        """The 4 bytes that stand for the name in an envelope."""
        return schema_id(self.name)

    def counts(self) -> Iterator[Count]:
        """How many records were read, written, refused, ... since start, by version; for exporters."""
        return self._counters.counts()

    def write_versions(self) -> Iterator[tuple[str, int]]:
        """The schema's name and write version, which a view has none of; for exporters."""
        if not self.view:
            yield self.name, self.writes

    # New values -----------------------------------------------------------------------------------------------------

    def _dumps_at_once(self) -> Callable[[T], bytes] | None:
        return self._compiled.dumps(lambda value: self._packed_by_tree(value).payload)

    @compiled(_dumps_at_once)
    def dumps(self, value: T) -> bytes:
        """A new record in the write version.

        Raises:
            UnwritableValueError: the value does not fit the model, the version or the codec.
            ConversionError: a step failed on the way down to the write version.
        """
        return self._alone(self.pack(value), "dumps", "pack")

    def pack(self, value: T) -> Packed:
        """A new record in the write version, as payload and headers, for any framing. Raises like `dumps`."""
        pack = self._compiled.pack
        packed = None if pack is None else pack(value)
        return self._packed_by_tree(value) if packed is None else packed

    def _packed_by_tree(self, value: T) -> Packed:
        try:
            if self.view:
                raise no_new_record()
            tree = self._compiled.dump_new(value, None)
        except SerdeError as error:
            raise error.located(schema=self.name, version=self.writes) from error.__cause__
        return self._compiled.writer.new(tree, self.writes)

    def dumps_many(self, values: Iterable[T | None]) -> list[bytes | None]:
        """`dumps` of each; None stays None. Raises at the first that fails, with its index in the path."""
        return batch(self.dumps, values)

    # To look at -----------------------------------------------------------------------------------------------------

    def _loads_at_once(self) -> Callable[[bytes], T] | None:
        # A subclass sees each record in its own `unpack`.
        return self._compiled.loads(self._loads_otherwise) if type(self).unpack is Schema.unpack else None

    @compiled(_loads_at_once)
    def loads(self, data: bytes) -> T:
        """The value of a record of any listed version, or of a newer one that this process may read.

        What the process does not understand is dropped, unless the model carries it itself; to change a record, use
        `read`.

        Raises:
            ReadError: it was not read; the caller must not overwrite it.
        """
        return self.unpack(data, None)

    def unpack(self, payload: bytes, headers: Mapping[str, str] | None) -> T:
        """The same for a record with headers."""
        origin, coded = self._compiled.reader.identify(payload, headers)
        return self._value(origin, coded, self._compiled.decoders.get(origin.version))

    def _loads_otherwise(self, data: bytes) -> T:
        """What the decoder of the newest version left: a record of another one, or an unusual one."""
        origin, coded = self._compiled.reader.identify(data, None)
        newest = self.lines[-1].number
        return self._value(
            origin, coded, None if origin.version == newest else self._compiled.decoders.get(origin.version)
        )

    def _value(self, origin: Origin, coded: bytes, decoder: Decoder | None) -> T:
        payload = self._compiled.reader.payload(origin, coded)
        if decoder is not None and (origin.tag is None or not origin.tag.mixed):
            direct: T | None = decoder.decode(payload)
            if direct is not None:
                self._compiled.reader.accept(origin)
                return direct
        tree = self._compiled.reader.tree(origin, payload)
        value: T = self._accepted(origin, lambda: self._compiled.build(tree))
        if not self._compiled.carries_unknown and origin.retaining and holds_undeclared(tree):
            self._compiled.reader.drop(origin)
            if not self._told_of_loss:
                self._told_of_loss = True
                _log.info(
                    "%s: `loads` drops attributes that this release does not know, here of version %s. To change"
                    " records and write them back, use `read` and `write`. This is said once.",
                    self.name,
                    origin.version,
                )
        return value

    @overload
    def loads_many(self, records: Iterable[bytes | None]) -> list[T | None]: ...
    @overload
    def loads_many(self, records: Iterable[bytes | None], *, errors: Literal["raise"]) -> list[T | None]: ...
    @overload
    def loads_many(
        self, records: Iterable[bytes | None], *, errors: Literal["collect"]
    ) -> list[T | SerdeError | None]: ...
    def loads_many(
        self, records: Iterable[bytes | None], *, errors: Literal["raise", "collect"] = "raise"
    ) -> list[Any]:
        """`loads` of each; None stays None.

        Args:
            records: the records.
            errors: `raise` at the first that fails, with its index in the path; or `collect`: the error stands in the
                result in the place of the value.
        """
        return batch(self.loads, records, errors)

    # To change ------------------------------------------------------------------------------------------------------

    def read(self, data: bytes, headers: Mapping[str, str] | None = None) -> Document[T]:
        """A record to be edited: `read`, `Document.edit` or `Document.set`, `write`.

        Raises:
            ReadError: it was not read; the caller must not overwrite it.
        """
        origin, tree = self._compiled.reader.read(data, headers)
        return self._accepted(
            origin,
            lambda: Document(
                origin, tree, self._shape, self._compiled.build, self._compiled.dump, self.keys, self._erase
            ),
        )

    def write(self, document: Document[T]) -> bytes:
        """The edited record, with everything in it that this process did not understand.

        An edit writes the record's own version or the write version, whichever is newer: only a backfill lowers one.

        Raises:
            AmbiguousEditError: an edited list from which it cannot be told where unknown attributes go.
            UnwritableValueError: the value does not fit the model, the version or the codec.
            ConversionError: a step failed on the way down to the version written.
        """
        return self._alone(self.write_packed(document), "write", "write_packed")

    def write_packed(self, document: Document[T]) -> Packed:
        """The edited record as payload and headers, for any framing. Raises like `write`."""
        version = max(document.version, self.writes)
        try:
            tree = document.edited()
        except RecursionError:
            raise unwritably_deep().located(schema=self.name, version=version) from None
        except SerdeError as error:
            raise error.located(schema=self.name, version=version) from error.__cause__
        return self._compiled.writer.edited(tree, version)

    def write_as(self, document: Document[T], version: int) -> Packed:
        """The record as it was read, in a listed version or its own: for a backfill, which alone may lower one.

        Raises:
            UnwritableValueError: the version is not listed, or the codec does not carry the record.
            ConversionError: as for `write`.
        """
        if version not in (*self.versions, document.version):
            raise UnwritableValueError("The version is not listed.").located(schema=self.name, version=version)
        return self._compiled.writer.edited(document.retained, version)

    def holds(self, packed: Packed, document: Document[T]) -> bool:
        """Whether a record holds what a document does, and in the same form; not the same form need not be a loss."""
        return same(self._compiled.reader.read(*packed)[1], document.retained)

    def identify(self, data: bytes, headers: Mapping[str, str] | None = None) -> Origin:
        """What a record is, without decoding it.

        Raises:
            ReadError: this process may not read it.
        """
        return self._compiled.reader.identify(data, headers)[0]

    def _alone(self, packed: Packed, verb: str, other: str) -> bytes:
        if packed.headers:
            raise UnwritableValueError(
                f"The tag of this version travels in headers, and `{verb}` has none to return.",
                hint=f"Use `{other}`, and store or send both parts.",
            ).located(schema=self.name, version=self.writes)
        return packed.payload

    def _accepted(self, origin: Origin, made: Callable[[], R]) -> R:
        """Makes a value of what was read, and counts which of the two it was: read, or refused by the model."""
        try:
            result = made()
        except RecursionError:
            self._compiled.reader.refuse(origin)
            raise too_deep(self._limits).located(schema=self.name, version=origin.version) from None
        except SerdeError as error:
            self._compiled.reader.refuse(origin)
            raise error.located(schema=self.name, version=origin.version) from error.__cause__
        self._compiled.reader.accept(origin)
        return result

    def _decode(self, type_: Type, raw: Raw) -> Any:
        """A raw value as one of a type, by the codec that it came in, if that is one of this schema's."""
        codec = self._codecs.get(raw.codec)
        if codec is None:
            raise PayloadError(
                f"A value is kept in the codec `{raw.codec[:40]}`, which no listed version of this schema uses."
            )
        value = self._values.get((raw.codec, id(type_)))
        if value is None:
            # Types live as long as the schema's shapes do, so their ids stay theirs.
            value = self._values[raw.codec, id(type_)] = codec.value(type_, self._limits)
        return value.decode(raw)
