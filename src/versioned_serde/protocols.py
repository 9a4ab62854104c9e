"""The seams: what a plug-in has to offer. Everything else in the library knows these, never a plug-in itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from versioned_serde.limits import Limits
from versioned_serde.shape import Shape, Type
from versioned_serde.tree import Raw, Tree

Describe = Callable[[Any], Type]
"""Annotation or class -> `Type`. Raises `DeclarationError` for what cannot be described."""

Unknown = Literal["dropped", "plain", "raw"]
"""What a model itself does with attributes that its shape does not declare; see `ModelKind.unknown`."""


@dataclass(frozen=True, slots=True)
class PayloadCodec:
    """A codec compiled for one shape.

    Attributes:
        encode: tree -> payload. Writes the declared attributes in the shape's order, then the undeclared ones: a `Raw`
            of this codec verbatim, a `Raw` of another codec wrapped so that `decode` finds it again, a `Typed` by its
            type; the complement in each object. Raises `UnwritableValueError` with the path for a value that is not
            exactly of its declared type, or that the codec cannot carry.
        decode: payload -> tree. Typed values for what is declared; `Raw` for what is not, at every level; the
            complement as `list[Entry]` of `Raw`. Absent stays absent. Strict: no coercion between kinds of values.
            Items are counted (`limits.max_items`) before memory is taken for them. Raises `PayloadError` with the
            path, or `LimitError`, and nothing else, for any bytes.
    """

    encode: Callable[[Tree], bytes]
    decode: Callable[[bytes], Tree]


@dataclass(frozen=True, slots=True)
class ValueCodec:
    """A codec compiled for one value of one type, apart from any object.

    Attributes:
        encode: typed value -> `Raw` of this codec. Raises `UnwritableValueError`.
        decode: `Raw` of this codec -> typed value. Raises `PayloadError` or `LimitError`.
    """

    encode: Callable[[Any], Raw]
    decode: Callable[[Raw], Any]


class Codec(Protocol):
    """Tree <-> payload.

    `id` stands in the tag: 1 json, 2 msgpack, 3 protobuf, 4 xml, 5 avro, 6 cbor; 128-255 private; 0 for a codec that no
    tag names.
    """

    @property
    def name(self) -> str: ...
    @property
    def id(self) -> int: ...
    @property
    def retains_unknown(self) -> bool:
        """Whether what the shape does not declare survives decode and encode."""
        ...

    def check(self, shape: Shape) -> None:
        """Raises `DeclarationError` (with the path) if the codec cannot carry the shape."""
        ...

    def payload(self, shape: Shape, limits: Limits) -> PayloadCodec:
        """For a shape that passed `check`, so that nothing is left to refuse: it is asked for at the first record."""
        ...

    def value(self, type_: Type, limits: Limits) -> ValueCodec: ...


@dataclass(frozen=True, slots=True)
class Straight:
    """A library's own function from an instance to the payload, without a tree between.

    Attributes:
        model: the class. Instances of its subclasses go by way of trees.
        encode: instance -> exactly the bytes that `PayloadCodec.encode` gives for its tree. It may raise any exception;
            then the value goes by way of a tree, where it is written after all or gets its error.
        check: payload -> whether it is what the tree would have given; None if it always is. A payload that fails is
            thrown away, and the value goes by way of a tree.
    """

    model: type
    encode: Callable[[Any], bytes]
    check: Callable[[bytes], bool] | None = None


@runtime_checkable
class StraightCodec(Protocol):
    """What a codec may offer besides: instances of some models straight to payloads."""

    def straight(self, shape: Shape, kind_of: Callable[[Shape], ModelKind], *, trusted: bool) -> Straight | None:
        """The function for a shape, or None where there is none that gives exactly the same bytes.

        Args:
            shape: the shape, with its model.
            kind_of: the kind of the model of this shape, or of one within it.
            trusted: instances hold values of exactly the declared types, and nothing else; so it need not be checked.
        """
        ...


@runtime_checkable
class NumberedCodec(Protocol):
    """What a codec may offer besides, where more than the shape decides its bytes."""

    def fields(self, shape: Shape) -> Mapping[str, str]:
        """What else is fixed once a version is released: path of an attribute -> text, such as `3 string`."""
        ...

    def implied(self, shape: Shape) -> frozenset[tuple[str, ...]]:
        """Attributes that are always written, and whose empty value (`[]`, `{}`, zero) looks as if they were absent.

        Returns:
            The names that lead to each.
        """
        ...


class Coding(Protocol):
    """Compression of a payload. `id` stands in the tag: 0 none, 1 gzip, 2 zstd, 3 lz4; 128-255 private."""

    @property
    def name(self) -> str: ...
    @property
    def id(self) -> int: ...

    def compress(self, payload: bytes) -> bytes:
        """The same bytes for the same payload and the same build of the library: no time stamps, nothing drawn."""
        ...

    def inflate(self, data: bytes, limits: Limits) -> bytes:
        """The payload again, streamed, so that no more than the bound is ever in memory.

        Raises:
            LimitError: the payload is larger than `limits.max_inflated`.
            PayloadError: damage, a truncated stream, trailing bytes.
        """
        ...


NOTHING = object()
"""No value at all."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How instances of exactly one class hold their attributes, for who looks at them without `ModelKind.take`.

    Attributes:
        model: the class.
        access: `dict`: in `__dict__`, and those given by name in `__pydantic_fields_set__`; what is not always written
            is present if it is given. `attributes`: as attributes, all present.
        names: names in Python of the shape's attributes, in its order.
        absent: the value of an attribute that is not present after all.
        extra: name of the attribute that is None or empty unless an instance carries undeclared attributes; None where
            no instance can.
    """

    model: type
    access: Literal["dict", "attributes"]
    names: tuple[str, ...]
    absent: Any = NOTHING
    extra: str | None = None


class ModelKind(Protocol):
    """A way of writing models: pydantic, dataclass, msgspec, protobuf, mapping.

    A kind knows one object at a time. Lists, maps, unions, nulls, enums and nested objects (perhaps of another kind)
    are converted by the serializer, before `make` and after `take`.
    """

    @property
    def name(self) -> str: ...
    @property
    def presence(self) -> bool:
        """Whether an instance itself knows which attributes were set explicitly."""
        ...

    def owns(self, model: Any) -> bool:
        """Whether `model` is a model of this kind."""
        ...

    def shape(self, model: Any, describe: Describe) -> Shape:
        """The model's shape, with `Shape.model` set. A `Constant` default holds the Python value, not yet tree form.

        `describe` gives the types of attributes' annotations. Raises `DeclarationError`.
        """
        ...

    def unknown(self, shape: Shape) -> Unknown:
        """How instances carry attributes that the shape does not declare.

        `dropped`: not at all; `make` is never given one. `plain`: as JSON-like Python values (pydantic's
        `extra="allow"`). `raw`: as `tree.Raw` (protobuf's unknown fields). In the last two cases `make` is given
        undeclared attributes beside the declared ones, and `take` returns them after the declared ones.
        """
        ...

    def take(self, shape: Shape) -> Callable[[Any], dict[str, Any]]:
        """Compiled: instance -> its present attributes by wire name, in the shape's order, values as Python sees them.

        Present is what was set explicitly, and what is always written. Raises `UnwritableValueError` for an instance
        that is not of the model; an instance of a subclass gives what the shape declares.
        """
        ...

    def make(self, shape: Shape) -> Callable[[dict[str, Any]], Any]:
        """Compiled: present attributes by wire name, values as Python sees them -> instance.

        Raises `PayloadError` with the path and without payload values. May keep the values, not the dict.
        """
        ...


@runtime_checkable
class HasLayout(Protocol):
    """What a kind may offer beside `ModelKind`: its models are then written without a tree where that is possible."""

    def layout(self, shape: Shape) -> Layout | None:
        """How instances of exactly the model hold what `take` gives; None where `take` does more than to look there."""
        ...


Make = Callable[[dict[str, Any]], Any]
"""Present attributes by wire name -> instance; see `ModelKind.make`."""


@dataclass(frozen=True, slots=True)
class Making:
    """What instances are that `ModelKind.make` gives, for who makes them without it, as pydantic does.

    An instance is a new one of the class, with `__dict__` and three slots filled.

    Attributes:
        model: the class.
        names: names in Python of the shape's attributes, in its order.
        blank: what `__dict__` holds, in its order, if no attribute is present; anything for those always written.
        fresh: name in Python -> what gives the default in `blank` where instances do not share it.
        given: the slot for the set of the present attributes' names in Python.
        extra: the slot for attributes that are not declared.
        extras: whether that is a dict for each instance; None otherwise.
        private: the slot for what is not stored; None.
        finish: called last, with the instance and None; or None.
    """

    model: type
    names: tuple[str, ...]
    blank: Mapping[str, Any]
    fresh: Mapping[str, Callable[[], Any]]
    given: Any
    extra: Any
    extras: bool
    private: Any
    finish: Callable[[Any, None], None] | None


@runtime_checkable
class HasMaking(Protocol):
    """What a kind may offer beside `ModelKind`: its models are then read without a tree where that is possible."""

    def making(self, shape: Shape) -> Making | Make | None:
        """How to make what `make` makes, or `make` itself; None where making an instance runs code of the service.

        A `Making` says as well that `make` takes the values as they are: each list, tuple, dict and nested instance of
        their declared type, however they were made. Either may be used and what it made be thrown away.
        """
        ...


@runtime_checkable
class HasBehaviour(Protocol):
    """What a kind may offer beside `ModelKind`: what its models do beyond their shapes, for the lock."""

    def behaviour(self, shape: Shape) -> Mapping[str, list[str]]:
        """Wire name of an attribute, or empty for the object, -> facts such as `ge=0` and `validator 1f3ac02e`.

        The same facts are the same texts in every release of Python and of the library.
        """
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as a store holds it.

    Attributes:
        payload: the bytes.
        headers: facts beside the bytes, for the framing `headers`; empty otherwise.
        token: changes whenever the record changes; opaque.
    """

    payload: bytes
    headers: Mapping[str, str]
    token: str


class ObjectStore(Protocol):
    """Bytes by key, with an atomic compare-and-set among any number of processes."""

    def get(self, key: str) -> Stored | None: ...

    def insert(self, key: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """The new token, or None if the key is taken (nothing was written)."""
        ...

    def update(self, key: str, token: str, payload: bytes, headers: Mapping[str, str]) -> str | None:
        """The new token, or None if the record is no longer at `token` (nothing was written)."""
        ...

    def delete(self, key: str, token: str) -> bool:
        """False if the record is no longer at `token`."""
        ...

    def keys(self) -> Iterator[str]:
        """Every key that exists throughout the iteration, in ascending order; others may or may not appear."""
        ...


class Page(NamedTuple):
    """Some of a store's records, in the order in which the store scans.

    Attributes:
        records: key and record, as they were when the page was read. What was deleted meanwhile may be left out.
        position: where the next page begins; empty when the range has no more.
    """

    records: Sequence[tuple[str, Stored]]
    position: str


class ScannedStore(ObjectStore, Protocol):
    """A store whose records can be gone through page by page, from many processes, and again from where one ended.

    A position is a place between two records in the order in which the store scans, which is its own. It is opaque, is
    never empty, stays valid while records come and go, and means the same in each process. The empty text stands for
    the very beginning or the very end.
    """

    def scan(self, after: str, until: str, limit: int) -> Page:
        """The next records of a range, at most `limit`, by their order and never by counting those before.

        Args:
            after: a position, or empty for the beginning.
            until: a position, or empty for the end.
            limit: 1 or more.

        Returns:
            Every record that is there throughout a scan is on exactly one of its pages. A page may hold fewer than
            `limit` records, or none, and still have a position.
        """
        ...

    def partition(self, parts: int) -> Sequence[str]:
        """At most `parts - 1` positions, in order and all different, that part the records into ranges of like size.

        It need not look at all records, so the sizes are estimates.
        """
        ...

    def beside(self, name: str) -> ScannedStore:
        """Another store of the same kind at the same service, for what is not a record. No scan of this one shows it.

        It is made if it is not there, and is the same one for every process that gives the name.

        Args:
            name: lower-case ASCII letters and `_`, at most 20.
        """
        ...


@runtime_checkable
class CountsStarts(Protocol):
    """What a store offers that can count records by how they begin, without handing them out."""

    def starts(self, size: int) -> Iterator[tuple[bytes, Mapping[str, str], int]]:
        """The first `size` bytes of records and their headers, and how many records begin so.

        Args:
            size: 1 or more.
        """
        ...
