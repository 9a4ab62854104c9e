"""Shapes: frozen descriptions of models.

A shape says what the bytes of a version hold, without the class that holds it in memory: attributes by their wire
names, their types, their defaults. Codecs, model kinds and steps are compiled from shapes, and shapes are what two
releases are compared by. Equality is structural: the class, the container (list or tuple) and the class's name do not
count.

A recursive shape is a finite tree with back references (`RecursiveType`). Who changes shapes works on them as they are,
and so changes all levels at once. Who follows values into shapes looks at `Shape.unrolled`, where each back reference
is the object type that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    arms: tuple[tuple[str | int, ObjectType | RecursiveType], ...]

    def arm(self, value: object) -> ObjectType | None:
        """The arm of a discriminator value, or None. Not for a union with a back reference among its arms."""
        return next((arm for tag, arm in self.objects if tag == value and type(tag) is type(value)), None)

    @property
    def objects(self) -> tuple[tuple[str | int, ObjectType], ...]:
        """The arms without those that are back references."""
        return tuple((tag, arm) for tag, arm in self.arms if isinstance(arm, ObjectType))


@dataclass(frozen=True, slots=True)
class RecursiveType:
    """An object like the nearest one around it whose shape has this name: a back reference, in that shape alone.

    A type that is taken out of its shape holds none: `Shape.unrolled` has the types to be taken.
    """

    name: str


@dataclass(frozen=True, slots=True)
class NullableType:
    """The inner type or null. In a tree: None for null. Absent is not null."""

    inner: Type


@dataclass(frozen=True, slots=True)
class AnyType:
    """Any JSON-like value: None, bool, int, float, str, list, dict with `str` keys."""


Type = Scalar | EnumType | ListType | MapType | ObjectType | UnionType | NullableType | AnyType | RecursiveType


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


@dataclass(frozen=True, eq=False)
class Shape:
    """The attributes of one object, in the order in which they are written.

    Two shapes are equal if they describe the same values, wherever their back references stand.

    Attributes:
        name: the model's name, for people, and for the back references within.
        attributes: with unique names, none of which is empty or begins with `$`.
        model: the class in memory, or None (a declared shape, or an older shape whose class is gone).
    """

    name: str
    attributes: tuple[Attribute, ...]
    model: Any = None

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

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and _alike(ObjectType(self), ObjectType(other), set())

    def __hash__(self) -> int:
        return hash(self.names)  # what is below a name may be unrolled or not

    def get(self, name: str) -> Attribute | None:
        """The attribute of that wire name, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Attribute]:
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def references(self) -> frozenset[str]:
        """The names of back references within the shape that stand for objects around it. A whole shape has none."""
        return self._references - {self.name}

    @property
    def recursive(self) -> bool:
        """Whether objects of the shape hold objects of the shape, at a place that a back reference names."""
        return self.name in self._references

    @cached_property
    def _references(self) -> frozenset[str]:
        return frozenset(name for attribute in self.attributes for name in references(attribute.type))

    @cached_property
    def unrolled(self) -> Shape:
        """The same, of types that can be taken out: each back reference to the shape is the shape's object type.

        Always the same object, and so are the shapes within: a walk that comes back to a shape finds that very one.
        """
        return self.joined(self)

    def joined(self, level: Shape) -> Shape:
        """The same with another shape's object type in place of each back reference to this one.

        Args:
            level: a whole shape.
        """
        return self._joined(self.name, ObjectType(level))

    def renamed(self, name: str) -> Shape:
        """The same under another name, back references to it included."""
        return replace(self._joined(self.name, RecursiveType(name)), name=name)

    def within(self, around: Sequence[Shape]) -> Shape:
        """The whole shape of what stands in other shapes.

        Args:
            around: the shapes around it, outermost first; the outermost is whole.
        """
        whole: list[Shape] = []
        for shape in (*around, self):
            made = shape
            for outer in reversed(whole):
                if outer.name in made.references:
                    made = made._joined(outer.name, ObjectType(outer))  # noqa: SLF001 - of the same class
            whole.append(made)
        return whole[-1]

    def _joined(self, name: str, level: ObjectType | RecursiveType) -> Shape:
        if name not in self._references:
            return self
        return replace(
            self,
            attributes=tuple(replace(each, type=_joined(each.type, name, level)) for each in self.attributes),
        )

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


def object_types(type_: Type) -> Iterator[ObjectType]:
    """The object types directly within a type: through nulls, lists, maps and unions, not through objects.

    A back reference is none.
    """
    match type_:
        case ObjectType():
            yield type_
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            yield from object_types(inner)
        case UnionType():
            for _, arm in type_.objects:
                yield arm
        case _:
            return


def references(type_: Type) -> frozenset[str]:
    """The names of the back references in a type, but for those that lead to a shape in it."""
    match type_:
        case RecursiveType(name=name):
            return frozenset({name})
        case ObjectType(shape=shape):
            return shape.references
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            return references(inner)
        case UnionType(arms=arms):
            return frozenset(name for _, arm in arms for name in references(arm))
        case _:
            return frozenset()


def _joined(type_: Type, name: str, level: ObjectType | RecursiveType) -> Type:
    """The type with something else in place of each back reference of a name. What holds none stays the same object."""
    if name not in references(type_):
        return type_
    match type_:
        case RecursiveType():
            return level
        case NullableType(inner=inner):
            return NullableType(_joined(inner, name, level))
        case ListType(item=item):
            return replace(type_, item=_joined(item, name, level))
        case MapType(value=value):
            return MapType(_joined(value, name, level))
        case UnionType(arms=arms):
            # An arm may stand under several tags and is still one object type.
            done: dict[int, Any] = {id(arm): _joined(arm, name, level) for _, arm in arms}
            return replace(type_, arms=tuple((tag, done[id(arm)]) for tag, arm in arms))
        case ObjectType(shape=shape):
            return ObjectType(shape._joined(name, level))  # noqa: SLF001 - the other half of this function
        case _:
            return type_


def _alike(one: Type, other: Type, assumed: set[tuple[int, int]]) -> bool:
    """Whether two types describe the same values.

    Args:
        one: a type.
        other: another one.
        assumed: ids of pairs of shapes that are being compared, and are alike unless a difference is found.
    """
    match one, other:
        case ObjectType(shape=shape), ObjectType(shape=another):
            pair = id(shape), id(another)
            if shape is another or pair in assumed:
                return True
            assumed.add(pair)
            ours, theirs = shape.unrolled.attributes, another.unrolled.attributes
            return len(ours) == len(theirs) and all(
                our.name == their.name and our.default == their.default and _alike(our.type, their.type, assumed)
                for our, their in zip(ours, theirs, strict=True)
            )
        case (
            (NullableType(inner=inner), NullableType(inner=another_inner))
            | (ListType(item=inner), ListType(item=another_inner))
            | (MapType(value=inner), MapType(value=another_inner))
        ):
            return _alike(inner, another_inner, assumed)
        case UnionType(arms=arms), UnionType(arms=others):
            return (
                one.discriminator == other.discriminator
                and len(arms) == len(others)
                and all(
                    tag == another_tag and _alike(arm, another_arm, assumed)
                    for (tag, arm), (another_tag, another_arm) in zip(arms, others, strict=True)
                )
            )
        case _:
            return one == other
