"""Made-up schemas and values, drawn from a source of randomness, which may be Hypothesis' own."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from versioned_serde.protocols import Codec
from versioned_serde.shape import (
    ABSENT,
    FACTORY,
    REQUIRED,
    AnyType,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    Scalar,
    ScalarName,
)
from versioned_serde.testing.carried import carried, needed
from versioned_serde.testing.histories import KEY, KIND, NAMES, Choice, Field, Nested, Spec
from versioned_serde.testing.messages import field_kind
from versioned_serde.testing.releases import KINDS

_TEXTS = ("", "a", "007", "7", "-12", "Zoë", "two words", "<&>", "0.10", "null")
_MOMENTS = (
    datetime(2024, 2, 29, 12, 30, 15, 123456, UTC),
    datetime(1999, 12, 31, 23, 59),  # noqa: DTZ001  a moment without a zone is a value, too
    datetime(2030, 6, 1, 0, 0, 0, 0, timezone(timedelta(hours=5, minutes=30))),
)
_CHOICES: dict[str, tuple[Any, ...]] = {
    "bool": (True, False),
    "float": (0.0, 1.5, -2.25, 1e21, 0.1),
    "bytes": (b"", b"\x00\xff", b"abc"),
    "decimal": tuple(Decimal(text) for text in ("0", "1.10", "1.1", "9.905", "-3", "12345678901234567890.01", "0.00")),
    "datetime": _MOMENTS,
    "date": (date(2024, 2, 29), date(1970, 1, 1)),
    "time": (time(1, 2, 3), time(23, 59, 59, 999999)),
    "timedelta": (timedelta(0), timedelta(days=1, seconds=5), timedelta(microseconds=-7)),
    "uuid": (UUID(int=0), UUID("12345678-1234-5678-1234-567812345678")),
}
_ZEROS: dict[Any, Any] = {
    Scalar("str"): "",
    Scalar("int"): 0,
    Scalar("float"): 0.0,
    Scalar("bool"): False,
    Scalar("bytes"): b"",
}
_COMMON: tuple[ScalarName, ...] = ("str", "int", "decimal", "bool")
_RARE: tuple[ScalarName, ...] = ("float", "bytes", "datetime", "date", "time", "timedelta", "uuid")


def scalar(random: Random, name: str) -> Any:
    """A value of a basic type."""
    if name == "int":
        return random.choice((0, 1, 7, -5, 990, 2**40, random.randrange(1000)))
    if name == "str":
        return random.choice(_TEXTS)
    return random.choice(_CHOICES[name])


def value(random: Random, type_: Any, version: int, keyed: set[int]) -> Any:
    """A plain value of a type, where objects are those of a version.

    Args:
        random: the source.
        type_: of the value.
        version: of the objects in it.
        keyed: specs whose elements mostly get distinct keys within a list.
    """
    match type_:
        case Scalar(name=name):
            return scalar(random, name)
        case AnyType():
            return random.choice((None, True, 5, "x", [1, {"deep": [None]}], {"a": {"b": "c"}}))
        case EnumType(members=members, open=is_open):
            if is_open and random.random() < 0.2:
                return "unheard" if type(members[0]) is str else 99
            return random.choice(members)
        case NullableType(inner=inner):
            return None if random.random() < 0.25 else value(random, inner, version, keyed)
        case ListType(item=item):
            elements = [value(random, item, version, keyed) for _ in range(random.randrange(4))]
            if type_.container != "list":
                return sorted(set(elements), key=repr)
            if isinstance(item, Nested) and id(item.spec) in keyed and random.random() < 0.95:
                for element, key in zip(elements, random.sample(range(9), len(elements)), strict=True):
                    element[KEY] = key
            return elements
        case MapType(value=inner):
            return {name: value(random, inner, version, keyed) for name in random.sample("abc", random.randrange(3))}
        case Nested(spec=spec):
            return values(random, spec, version, keyed)
        case Choice(arms=arms):
            return values(random, random.choice(arms)[1], version, keyed)
    raise TypeError(type_)


def values(random: Random, spec: Spec, version: int, keyed: set[int]) -> dict[str, Any]:
    """The present attributes of an object at a version. A default is sometimes present, sometimes not."""
    result = {}
    for each in spec.fields(spec.stage(version)):
        if each.default is not REQUIRED and random.random() < 0.4:
            continue
        if isinstance(each.default, Constant) and random.random() < 0.2:
            result[each.name] = _copied(each.default.value)
        else:
            result[each.name] = value(random, each.type, version, keyed)
    return result


class Drawer:
    """Draws the first version of a history; `evolving` goes on from there.

    Args:
        random: the source.
        kind: name of the kind of model in `releases.KINDS`.
        used: the codecs that versions may have.
    """

    def __init__(self, random: Random, kind: str, used: Collection[str | Codec]) -> None:
        self.random = random
        self.keyed: set[int] = set()
        self._says = KINDS[kind]().says
        self._implies = KINDS[kind].kind == "protobuf"
        self._carried = carried(kind, used)
        self._in_fields = self._implies or "protobuf" in used
        self._names = iter(NAMES)
        self._specs = 0

    def fits(self, each: Field) -> bool:
        """Whether models of the kind can have an attribute, and every codec carries it."""
        return needed(each.type) <= self._carried and self._says(each)

    def converts(self, before: Field, after: Field) -> bool:
        """Whether an attribute can become another one under the same name."""
        # A field of protobuf has one type for all time, and cannot tell a default that was written out.
        same_field = not self._in_fields or field_kind(before.type) == field_kind(after.type)
        return same_field and not before.implied and self.fits(after)

    def name(self) -> str:
        """A name that was never used."""
        return str(next(self._names))

    def spec(self, depth: int, *, shares: bool, tag: str | None = None, key: bool = False) -> Spec:
        """An object type."""
        self._specs += 1
        name = f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self._specs % 26]}{self._specs}"
        fields: list[Field] = []
        if key:
            fields.append(Field(KEY, Scalar("int")))
        if tag is not None:
            fields.append(Field(KIND, EnumType((tag,))))
        fields += [self.field(self.plain_type()) for _ in range(self.random.randrange(1, 4))]
        result = Spec(name, [tuple(fields)], shares=shares)
        if depth:
            for _ in range(self.random.choice((1, 1, 2))):
                result.stages[0] += (self.field(self.object_type(depth - 1, shares=shares)),)
        if key:
            self.keyed.add(id(result))
        return result

    def plain_type(self) -> Any:
        """A type without objects."""
        roll = self.random.random()
        if roll < 0.55:
            found: Any = self._scalar_type(_COMMON)
        elif roll < 0.65:
            found = self._scalar_type(_RARE)
        elif roll < 0.82:
            found = self.enum_type()
        elif roll < 0.88:
            found = ListType(self._scalar_type(("int", "decimal")))
        elif roll < 0.9:
            found = ListType(Scalar("int"), "set" if "set" in self._carried else "list")
        elif roll < 0.97 or "anything" not in self._carried:
            found = MapType(self._scalar_type(("str", "int")))
        else:
            return AnyType()
        return NullableType(found) if self.random.random() < 0.3 and "null" in self._carried else found

    def _scalar_type(self, names: tuple[ScalarName, ...]) -> Scalar:
        return Scalar(self.random.choice([name for name in names if name in self._carried]))

    def enum_type(self) -> EnumType:
        """An enum or Literal, open or closed."""
        members: Any = ("red", "green") if self.random.random() < 0.6 else (0, 1)
        cls, is_open = self.random.choice((None, object)), self.random.random() < 0.5
        for wish in (EnumType(members, is_open, cls), EnumType((0, 1), is_open, cls), EnumType(members, is_open)):
            if needed(wish) <= self._carried:
                return wish
        return EnumType((0, 1), is_open)

    def object_type(self, depth: int, *, shares: bool) -> Any:
        """A type with objects in it."""
        roll = self.random.random()
        if roll < 0.45:
            return ListType(_held(self.spec(depth, shares=shares, key=self.random.random() < 0.4)))
        if roll < 0.55 and "list of lists" in self._carried:
            return ListType(ListType(_held(self.spec(depth, shares=shares))))
        if roll < 0.65 and "map of objects" in self._carried:
            return MapType(_held(self.spec(depth, shares=shares)))
        if roll < 0.75 and "union of objects" in self._carried:
            arms = tuple((tag, self.spec(depth, shares=True, tag=tag)) for tag in ("card", "cash"))
            found: Any = Choice(arms)
            return ListType(found) if self.random.random() < 0.3 else found
        found = Nested(self.spec(depth, shares=shares))
        return self._nullable(found) if self.random.random() < 0.6 else found

    def _nullable(self, type_: Any) -> Any:
        wish = NullableType(type_)
        return wish if needed(wish) <= self._carried else type_

    def field(self, type_: Any, *, default: Any = None) -> Field:
        """An attribute with a name of its own."""
        name = self.name()
        if default is None and self._implies and self.random.random() < 0.25:
            implied = Field(name, type_, Constant(_ZEROS.get(type_, 0)), implied=True)
            if type_ in _ZEROS or (isinstance(type_, EnumType) and type_.open):
                return implied
        return Field(name, type_, *(default or self.default(type_)))

    def object_since(self, type_: Any) -> Field:
        """Objects that older records lack: none, or null, or absent, as the kind of model can say it."""
        name = self.name()
        bare = type_.inner if isinstance(type_, NullableType) else type_
        none = Field(name, bare, FACTORY, []) if isinstance(bare, ListType) else None
        wishes = (
            none or Field(name, NullableType(bare), Constant(None)),
            *(Field(name, bare, default) for default in (Constant([]), Constant({}), ABSENT)),
        )
        return next(wish for wish in wishes if self.fits(wish))

    def default(self, type_: Any) -> tuple[Any, Any]:
        """A default that the kind of model allows for the type, and what it computes."""
        drawn = self._default(type_)
        may_be_absent = self._says(Field("", type_, ABSENT))
        if self._says(Field("", type_, drawn[0])):
            required = drawn[0] is REQUIRED
            return (ABSENT, None) if required and may_be_absent and self.random.random() < 0.3 else drawn
        empty = {ListType: (Constant([]),), MapType: (Constant({}),)}.get(type(type_), ())
        others = [each for each in (ABSENT, REQUIRED, *empty) if self._says(Field("", type_, each))]
        return self.random.choice(others), None

    def _default(self, type_: Any) -> tuple[Any, Any]:
        roll = self.random.random()
        match type_:
            case NullableType():
                return (Constant(None), None) if roll < 0.85 else (REQUIRED, None)
            case ListType():
                if roll < 0.4 and self._says(Field("", type_, Constant([]))):
                    return Constant([]), None
                return (FACTORY, []) if roll < 0.7 else (REQUIRED, None)
            case MapType():
                return (FACTORY, {}) if roll < 0.6 else (REQUIRED, None)
            case Nested() | Choice() | AnyType():
                return REQUIRED, None
            case EnumType(members=members):
                if len(members) == 1:
                    return REQUIRED, None
                return (Constant(members[0]), None) if roll < 0.5 else (REQUIRED, None)
            case Scalar(name=name):
                if roll < 0.1:
                    return FACTORY, scalar(self.random, name)
                return (Constant(scalar(self.random, name)), None) if roll < 0.55 else (REQUIRED, None)
        raise TypeError(type_)

    def root(self) -> Spec:
        """The outermost object of a history."""
        root = self.spec(self.random.choice((0, 1, 1, 2, 2)), shares=False)
        if self.random.random() < 0.3:
            # One model at two places: its changes are declared once, by class.
            shared = self.spec(0, shares=True)
            root.stages[0] += (self.field(self._nullable(_held(shared))), self.field(ListType(_held(shared))))
        return root


def _held(spec: Spec) -> Any:
    return Nested(spec)


def _copied(item: Any) -> Any:
    return type(item)(item) if isinstance(item, list | dict) else item
