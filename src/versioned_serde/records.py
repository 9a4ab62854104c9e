"""`Records`: a schema over a store. Insert, edit and replace are three verbs, because they promise different things."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from versioned_serde.errors import ConflictError, RecordExistsError, RecordMissingError, SerdeError
from versioned_serde.protocols import ObjectStore, Stored
from versioned_serde.rewriting import Rewriting, Target
from versioned_serde.schema import Schema
from versioned_serde.serializer.document import Document

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Records(Generic[T]):
    """The records of one schema in one store, safe among any number of processes.

    Args:
        schema: the schema.
        store: where its records are.
        attempts: how often a compare-and-set is tried before `ConflictError`.
        rewrites: whether a record of a version older than the write version is rewritten when `get` or `read` meets it,
            with the same compare-and-set; so that what is read often is current before a backfill comes to it. A
            rewrite that fails or loses against another writer is left to the next one, and the read does not fail.
    """

    def __init__(self, schema: Schema[T], store: ObjectStore, *, attempts: int = 100, rewrites: bool = False) -> None:
        self._schema = schema
        self._store = store
        self._attempts = attempts
        self._rewriting = Rewriting(schema, Target(schema.writes)) if rewrites else None

    def keys(self) -> Iterator[str]:
        """The keys, ascending."""
        return self._store.keys()

    def get(self, key: str) -> T | None:
        """The value to look at, or None.

        Raises:
            ReadError: the record was not read.
        """
        stored = self._store.get(key)
        if stored is None:
            return None
        value = self._schema.unpack(stored.payload, stored.headers)
        self._rewrite(key, stored)
        return value

    def read(self, key: str) -> Document[T]:
        """The document, to inspect. To change it, use `edit`.

        Raises:
            RecordMissingError: there is none.
            ReadError: the record was not read.
        """
        stored = self._stored(key)
        document = self._schema.read(stored.payload, stored.headers)
        self._rewrite(key, stored)
        return document

    def insert(self, key: str, value: T) -> None:
        """A new record.

        Raises:
            RecordExistsError: there is one already.
            WriteError: the value was not written.
        """
        payload, headers = self._schema.pack(value)
        if self._store.insert(key, payload, headers) is None:
            raise RecordExistsError(
                "There is a record under this key.", key=key, hint="Use `edit`, or `replace` to erase it on purpose."
            ).located(schema=self._schema.name)

    def edit(self, key: str, change: Callable[[T], T | None]) -> T:
        """Reads, changes, writes back with compare-and-set, and does it again when another writer was faster.

        Args:
            key: the record's key.
            change: changes the value in place, or returns another one. It may run several times.

        Returns:
            The value as written.

        Raises:
            RecordMissingError: there is none.
            ConflictError: every attempt lost against another writer.
            ReadError: the record was not read, and not overwritten.
            WriteError: the change was not written.
        """
        return self._attempt(key, lambda stored: self._edited(stored, change))

    def _edited(self, stored: Stored, change: Callable[[T], T | None]) -> tuple[T, bytes, dict[str, str]]:
        document = self._schema.read(stored.payload, stored.headers)
        with document.edit() as value:
            changed = change(value)
        if changed is not None:
            document.set(changed)
        payload, headers = self._schema.write_packed(document)
        return document.value, payload, dict(headers)

    def replace(self, key: str, value: T) -> None:
        """Another value in place of the record, whatever it held: the only verb that erases unknown attributes.

        It refuses a record that this process may not read, because its writer may know better.

        Raises:
            RecordMissingError: there is none.
            ConflictError: every attempt lost against another writer.
            ReadError: the record's tag was refused.
            WriteError: the value was not written.
        """

        def replaced(stored: Stored) -> tuple[T, bytes, dict[str, str]]:
            self._schema.identify(stored.payload, stored.headers)
            payload, headers = self._schema.pack(value)
            return value, payload, dict(headers)

        self._attempt(key, replaced)

    def delete(self, key: str) -> bool:
        """Deletes the record; False if there is none. It need not be readable."""
        for attempt in range(self._attempts):
            stored = self._store.get(key)
            if stored is None:
                return False
            if self._store.delete(key, stored.token):
                return True
            _pause(attempt)
        raise self._conflict(key)

    def _rewrite(self, key: str, stored: Stored) -> None:
        if self._rewriting is None:
            return
        try:
            packed = self._rewriting(stored)
            if packed is not None:
                self._store.update(key, stored.token, packed.payload, packed.headers)
        except SerdeError as error:
            _log.warning("%s: a record was read, and not rewritten: %s", self._schema.name, error)

    def _stored(self, key: str) -> Stored:
        stored = self._store.get(key)
        if stored is None:
            raise RecordMissingError("There is no record under this key.", key=key, hint="Use `insert`.").located(
                schema=self._schema.name
            )
        return stored

    def _attempt(self, key: str, made: Callable[[Stored], tuple[T, bytes, dict[str, str]]]) -> T:
        for attempt in range(self._attempts):
            stored = self._stored(key)
            value, payload, headers = made(stored)
            if self._store.update(key, stored.token, payload, headers) is not None:
                return value
            _pause(attempt)
        raise self._conflict(key)

    def _conflict(self, key: str) -> SerdeError:
        return ConflictError(
            f"Other writers were faster {self._attempts} times.",
            key=key,
            hint="Look for a writer that never stops, or allow more `attempts`.",
        ).located(schema=self._schema.name)


def _pause(attempt: int) -> None:
    """Full jitter, so that writers that collided do not collide again; at most 50 ms."""
    time.sleep(random.uniform(0, min(0.05, 0.001 * 2 ** min(attempt, 6))))  # noqa: S311 - it keeps no secret
