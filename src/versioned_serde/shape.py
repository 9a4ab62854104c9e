"""Shapes: frozen descriptions of models.

A shape says what the bytes of a version hold, without the class that holds it in memory: attributes by their wire
names, their types, their defaults. Codecs, model kinds and steps are compiled from shapes, and shapes are what two
releases are compared by. Equality is structural: the class, the container (list or tuple) and the class's name do not
count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from versioned_serde.errors import DeclarationError
from versioned_serde.tree import same

ScalarName = Literal["str", "int", "float", "bool", "bytes", "decimal", "datetime", "date", "time", "timedelta", "uuid"]
Container = Literal["list", "tuple", "set", "frozenset"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value of a basic type. In a tree: the Python value of that type (`Decimal`, `datetime`, ...)."""

    name: ScalarName


@dataclass(frozen=True, slots=True)
class EnumType:
    """One of the listed members. In a tree: the member's raw value, known or not.

    Attributes:
        members: raw values, all `str` or all `int`.
        open: whether a raw value that is not listed is kept (as the raw value) instead of being refused.
        cls: the `enum.Enum` class, or None for a `Literal`.
    """

    members: tuple[str, ...] | tuple[int, ...]
    open: bool = False
    cls: type | None = field(default=None, compare=False)

    @property
    def base(self) -> Literal["str", "int"]:
        """The type of the raw values."""
        return "int" if isinstance(self.members[0], int) else "str"


@dataclass(frozen=True, slots=True)
class ListType:
    """An ordered sequence. In a tree: a `list`, whatever the container in memory."""

    item: Type
    container: Container = field(default="list", compare=False)


@dataclass(frozen=True, slots=True)
class MapType:
    """A mapping from any `str` to values of one type. In a tree: a `dict`."""

    value: Type


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A nested object. In a tree: a `dict` by wire names."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class UnionType:
    """One of several objects, told apart by the value of one attribute that each of them has.

    Attributes:
        discriminator: wire name of the attribute that tells the arms apart.
        arms: discriminator value -> arm, in declared order. Each arm's shape has the discriminator as an attribute.
    """

    discriminator: str
    arms: tuple[tuple[str | int, ObjectType], ...]

    def arm(self, value: object) -> ObjectType | None:
        """The arm of a discriminator value, or None."""
        return next((arm for tag, arm in self.arms if tag == value and type(tag) is type(value)), None)


@dataclass(frozen=True, slots=True)
class NullableType:
    """The inner type or null. In a tree: None for null. Absent is not null."""

    inner: Type


@dataclass(frozen=True, slots=True)
class AnyType:
    """Any JSON-like value: None, bool, int, float, str, list, dict with `str` keys."""


Type = Scalar | EnumType | ListType | MapType | ObjectType | UnionType | NullableType | AnyType


class Default:
    """What an absent attribute means. One of `REQUIRED`, `FACTORY`, `ABSENT`, or a `Constant`."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


REQUIRED = Default("REQUIRED")
"""The attribute is always written; a record without it is not valid."""
FACTORY = Default("FACTORY")
"""The default is computed at construction, so the attribute is always written and counts as set."""
ABSENT = Default("ABSENT")
"""The attribute may be missing and then has no value at all (`NotRequired`, `UNSET`, an unset protobuf field)."""


class Constant(Default):
    """A constant default, as it would stand in a tree (wire names, raw enum values, `list` for any sequence)."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        super().__init__("Constant")
        self.value: Any = value

    def __repr__(self) -> str:
        return f"Constant({self.value!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constant) and same(self.value, other.value)

    def __hash__(self) -> int:
        return hash(type(self.value))  # equal values may have different texts: the order in a dict does not count


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a shape.

    Attributes:
        name: the name on the wire; the attribute's name in Python may differ and is the model kind's business.
        type: its type.
        default: what it means when it is absent.
        slot: name of a slot that it shares with others of the object, of which at most one is present (a oneof).
    """

    name: str
    type: Type
    default: Default = REQUIRED
    slot: str | None = field(default=None, compare=False)

    @property
    def always_written(self) -> bool:
        """Whether every record of the version has it: it is required, or its default is computed."""
        return self.default is REQUIRED or self.default is FACTORY

    @property
    def optional(self) -> bool:
        """Whether a reader copes with its absence."""
        return self.default is not REQUIRED


@dataclass(frozen=True)
class Shape:
    """The attributes of one object, in the order in which they are written.

    Attributes:
        name: for people: the model's name.
        attributes: with unique names, none of which is empty or begins with `$`.
        model: the class in memory, or None (a declared shape, or an older shape whose class is gone).
    """

    name: str = field(compare=False)
    attributes: tuple[Attribute, ...]
    model: Any = field(default=None, compare=False)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for name in self.names:
            if name in seen:
                raise DeclarationError("Two attributes have this name on the wire.", hint="Rename one.").inside(name)
            if not name or name.startswith("$"):
                raise DeclarationError(
                    f"`{name}` cannot be the name of an attribute on the wire.",
                    hint="Use a name that is not empty and does not begin with `$`, which is reserved.",
                )
            seen.add(name)

    def get(self, name: str) -> Attribute | None:
        """The attribute of that wire name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Attribute]:
        return {attribute.name: attribute for attribute in self.attributes}

    @property
    def names(self) -> tuple[str, ...]:
        """The wire names, in order."""
        return tuple(attribute.name for attribute in self.attributes)

    def without(self, name: str) -> Shape:
        """The shape less one attribute."""
        return replace(self, attributes=tuple(a for a in self.attributes if a.name != name))

    def with_attribute(self, attribute: Attribute, *, instead_of: str | None = None) -> Shape:
        """The shape with an attribute more, or with one in another's place."""
        if instead_of is None:
            return replace(self, attributes=(*self.attributes, attribute))
        return replace(self, attributes=tuple(attribute if a.name == instead_of else a for a in self.attributes))


def all_present(shape: Shape) -> Shape:
    """The shape with every attribute that has a constant default always written, at every level."""
    attributes = (
        replace(
            each, type=_all_present(each.type), default=FACTORY if isinstance(each.default, Constant) else each.default
        )
        for each in shape.attributes
    )
    return replace(shape, attributes=tuple(attributes))


def _all_present(type_: Type) -> Type:
    match type_:
        case ObjectType(shape=shape):
            return ObjectType(all_present(shape))
        case NullableType(inner=inner):
            return NullableType(_all_present(inner))
        case ListType(item=item):
            return replace(type_, item=_all_present(item))
        case MapType(value=value):
            return MapType(_all_present(value))
        case UnionType(arms=arms):
            done = {id(arm): ObjectType(all_present(arm.shape)) for _, arm in arms}  # one object type, if it was one
            return replace(type_, arms=tuple((tag, done[id(arm)]) for tag, arm in arms))
        case _:
            return type_


def object_types(type_: Type) -> Iterator[ObjectType]:
    """The object types directly within a type: through nulls, lists, maps and unions, not through objects."""
    match type_:
        case ObjectType():
            yield type_
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            yield from object_types(inner)
        case UnionType(arms=arms):
            for _, arm in arms:
                yield arm
        case _:
            return
