"""What a schema reads and writes with. Each part is made when it is first needed: see ADR 28."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MethodType
from typing import Any, Generic, TypeVar, cast

from versioned_serde.describing import Describer
from versioned_serde.direct.reading import direct_decoders
from versioned_serde.direct.wrapped import wrapped_encoder
from versioned_serde.direct.writing import direct_encoder
from versioned_serde.evolution.binding import Decode
from versioned_serde.evolution.lineage import Lineage
from versioned_serde.limits import Limits
from versioned_serde.native import Decoder, Encoder
from versioned_serde.serializer.counters import Counters
from versioned_serde.serializer.instances import Instances, Presence
from versioned_serde.serializer.line import Line
from versioned_serde.serializer.reader import Reader
from versioned_serde.serializer.values import Build, Dump
from versioned_serde.serializer.writer import AtOnce, Writer
from versioned_serde.shape import AnyType, ObjectType, Shape

C = TypeVar("C")
F = TypeVar("F", bound=Callable[..., Any])
S = TypeVar("S")
_ANY = AnyType()


class Compiled:
    """The parts of one schema that run for each record.

    Args:
        shape: of the newest model.
        lines: the listed versions, ascending.
        writes: the version of new records.
        lineage: the ways between the versions.
        describer: that described the model.
        decode: see `Decode`.
        limits: the schema's bounds.
        presence: which attributes a new record holds.
        counters: the schema's cells.
        trusted: whether values are promised to be of the declared types.
        view: whether no new records are made.
    """

    def __init__(
        self,
        shape: Shape,
        lines: Sequence[Line],
        writes: int,
        lineage: Lineage,
        describer: Describer,
        decode: Decode,
        limits: Limits,
        presence: Presence,
        counters: Counters,
        *,
        trusted: bool,
        view: bool,
    ) -> None:
        self._shape = shape
        self._lines = lines
        self._line = lines[writes - lines[0].number]
        self._lineage = lineage
        self._kind_of = describer.kind_of
        self._decode = decode
        self._limits = limits
        self._presence: Presence = presence
        self._counters = counters
        self._trusted = trusted
        self._view = view

    @cached_property
    def _instances(self) -> Instances:
        return Instances(self._kind_of, lambda raw: self._decode(_ANY, raw), limits=self._limits)

    @cached_property
    def dump(self) -> Dump:
        """Value -> tree, of what was read."""
        return _required(self._instances.dump(ObjectType(self._shape)))

    @cached_property
    def dump_new(self) -> Dump:
        """Value -> tree, of what is new: with what `presence` asks for."""
        new = Instances(
            self._kind_of, lambda raw: self._decode(_ANY, raw), presence=self._presence, limits=self._limits
        )
        return _required(new.dump(ObjectType(self._shape)))

    @cached_property
    def build(self) -> Build:
        """Tree -> value."""
        return _required(self._instances.build(ObjectType(self._shape)))

    @cached_property
    def carries_unknown(self) -> bool:
        """Whether the model itself keeps what it does not declare."""
        return self._instances.carries_unknown(self._shape)

    @cached_property
    def reader(self) -> Reader:
        """Record -> tree."""
        return Reader(self._lines, self._lineage, self._limits, self._counters)

    @cached_property
    def writer(self) -> Writer:
        """Tree -> record."""
        return Writer(self._lines, self._lineage, self._limits, self._counters, carries_unknown=self.carries_unknown)

    @cached_property
    def encoder(self) -> Encoder | None:
        """New value -> payload of the write version, if it goes without a tree."""
        return direct_encoder(
            self._line, self._lineage, self._kind_of, self._limits, self._presence
        ) or wrapped_encoder(
            self._line, self._lineage.newest, self._kind_of, self._limits, self._presence, trusted=self._trusted
        )

    @cached_property
    def decoders(self) -> Mapping[int, Decoder]:
        """Payload -> value, by version, where it goes without a tree."""
        return direct_decoders(self._lines, self._kind_of, self._limits)

    @cached_property
    def pack(self) -> AtOnce | None:
        """New value -> record without a tree."""
        return None if self.encoder is None or self._view else self.writer.at_once(self.encoder, self._line.number)

    def dumps(self, otherwise: Callable[[Any], bytes]) -> Callable[[Any], bytes] | None:
        """New value -> record without headers, in one call.

        Args:
            otherwise: gives the record of a value that is left to it, or raises.
        """
        if self._view:
            return None
        if self.encoder is None:
            return self.writer.bytes_by_tree(self.dump_new, self._line.number, otherwise)
        return self.writer.bytes_at_once(self.encoder, self._line.number, otherwise)

    def loads(self, otherwise: Callable[[bytes], Any]) -> Callable[[bytes], Any] | None:
        """Record of the newest version without headers -> value, in one call.

        Args:
            otherwise: gives the value of any other record, or raises.
        """
        decoder = self.decoders.get(self._lines[-1].number)
        return None if decoder is None else self.reader.counted(decoder, otherwise)


def compiled(make: Callable[[Any], Callable[..., Any] | None]) -> Callable[[F], F]:
    """A method in whose place an instance has a compiled function, from when somebody first looks at it.

    No call is in between then: that would take a quarter of the time of a small record.

    Args:
        make: instance -> the function; None where there is none, and the method itself stays.
    """

    def decorated(method: F) -> F:
        return cast("F", _CompiledMethod(method, make))

    return decorated


class _CompiledMethod(Generic[S]):
    """Has no `__set__`, so that what it put into the instance is found first the next time."""

    def __init__(self, method: Callable[..., Any], make: Callable[[S], Callable[..., Any] | None]) -> None:
        self._method = method
        self._make = make

    def __get__(self, instance: S | None, owner: type[S]) -> Callable[..., Any]:
        if instance is None:
            return self._method
        name = self._method.__name__
        bound = MethodType(self._method, instance)
        if getattr(owner, name) is not self._method:
            return bound  # a subclass has its own, which calls this one
        function = instance.__dict__[name] = self._make(instance) or bound
        return function


def _required(compiled: C | None) -> C:
    assert compiled is not None  # only scalars need no conversion
    return compiled
