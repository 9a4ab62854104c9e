from __future__ import annotations

import enum
import typing
from collections import OrderedDict, abc
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NewType, NotRequired, Optional, Required, TypeVar, Union
from uuid import UUID

import pytest
import typing_extensions

from versioned_serde.adapters.attributes import described
from versioned_serde.annotations import describe
from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    AnyType,
    Attribute,
    Constant,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    Shape,
    Type,
    UnionType,
)


class Color(enum.Enum):
    RED = "red"
    CRIMSON = "red"  # noqa: PIE796  an alias, not a member
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    ONE = 1
    TWO = "two"


class Empty(enum.Enum):
    pass


class Rights(enum.IntFlag):
    READ = 1
    WRITE = 2


class Card: ...


class Cash: ...


class Coin: ...


class Plain: ...


class Foreign: ...


def _tagged(name: str, type_: Type, default: Any = "") -> ObjectType:
    attributes = (Attribute("note", Scalar("str")), Attribute("kind", type_, Constant(default)))
    return ObjectType(Shape(name, attributes))


MODELS: dict[type, ObjectType] = {
    Card: _tagged("Card", EnumType(("card", "visa"))),
    Cash: _tagged("Cash", EnumType(("cash",))),
    Coin: _tagged("Coin", EnumType(("cash", "coin"))),
    Plain: _tagged("Plain", Scalar("str")),
}
COLOR = EnumType(("red", "blue"))
LEVEL = EnumType((1, 2))


def type_of(annotation: Any) -> Type:
    return describe(annotation, lambda model: MODELS.get(model) if isinstance(model, type) else None)


UserId = NewType("UserId", int)
Key = NewType("Key", str)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, Scalar("str")),
        (int, Scalar("int")),
        (float, Scalar("float")),
        (bool, Scalar("bool")),
        (bytes, Scalar("bytes")),
        (Decimal, Scalar("decimal")),
        (datetime, Scalar("datetime")),
        (date, Scalar("date")),
        (time, Scalar("time")),
        (timedelta, Scalar("timedelta")),
        (UUID, Scalar("uuid")),
        (Any, AnyType()),
        (object, AnyType()),
        (Any | None, AnyType()),
        (Optional[int], NullableType(Scalar("int"))),  # noqa: UP045
        (int | None, NullableType(Scalar("int"))),
        (None | int, NullableType(Scalar("int"))),
        (list[int | None], ListType(NullableType(Scalar("int")))),
        (typing.List[int], ListType(Scalar("int"))),  # noqa: UP006
        (dict[str, list[int]], MapType(ListType(Scalar("int")))),
        (abc.Mapping[str, int], MapType(Scalar("int"))),
        (dict[Key, int], MapType(Scalar("int"))),
        (Card, MODELS[Card]),
        (Color, COLOR),
        (Level, LEVEL),
        (Literal["red", "blue"], COLOR),
        (Literal[Color.RED, Color.BLUE], COLOR),
        (Literal["red", "blue", None], NullableType(COLOR)),
        (Color | str, EnumType(("red", "blue"), open=True)),
        (Union[str, Color, None], NullableType(EnumType(("red", "blue"), open=True))),  # noqa: UP007
        (int | Level, EnumType((1, 2), open=True)),
        (Literal["red", "blue"] | str, EnumType(("red", "blue"), open=True)),
        (Card | Cash | None, NullableType(type_of(Card | Cash))),
        (Annotated[int, "a comment"], Scalar("int")),
        (Required[Annotated[int, 1]], Scalar("int")),
        (NotRequired[int], Scalar("int")),
        (Final[int], Scalar("int")),
        (typing_extensions.ReadOnly[int], Scalar("int")),
        (UserId, Scalar("int")),
        (typing_extensions.TypeAliasType("Numbers", list[UserId]), ListType(Scalar("int"))),
    ],
    ids=str,
)
def test_annotations_and_their_types(annotation: Any, expected: Type) -> None:
    assert type_of(annotation) == expected


@pytest.mark.parametrize(
    ("annotation", "container"),
    [
        (list[int], "list"),
        (abc.Sequence[int], "list"),
        (abc.MutableSequence[int], "list"),
        (tuple[int, ...], "tuple"),
        (set[int], "set"),
        (abc.MutableSet[int], "set"),
        (frozenset[int], "frozenset"),
        (abc.Set[int], "frozenset"),
    ],
)
def test_the_container_is_remembered_but_does_not_count(annotation: Any, container: str) -> None:
    described_type = type_of(annotation)
    assert isinstance(described_type, ListType)
    assert described_type.container == container
    assert described_type == ListType(Scalar("int"))


@pytest.mark.parametrize("annotation", [Color, Color | str, Literal[Color.RED]])
def test_the_enum_class_is_remembered(annotation: Any) -> None:
    described_type = type_of(annotation)
    assert isinstance(described_type, EnumType)
    assert described_type.cls is Color
    assert described_type.base == "str"


def test_arms_are_told_apart_by_every_value_of_the_first_attribute_that_does() -> None:
    assert type_of(Card | Cash) == UnionType(
        "kind", (("card", MODELS[Card]), ("visa", MODELS[Card]), ("cash", MODELS[Cash]))
    )


_FOREIGN = " Use basic types or a model of your own, and convert at the edge of your service."
_ARMS = (
    " is a union that the bytes could not tell apart. Give each arm a model with one common attribute of a distinct"
    " `Literal` value, such as `kind: Literal['card']`."
)
_HOLDS = " does not say what it holds. Write `list[X]` or `dict[str, X]`."
_MEMBERS = " are not all `str` or all `int`. Give every member a value of one of these types."


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (Foreign, "`Foreign` of `tests.test_annotations` is not a type whose bytes this service controls." + _FOREIGN),
        (complex, "`complex` is not a type whose bytes this service controls." + _FOREIGN),
        (None, "`None` is not a type whose bytes this service controls." + _FOREIGN),
        (TypeVar("T"), "`~T` of `tests.test_annotations` is not a type whose bytes this service controls." + _FOREIGN),
        (
            OrderedDict[str, int],
            "`OrderedDict` of `collections` is not a type whose bytes this service controls." + _FOREIGN,
        ),
        (list, "`list`" + _HOLDS),
        (typing.List, "`list`" + _HOLDS),  # noqa: UP006
        (dict, "`dict`" + _HOLDS),
        (abc.Mapping, "`Mapping`" + _HOLDS),
        (tuple, "`tuple`" + _HOLDS),
        (
            tuple[int, str],
            (
                "`tuple[int, str]` is a tuple of fixed length, whose positions have no names to evolve by."
                " Use a model with named attributes, or `tuple[X, ...]`."
            ),
        ),
        (dict[int, str], "`dict[int, str]` is a map whose keys are not `str`. Use `dict[str, X]`."),
        (Mixed, "The members of `Mixed`" + _MEMBERS),
        (Empty, "The members of `Empty`" + _MEMBERS),
        (Literal[1, "a"], "The members of `Literal[1, 'a']`" + _MEMBERS),
        (Literal[True], "The members of `Literal[True]`" + _MEMBERS),
        (
            Rights,
            "`Rights` is a `Flag`, whose values are combinations of its members. Use a `list` of an `Enum`, or `int`.",
        ),
        (int | str, "`int | str`" + _ARMS),
        (Color | int, "`Color | int`" + _ARMS),
        (Card | str, "`Card | str`" + _ARMS),
        (Card | Plain, "`Card | Plain`" + _ARMS),
        (Cash | Coin, "`Cash | Coin`" + _ARMS),
    ],
    ids=str,
)
def test_what_is_refused(annotation: Any, text: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        type_of(annotation)
    assert str(caught.value) == text


def test_an_attribute_is_named_where_its_type_is_refused() -> None:
    with pytest.raises(DeclarationError) as caught:
        described("outer", list[Foreign], lambda annotation: described("inner", annotation, type_of))
    assert caught.value.path == "outer.inner"


def test_a_type_that_contains_itself_is_refused() -> None:
    @dataclass
    class Recursive:
        """Stands for the alias of Python 3.12, `type Recursive = list[Recursive]`."""

    Recursive.__supertype__ = list[Recursive]  # type: ignore[attr-defined]
    with pytest.raises(DeclarationError) as caught:
        described("x", Recursive, type_of)
    assert str(caught.value) == (
        "at `x`: The type contains itself, so it has no end. Use `Any` for a value of any depth."
    )
