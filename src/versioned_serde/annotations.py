"""Annotations -> types of shapes, for what the standard library's typing can say.

Classes that are models are left to a callback, because only a model kind knows them. Whatever is neither is refused: a
type that a service does not control changes its bytes with the next release of somebody else.
"""

from __future__ import annotations

import enum
import types
import typing
from collections import abc
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    AnyType,
    Container,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)

_SCALARS: dict[Any, ScalarName] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    bytes: "bytes",
    Decimal: "decimal",
    datetime: "datetime",
    date: "date",
    time: "time",
    timedelta: "timedelta",
    UUID: "uuid",
}
_LISTS: dict[Any, Container] = {
    list: "list",
    abc.Sequence: "list",
    abc.MutableSequence: "list",
    set: "set",
    abc.Set: "frozenset",
    abc.MutableSet: "set",
    frozenset: "frozenset",
    tuple: "tuple",
}
_MAPS = (dict, abc.Mapping, abc.MutableMapping)


Models = Callable[[Any], ObjectType | RecursiveType | None]
"""The object type of a model class, a back reference to a model that is just being described, or None."""
Alone = Callable[[Any], Shape]
"""The shape of a model class, in which only the types without models are right."""


def describe(annotation: Any, model: Models, alone: Alone | None = None) -> Type:
    """The type that an annotation means.

    Args:
        annotation: a type, a typing construct, or a model class.
        model: gives the object type of a model class, or None for anything else.
        alone: looks into a model that is just being described; needed where `model` gives back references.

    Raises:
        DeclarationError: for a foreign or arbitrary type, and for what no codec could tell apart.
    """
    annotation = _plain(annotation)
    if annotation is Any or annotation is object:
        return AnyType()
    if isinstance(annotation, type) and annotation in _SCALARS:
        return Scalar(_SCALARS[annotation])
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _enum(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return _literal(arguments)
    if origin is typing.Union or origin is types.UnionType:
        return _union(arguments, model, alone)
    if not arguments and (origin or annotation) in (*_LISTS, *_MAPS):
        raise DeclarationError(
            f"`{(origin or annotation).__name__}` does not say what it holds.",
            hint="Write `list[X]` or `dict[str, X]`.",
        )
    if origin in _LISTS:
        if origin is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
            raise DeclarationError(
                f"`{annotation}` is a tuple of fixed length, whose positions have no names to evolve by.",
                hint="Use a model with named attributes, or `tuple[X, ...]`.",
            )
        return ListType(describe(arguments[0], model, alone), _LISTS[origin])
    if origin in _MAPS:
        if _plain(arguments[0]) is not str:
            raise DeclarationError(f"`{annotation}` is a map whose keys are not `str`.", hint="Use `dict[str, X]`.")
        return MapType(describe(arguments[1], model, alone))
    if (described := model(annotation)) is not None:
        return described
    raise DeclarationError(
        f"`{getattr(annotation, '__qualname__', annotation)}`"
        f"{_module(annotation)} is not a type whose bytes this service controls.",
        hint="Use basic types or a model of your own, and convert at the edge of your service.",
    )


def _module(annotation: Any) -> str:
    module = getattr(annotation, "__module__", None)
    return f" of `{module}`" if module and module != "builtins" else ""


def _plain(annotation: Any) -> Any:
    """Without what does not change the bytes: `Annotated`, `NewType`, `Required`, a type alias, `Final`, `ReadOnly`."""
    while True:
        origin = typing.get_origin(annotation)
        # `ReadOnly` is in typing from Python 3.13 on, and in typing_extensions before.
        if origin in (typing.Annotated, typing.Required, typing.NotRequired, typing.Final) or (
            str(origin).endswith(".ReadOnly")
        ):
            annotation = typing.get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        else:
            return annotation


def _enum(cls: type[enum.Enum]) -> EnumType:
    if issubclass(cls, enum.Flag):
        raise DeclarationError(
            f"`{cls.__qualname__}` is a `Flag`, whose values are combinations of its members.",
            hint="Use a `list` of an `Enum`, or `int`.",
        )
    return _members(tuple(member.value for member in cls), cls)


def _literal(arguments: tuple[Any, ...]) -> Type:
    values = tuple(argument for argument in arguments if argument is not None)
    classes = {type(value) for value in values}
    if len(classes) == 1 and isinstance(values[0], enum.Enum):
        described = _members(tuple(value.value for value in values), classes.pop())
    else:
        described = _members(values, None)
    return described if len(values) == len(arguments) else NullableType(described)


def _members(values: tuple[Any, ...], cls: type | None) -> EnumType:
    if values and ({type(value) for value in values} in ({str}, {int})):
        return EnumType(values, cls=cls)
    raise DeclarationError(
        f"The members of `{cls.__qualname__ if cls else f'Literal{list(values)}'}` are not all `str` or all `int`.",
        hint="Give every member a value of one of these types.",
    )


def _union(arguments: tuple[Any, ...], model: Models, alone: Alone | None) -> Type:
    arms = [_plain(argument) for argument in arguments]
    if type(None) in arms:
        rest = tuple(arm for arm in arms if arm is not type(None))
        inner = describe(rest[0], model, alone) if len(rest) == 1 else _union(rest, model, alone)
        return inner if isinstance(inner, NullableType | AnyType) else NullableType(inner)
    described = [describe(arm, model, alone) for arm in arms]
    if len(described) == 2:
        # `Color | str` is how an enum is declared open: an unknown member stays a plain value.
        for one, other in (described, described[::-1]):
            if isinstance(one, EnumType) and other == Scalar(one.base):
                return EnumType(one.members, open=True, cls=one.cls)
    objects: list[tuple[ObjectType | RecursiveType, Shape]] = []
    for arm, type_ in zip(arms, described, strict=True):
        if isinstance(type_, ObjectType):
            objects.append((type_, type_.shape))
        elif isinstance(type_, RecursiveType) and alone is not None:
            objects.append((type_, alone(arm)))
    if len(objects) == len(described) and (union := _discriminated(objects)) is not None:
        return union
    raise DeclarationError(
        f"`{' | '.join(getattr(arm, '__name__', str(arm)) for arm in arms)}` is a union that the bytes could not tell"
        " apart.",
        hint="Give each arm a model with one common attribute of a distinct `Literal` value, such as"
        " `kind: Literal['card']`.",
    )


def _discriminated(arms: list[tuple[ObjectType | RecursiveType, Shape]]) -> UnionType | None:
    for attribute in arms[0][1].attributes:
        tagged: list[tuple[str | int, ObjectType | RecursiveType]] = []
        for arm, shape in arms:
            own = shape.get(attribute.name)
            if own is None or not isinstance(own.type, EnumType) or own.type.open:
                break
            tagged.extend((member, arm) for member in own.type.members)
        else:
            if len({tag for tag, _ in tagged}) == len(tagged) and len({type(tag) for tag, _ in tagged}) == 1:
                return UnionType(attribute.name, tuple(tagged))
    return None
