"""One record, from the bytes that are stored to those that shall be; without a store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from versioned_serde.errors import DeclarationError, ReadError, TagError, WriteError
from versioned_serde.protocols import Stored
from versioned_serde.schema import Schema
from versioned_serde.serializer.document import Document
from versioned_serde.serializer.line import Packed
from versioned_serde.serializer.reader import Origin
from versioned_serde.tree import Tree, same

T = TypeVar("T")

Unfit: tuple[type[ReadError], type[WriteError]] = (ReadError, WriteError)
"""Errors that concern one record: it is quarantined, and the others go on."""


class NotTheSameError(WriteError):
    """What was to be written does not hold all that was read. A codec, a step or a model is wrong."""


@dataclass(frozen=True, slots=True)
class Target:
    """What records shall be.

    Attributes:
        version: the version that they shall have.
        lower: whether records of newer versions are taken down to it. Else they stay as they are.
        purge: whether what is kept for retired versions is taken out of all of them; see `Document.purge`.
    """

    version: int
    lower: bool = False
    purge: bool = False


class Rewriting(Generic[T]):
    """Rewrites records of a schema.

    A record is read as a host reads it, by way of the model, and written from what was retained. What comes out is
    decoded again, and must hold all that the stored one held, before anybody may store it.

    Raises:
        DeclarationError: the version is not listed, or the schema is a view.
    """

    def __init__(self, schema: Schema[T], target: Target) -> None:
        if schema.view:
            raise DeclarationError(
                "A view rewrites nothing.", hint="The team that owns the schema does.", schema=schema.name
            )
        if target.version not in schema.versions:
            raise DeclarationError(
                f"Version {target.version} is not listed, so nothing can be rewritten to it.",
                hint="Give a version that this release lists.",
                schema=schema.name,
            )
        self.schema = schema
        self.target = target

    def __call__(self, stored: Stored) -> Packed | None:
        """The record as it shall be; None if it is that already.

        Raises:
            ReadError: this release does not read it.
            WriteError: it does not become a record of the version.
        """
        schema, target = self.schema, self.target
        origin = schema.identify(stored.payload, stored.headers)
        version = self._version(origin)
        if version == origin.version and not target.purge and not self._may_be_settled(origin):
            return None
        document = schema.read(stored.payload, stored.headers)
        packed = unpurged = schema.write_as(document, version)
        if target.purge:
            document.purge()
            packed = schema.write_as(document, version)
        if version == origin.version and packed == unpurged and not self._settled(origin, packed):
            return None
        self._check(document, packed)
        return packed

    def _version(self, origin: Origin) -> int:
        target = self.target
        if origin.version > target.version and target.lower and origin.version in self.schema.versions:
            return target.version
        return max(origin.version, target.version)

    def _may_be_settled(self, origin: Origin) -> bool:
        """An older host edited the record. Its values may be written out, so that nobody has to fill them in."""
        return origin.tag is not None and origin.tag.mixed and origin.version == origin.line.number

    def _settled(self, origin: Origin, packed: Packed) -> bool:
        return self._may_be_settled(origin) and not self.schema.identify(*packed).mixed

    def _check(self, document: Document[T], packed: Packed) -> None:
        if self.schema.holds(packed, document):
            return
        again = self.schema.read(*packed)
        if again.version < document.version:
            # It may hold more: what an older version must have and newer ones lack, and defaults written out.
            kept = _holds(*self._as_it_came(again, document))
        else:
            kept = again.shows_the_same(document) and same(*self._as_it_came(again, document))
        if not kept:
            raise NotTheSameError(
                "The rewritten record does not hold all that the stored one held, so it was not stored.",
                hint="Look at the steps of the version, and at what the model changes when it is built.",
            ).located(schema=self.schema.name, version=self.target.version)

    def _as_it_came(self, *documents: Document[T]) -> list[Tree]:
        """What is not understood has several forms in memory; read from bytes of the version it came in, it has one."""
        back = documents[-1].version
        written = (self.schema.write_as(each, back) for each in documents)
        return [self.schema.read(*each).retained for each in written]


def _holds(now: Any, then: Any) -> bool:
    """Whether a tree has everything that another one has."""
    if isinstance(then, dict) and isinstance(now, dict):
        return all(name in now and _holds(now[name], value) for name, value in then.items())
    if isinstance(then, list) and isinstance(now, list):
        return len(now) == len(then) and all(map(_holds, now, then))
    return same(now, then)


def counted_as(schema: Schema[Any], stored: Stored) -> tuple[int, int, bool]:
    """Version, min_reader and whether it is mixed, as a census counts a record. A record without a tag is not mixed.

    Raises:
        ReadError: this release may not read it.
    """
    origin = schema.identify(stored.payload, stored.headers)
    if origin.tag is None:
        return origin.version, origin.line.min_reader, False
    return origin.version, origin.tag.min_reader, origin.tag.mixed


def reason(error: Exception) -> str:
    """A stable word for why a record was quarantined: a reason of the specification, or the kind of error."""
    return error.reason if isinstance(error, TagError) else type(error).__name__
