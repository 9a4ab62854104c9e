"""Which msgspec Structs msgspec itself writes in the MessagePack that the codec `msgpack` makes of their trees."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from inspect import getattr_static

from versioned_serde.protocols import ModelKind
from versioned_serde.shape import EnumType, ListType, MapType, NullableType, ObjectType, Scalar, Shape, Type, UnionType

_ALIKE = {"str", "int", "float", "bool", "bytes", "date", "uuid"}
"""Not among them: moments, which msgspec writes as time stamps or with another text, and decimals, of which the codec
refuses some."""


def written_alike(shape: Shape, kind_of: Callable[[Shape], ModelKind]) -> bool:
    """Whether msgspec gives the codec's bytes for every instance that holds values exactly of the declared types."""
    if kind_of(shape).name != "msgspec":
        return False
    config = shape.model.__struct_config__
    if config.array_like or config.omit_defaults:
        return False

    def alike(type_: Type) -> bool:
        match type_:
            case Scalar(name):
                return name in _ALIKE
            case EnumType(cls=cls):
                return cls is None or _plain_enum(cls)
            case NullableType(inner) | ListType(inner, container="list" | "tuple") | MapType(inner):
                return alike(inner)
            case ObjectType(nested):
                return written_alike(nested, kind_of)
            case UnionType(arms=arms):
                return all(alike(arm) for _, arm in arms)
            case _:  # a set is sorted by the codec, and what may be anything is looked at as it comes
                return False

    return all(alike(attribute.type) for attribute in shape.attributes)


def _plain_enum(cls: type) -> bool:
    return issubclass(cls, Enum) and getattr_static(cls, "value", None) is getattr_static(Enum, "value")
