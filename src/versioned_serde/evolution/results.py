"""What users' functions in steps give, checked against the type: what is not of it no reader could read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from versioned_serde.errors import ConversionError, SerdeError
from versioned_serde.shape import (
    AnyType,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Scalar,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import COMPLEMENT, Raw, Tree, Typed, copied

_EXACT = 2**53
"""Up to here every integer exactly is a float."""
_PYTHON = {"decimal": "Decimal", "uuid": "UUID"}
"""Scalars whose types in Python have another name."""


def called(step: str, direction: str, function: Callable[[Any], Any], given: Any) -> Any:
    """What a step's function gives, not yet checked.

    Raises:
        ConversionError: it failed.
    """
    try:
        return function(given)
    except SerdeError:
        raise
    except Exception as error:
        # The function's own text may quote the value, so only its type is told.
        raise ConversionError(
            f"{step} failed on the way {direction} with {type(error).__name__}.",
            step=step,
            hint="Its functions must accept every valid value.",
        ) from error


def checked(step: str, type_: Type, value: Any) -> Any:
    """A copy of a tree value, if it is of the type at every level; an int that exactly is a float becomes one.

    Args:
        step: the step that gave it, for the error.
        type_: what it should be.
        value: what the function gave. It may give the same object for other records.

    Raises:
        ConversionError: it is of another type; with the path.
    """
    match type_:
        case NullableType(inner):
            return None if value is None else checked(step, inner, value)
        case Scalar(name):
            if name == "float" and type(value) is int and abs(value) <= _EXACT:
                return float(value)
            if type(value).__name__ == _PYTHON.get(name, name):
                return value
        case EnumType(members=members):
            if type(value).__name__ == type_.base and (type_.open or value in members):
                return value
        case ListType(item):
            if type(value) is list:
                return [_inside(f"[{index}]", step, item, element) for index, element in enumerate(value)]
        case AnyType():
            return copied(value)
        case RecursiveType():
            pass  # the default of an attribute whose models are just being described
        case _:
            if type(value) is dict:
                return _dict(step, type_, value)
    raise _misfit(step, type_, value)


def _dict(step: str, type_: MapType | ObjectType | UnionType, value: Tree) -> Tree:
    if isinstance(type_, MapType):
        if all(type(name) is str for name in value):
            return {name: _inside("[*]", step, type_.value, element) for name, element in value.items()}
        raise _misfit(step, type_, value)
    arm = type_.arm(value.get(type_.discriminator)) if isinstance(type_, UnionType) else type_
    if arm is None:
        raise _misfit(step, type_, value)
    return _object(step, arm.shape, value)


def _misfit(step: str, type_: Type, value: Any) -> ConversionError:
    return ConversionError(
        f"{step} gives a `{'None' if value is None else type(value).__name__}` where {_declared(type_)} is declared.",
        step=step,
        hint="Mend its function: it gives typed Python values, enums as raw values, objects as dicts by wire names.",
    )


def _object(step: str, shape: Shape, value: Tree) -> Tree:
    result: Tree = {}
    for name, item in value.items():
        attribute = shape.unrolled.get(name)
        if attribute is not None:
            result[name] = _inside(name, step, attribute.type, item)
        elif name == COMPLEMENT or type(item) is Raw or type(item) is Typed:
            result[name] = copied(item)  # came with the record, and was handed on
        else:
            raise ConversionError(
                f"{step} gives an attribute that `{shape.name}` does not have at that version.",
                step=step,
                hint="Mend its function, or declare the attribute.",
            ).inside(name)
    return result


def _inside(place: str, step: str, type_: Type, value: Any) -> Any:
    try:
        return checked(step, type_, value)
    except ConversionError as error:
        raise error.inside(place) from None


def _declared(type_: Type) -> str:
    match type_:
        case Scalar(name):
            return f"a `{_PYTHON.get(name, name)}`"
        case EnumType():
            return f"a member of an enum, as its raw `{type_.base}`"
        case ListType():
            return "a list"
        case MapType():
            return "a map with `str` keys"
        case UnionType():
            return "one of a union's objects"
        case _:
            return "an object"
