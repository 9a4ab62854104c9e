"""Small trees that say something about one attribute, and whether two releases mean the same by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from versioned_serde import plugins
from versioned_serde.errors import LockError, SerdeError
from versioned_serde.limits import DEFAULT_LIMITS
from versioned_serde.lock.description import quoted
from versioned_serde.shape import (
    AnyType,
    Attribute,
    Constant,
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
from versioned_serde.tree import Tree

_SCALARS: dict[str, tuple[Any, ...]] = {
    "str": ("", "a", "7"),
    "int": (0, 1, -1, 2**40),
    "float": (0.0, 1.5),
    "bool": (False, True),
    "bytes": (b"", b"\xff"),
    "decimal": (Decimal(0), Decimal("1.50")),
    "datetime": (datetime(2024, 2, 29, 12, 30, tzinfo=UTC),),
    "date": (date(2024, 2, 29),),
    "time": (time(12, 30),),
    "timedelta": (timedelta(0), timedelta(seconds=90)),
    "uuid": (UUID(int=0),),
}
"""Values of which one or the other is refused by whoever expects another type."""
_MOST_MEMBERS = 64
"""Members of an enum that are tried; of many, those at both ends."""
_UNSET = object()


def trees_about(shape: Shape, path: str) -> Iterator[Tree]:
    """Small valid trees of a shape that differ in one attribute.

    Args:
        shape: the shape.
        path: of the attribute, as in a lock. Where the shape does not have it, the object that would hold it is there.
    """
    return _objects_about(shape.unrolled, "", path)


def smallest(shape: Shape) -> Tree:
    """The tree that holds what is always written, and of that the least.

    Raises:
        LockError: there is none, because a level requires the next one.
    """
    try:
        return {each.name: _first(each.type) for each in shape.unrolled.attributes if each.always_written}
    except RecursionError:
        raise LockError(f"No smallest value of `{shape.name}` was found.") from None


def difference(written: Tree, by: Shape, read: Tree, as_: Shape, path: str = "") -> str | None:
    """The path of an attribute by which two releases mean different things; None if there is none.

    What only one of them knows is no difference.

    Args:
        written: what a record holds, as its writer sees it.
        by: the writer's shape.
        read: the same as its reader sees it.
        as_: the reader's shape.
        path: of the object.
    """
    for attribute in by.unrolled.attributes:
        other = as_.unrolled.get(attribute.name)
        if other is None:
            continue
        ours, theirs = _meaning(written, attribute), _meaning(read, other)
        within = f"{path}{quoted(attribute.name)}"
        if ours is _UNSET or theirs is _UNSET:
            if ours is not theirs:
                return within
        elif (found := _difference(ours, attribute.type, theirs, other.type, within)) is not None:
            return found
    return None


def _meaning(tree: Tree, attribute: Attribute) -> Any:
    if attribute.name in tree:
        return tree[attribute.name]
    return attribute.default.value if isinstance(attribute.default, Constant) else _UNSET


def _difference(ours: Any, type_: Type, theirs: Any, other: Type, path: str) -> str | None:
    type_, other = _not_null(type_), _not_null(other)
    if isinstance(ours, list) and isinstance(theirs, list) and (type(type_), type(other)) == (ListType, ListType):
        if len(ours) != len(theirs):
            return path
        pairs = [(one, another) for one, another in zip(ours, theirs, strict=True)]
        return _first_difference(pairs, type_.item, other.item, path)  # type: ignore[union-attr]
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if isinstance(type_, MapType) and isinstance(other, MapType):
            if ours.keys() != theirs.keys():
                return path
            return _first_difference([(ours[key], theirs[key]) for key in ours], type_.value, other.value, path)
        one, another = _shape(type_, ours), _shape(other, theirs)
        if one is not None and another is not None:
            return difference(ours, one, theirs, another, f"{path}.")
    return None if _plain(ours, type_) == _plain(theirs, other) else path


def _first_difference(pairs: list[tuple[Any, Any]], type_: Type, other: Type, path: str) -> str | None:
    found = (_difference(ours, type_, theirs, other, path) for ours, theirs in pairs)
    return next((each for each in found if each is not None), None)


def _not_null(type_: Type) -> Type:
    return type_.inner if isinstance(type_, NullableType) else type_


def _shape(type_: Type, value: dict[str, Any]) -> Shape | None:
    match type_:
        case ObjectType(shape=shape):
            return shape
        case UnionType(discriminator=discriminator):
            arm = type_.arm(value.get(discriminator))
            return None if arm is None else arm.shape
        case _:
            return None


def _plain(value: Any, type_: Type) -> Any:
    """A value as JSON has it, so that a date and its text are the same."""
    try:
        return json.loads(plugins.codec("json").value(type_, DEFAULT_LIMITS).encode(value).data)
    except (SerdeError, TypeError, AttributeError):
        return value


def _objects_about(shape: Shape, prefix: str, path: str) -> Iterator[Tree]:
    base = smallest(shape)
    rest = path[len(prefix) :]
    for attribute in shape.attributes:
        name = quoted(attribute.name)
        if rest == name:
            if not attribute.always_written:
                yield base
            for value in _values(attribute.type):
                yield {**base, attribute.name: value}
            yield from _with_others(base, shape, attribute)
            return
        if rest.startswith((f"{name}.", f"{name}[")):
            for value in _values_about(attribute.type, f"{prefix}{name}", path):
                yield {**base, attribute.name: value}
            return
    yield base
    yield from _with_others(base, shape, None)


def _with_others(base: Tree, shape: Shape, attribute: Attribute | None) -> Iterator[Tree]:
    """The same with every other attribute that may be there beside it."""
    taken = {attribute.slot} if attribute is not None and attribute.slot else set()
    found = dict(base)
    for each in shape.attributes:
        if each is attribute or each.slot is None or each.slot not in taken:
            found.setdefault(each.name, _first(each.type))
            if each.slot is not None:
                taken.add(each.slot)
    yield found


def _values_about(type_: Type, place: str, path: str) -> Iterator[Any]:
    match type_:
        case NullableType(inner=inner):
            yield from _values_about(inner, place, path)
        case ListType(item=item):
            for value in _values_about(item, place, path):
                yield [value]
        case MapType(value=value_type):
            for value in _values_about(value_type, place, path):
                yield {"a": value}
        case ObjectType(shape=shape):
            yield from _objects_about(shape.unrolled, f"{place}.", path)
        case UnionType(discriminator=discriminator):
            for tag, arm in type_.objects:
                if path.startswith(f"{place}[{tag}]."):
                    for tree in _objects_about(arm.shape.unrolled, f"{place}[{tag}].", path):
                        yield {**tree, discriminator: tag}
        case _:
            return


def _first(type_: Type) -> Any:
    """The least value: null, nothing in a list."""
    match type_:
        case NullableType() | AnyType():
            return None
        case ListType():
            return []
        case MapType():
            return {}
        case _:
            return next(_values(type_))


def _values(type_: Type) -> Iterator[Any]:
    """Values that are unlike each other."""
    match type_:
        case Scalar(name=name):
            yield from _SCALARS[name]
        case EnumType(members=members, open=is_open):
            half = _MOST_MEMBERS // 2
            yield from members if len(members) <= _MOST_MEMBERS else (*members[:half], *members[-half:])
            if is_open:
                yield "unheard of" if type_.base == "str" else 2**31 - 1
        case NullableType(inner=inner):
            yield None
            yield from _values(inner)
        case ListType(item=item):
            yield []
            for value in _values(item):
                yield [value]
                yield [value, value]
        case MapType(value=value_type):
            yield {}
            for value in _values(value_type):
                yield {"a": value}
        case ObjectType(shape=shape):
            yield smallest(shape)
            yield from _with_others(smallest(shape), shape.unrolled, None)
        case UnionType(discriminator=discriminator):
            for tag, arm in type_.objects:
                yield {**smallest(arm.shape), discriminator: tag}
        case AnyType():
            yield from (None, True, 1, "a", [], {})
        case RecursiveType():  # of an unrolled shape there is none
            return
