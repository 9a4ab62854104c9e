"""Made-up schemas and values, drawn from a source of randomness, which may be Hypothesis' own."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from versioned_serde.shape import (
    FACTORY,
    REQUIRED,
    AnyType,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    Scalar,
)
from versioned_serde.testing.histories import KEY, KIND, Choice, Field, Nested, Spec

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
_COMMON = ("str", "int", "decimal", "bool")
_RARE = ("float", "bytes", "datetime", "date", "time", "timedelta", "uuid")


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
        mutable_defaults: whether the kind of model allows a list as a constant default.
    """

    def __init__(self, random: Random, *, mutable_defaults: bool) -> None:
        self.random = random
        self.mutable_defaults = mutable_defaults
        self.keyed: set[int] = set()
        self._names = iter(first + second for second in ("", *string.digits) for first in string.ascii_lowercase)
        self._specs = 0

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
            found: Any = Scalar(self.random.choice(_COMMON))  # type: ignore[arg-type]
        elif roll < 0.65:
            found = Scalar(self.random.choice(_RARE))  # type: ignore[arg-type]
        elif roll < 0.82:
            found = self.enum_type()
        elif roll < 0.9:
            found = ListType(Scalar(self.random.choice(("int", "decimal"))))
        elif roll < 0.97:
            found = MapType(Scalar(self.random.choice(("str", "int"))))
        else:
            return AnyType()
        return NullableType(found) if self.random.random() < 0.3 else found

    def enum_type(self) -> EnumType:
        """An enum or Literal, open or closed."""
        members: Any = ("red", "green") if self.random.random() < 0.6 else (1, 2)
        return EnumType(members, open=self.random.random() < 0.5, cls=self.random.choice((None, object)))

    def object_type(self, depth: int, *, shares: bool) -> Any:
        """A type with objects in it."""
        roll = self.random.random()
        if roll < 0.45:
            return ListType(_held(self.spec(depth, shares=shares, key=self.random.random() < 0.4)))
        if roll < 0.55:
            return ListType(ListType(_held(self.spec(depth, shares=shares))))
        if roll < 0.65:
            return MapType(_held(self.spec(depth, shares=shares)))
        if roll < 0.75:
            arms = tuple((tag, self.spec(depth, shares=True, tag=tag)) for tag in ("card", "cash"))
            found: Any = Choice(arms)
            return ListType(found) if self.random.random() < 0.3 else found
        found = Nested(self.spec(depth, shares=shares))
        return NullableType(found) if self.random.random() < 0.6 else found

    def field(self, type_: Any, *, default: Any = None) -> Field:
        """An attribute with a name of its own."""
        return Field(self.name(), type_, *(default or self.default(type_)))

    def default(self, type_: Any) -> tuple[Any, Any]:
        """A default that every kind of model allows for the type, and what it computes."""
        roll = self.random.random()
        match type_:
            case NullableType():
                return (Constant(None), None) if roll < 0.85 else (REQUIRED, None)
            case ListType():
                if self.mutable_defaults and roll < 0.4:
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
            root.stages[0] += (
                self.field(NullableType(_held(shared))),
                self.field(ListType(_held(shared)), default=(REQUIRED, None)),
            )
        return root


def _held(spec: Spec) -> Any:
    return Nested(spec)


def _copied(item: Any) -> Any:
    return type(item)(item) if isinstance(item, list | dict) else item
