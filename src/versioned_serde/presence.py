"""Shapes of records that hold what defaults imply, too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from versioned_serde.shape import FACTORY, Constant, ListType, MapType, NullableType, ObjectType, Shape, Type, UnionType


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
            done: dict[int, Any] = {id(arm): _all_present(arm) for _, arm in arms}  # one object type, if it was one
            return replace(type_, arms=tuple((tag, done[id(arm)]) for tag, arm in arms))
        case _:
            return type_
