"""`Registry`: all that a service declares, checked as a whole and then frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from versioned_serde.errors import DeclarationError, UnwritableValueError
from versioned_serde.parameter import Parameter
from versioned_serde.schema import Schema
from versioned_serde.serializer.counters import Count


class Registry:
    """A service's schemas and parameters, by name. An instance, never global, and never changed.

    Args:
        declared: schemas and parameters.

    Raises:
        DeclarationError: two of them cannot be told apart.
    """

    def __init__(self, *declared: Schema[Any] | Parameter[Any]) -> None:
        self._by_name: dict[str, Schema[Any] | Parameter[Any]] = {}
        self._by_id: dict[bytes, Schema[Any]] = {}
        self._by_model: dict[Any, list[Schema[Any]]] = {}
        for item in declared:
            if item.name in self._by_name:
                raise DeclarationError(
                    "The name is declared twice.", hint="Register each schema and parameter once.", schema=item.name
                )
            self._by_name[item.name] = item
            if isinstance(item, Schema):
                self._add(item)

    def _add(self, schema: Schema[Any]) -> None:
        other = self._by_id.setdefault(schema.id, schema)
        if other is not schema:
            raise DeclarationError(
                f"The schema has the same id in envelopes as `{other.name}` ({schema.id.hex()}).",
                hint="Rename the one whose records are not stored yet.",
                schema=schema.name,
            )
        if isinstance(schema.model, type):
            self._by_model.setdefault(schema.model, []).append(schema)

    def __iter__(self) -> Iterator[Schema[Any] | Parameter[Any]]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Schema[Any] | Parameter[Any]:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def schemas(self) -> tuple[Schema[Any], ...]:
        """The schemas, in the order of declaration."""
        return tuple(self._by_id.values())

    def schema_by_id(self, id_: bytes) -> Schema[Any] | None:
        """The schema of an envelope's 4-byte id, or None."""
        return self._by_id.get(id_)

    def dumps(self, value: Any) -> bytes:
        """A new record of the one schema whose model the value is of. `Schema.dumps` is faster and says which.

        Raises:
            UnwritableValueError: no schema has the value's class, or several have it; and as `Schema.dumps`.
        """
        found = self._by_model.get(type(value), ())
        if len(found) != 1:
            raise UnwritableValueError(
                f"`{type(value).__qualname__}` is the model of {len(found)} schemas here.",
                hint="Use the schema's own `dumps`.",
            )
        return found[0].dumps(value)

    def counts(self) -> Iterator[Count]:
        """`Schema.counts` of every schema; for exporters."""
        for schema in self.schemas:
            yield from schema.counts()

    def write_versions(self) -> Iterator[tuple[str, int]]:
        """Name and write version of every schema and parameter; for exporters."""
        for item in self:
            yield item.name, item.writes
