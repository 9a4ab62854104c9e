"""An Avro schema with its names resolved, and the place of each type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from versioned_serde.check.finding import Place

PRIMITIVES: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})


@dataclass(frozen=True, slots=True)
class Logical:
    """A logical type that the specification knows.

    Attributes:
        name: such as `decimal`.
        precision: of decimals, else None; `scale` likewise.
    """

    name: str
    precision: int | None = None
    scale: int | None = None

    def __str__(self) -> str:
        return self.name if self.precision is None else f"{self.name}({self.precision}, {self.scale})"


@dataclass(slots=True, eq=False, kw_only=True)
class Type:
    """Any type. Types are themselves and equal no other, because recursive ones have no end.

    Attributes:
        place: where it stands.
        logical: its logical type, if it is one that applies to it.
    """

    place: Place
    logical: Logical | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class Primitive(Type):
    """A type without parts; `name` is one of `PRIMITIVES`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False, kw_only=True)
class Array(Type):
    """A list of `items`."""

    items: Type

    def __str__(self) -> str:
        return "array"


@dataclass(slots=True, eq=False, kw_only=True)
class Map(Type):
    """`values` by strings."""

    values: Type

    def __str__(self) -> str:
        return "map"


@dataclass(slots=True, eq=False, kw_only=True)
class Union(Type):
    """One of `branches`, none of which is a union."""

    branches: tuple[Type, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.branches))}]"


@dataclass(slots=True, eq=False, kw_only=True)
class Named(Type):
    """A type with a name.

    Attributes:
        name: with its namespace.
        aliases: the same.
    """

    name: str
    aliases: frozenset[str]

    @property
    def unqualified(self) -> str:
        """Its name without the namespace."""
        return self.name.rpartition(".")[2]


@dataclass(slots=True, eq=False, kw_only=True)
class Enum(Named):
    """One of `symbols`. A reader takes `default` for a symbol that it does not know."""

    symbols: tuple[str, ...]
    default: str | None

    def __str__(self) -> str:
        return f"enum {self.name}"


@dataclass(slots=True, eq=False, kw_only=True)
class Fixed(Named):
    """`size` bytes."""

    size: int

    def __str__(self) -> str:
        return f"fixed {self.name}"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field:
    """A field of a record.

    Attributes:
        name: its name.
        aliases: names that a writer may have for it.
        type: its type.
        has_default: whether it has a default.
        default: as JSON has it.
        place: of the field.
    """

    name: str
    aliases: tuple[str, ...]
    type: Type
    has_default: bool
    default: Any
    place: Place


@dataclass(slots=True, eq=False, kw_only=True)
class Record(Named):
    """A record, or an error, which in bytes is the same. Its fields are filled in when it is complete."""

    fields: tuple[Field, ...] = field(default=())

    def __str__(self) -> str:
        return f"record {self.name}"
