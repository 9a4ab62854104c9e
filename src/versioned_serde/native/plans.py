"""Shapes -> plans of the native core."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from types import MemberDescriptorType
from typing import Any

from versioned_serde.limits import Limits
from versioned_serde.native import core
from versioned_serde.protocols import Layout
from versioned_serde.shape import (
    AnyType,
    Attribute,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Scalar,
    ScalarName,
    Shape,
    Type,
    UnionType,
)

_DEEPEST = 100
"""Of a shape: what is in it is written by recursion on the C stack."""
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_GIVEN = "__pydantic_fields_set__"


class Unusual(Exception):  # noqa: N818  no error: it says that the pure path is to be taken
    """A shape that no plan can write exactly as the pure path does."""


def encoder(
    json: bool,
    shape: Shape,
    layout_of: Callable[[Shape], Layout | None],
    texts: Callable[[ScalarName], Callable[[Any], str]],
    float_text: Callable[[float], str],
    limits: Limits,
    most: int,
) -> core.Encoder | None:
    """See `native.compile_encoder`."""
    try:
        plan = _Plans(json, layout_of, texts, float_text, limits).record(shape, _DEEPEST)
    except Unusual:
        return None
    return core.Encoder(plan, most)


class _Plans:
    def __init__(
        self,
        json: bool,
        layout_of: Callable[[Shape], Layout | None],
        texts: Callable[[ScalarName], Callable[[Any], str]],
        float_text: Callable[[float], str],
        limits: Limits,
    ) -> None:
        self._json = json
        self._layout_of = layout_of
        self._texts = texts
        self._float_text = float_text
        # In JSON, an int of more digits than the limit is refused, and in MessagePack one of 64 bits never is.
        bound = 10**limits.max_digits - 1 if json else _HIGHEST + 1
        self._lowest, self._highest = max(-bound, _LOWEST), min(bound, _HIGHEST)

    def type(self, type_: Type, room: int) -> core.Plan:
        """The plan of a type, in which `room` objects and lists may be nested."""
        if room < 0:
            raise Unusual
        match type_:
            case Scalar(name=name):
                return self._scalar(name)
            case EnumType():
                return self._enum(type_)
            case NullableType(inner=inner):
                return core.nullable(self.type(inner, room))
            case ListType(item=item, container="list" | "tuple"):
                return core.sequence(self.type(item, room - 1))
            case MapType(value=value):
                return core.mapping(self.type(value, room - 1))
            case ObjectType(shape=shape):
                return self.record(shape, room - 1)
            case UnionType():
                return self._union(type_, room - 1)
            case ListType() | AnyType():  # a set is sorted, and what may be anything is looked at as it comes
                raise Unusual

    def record(self, shape: Shape, room: int, told_apart_by: tuple[str, str | int] | None = None) -> core.Plan:
        """The plan of an object; as an arm of a union, with the discriminator and its value."""
        layout = self._layout_of(shape)
        if layout is None or room < 0:
            raise Unusual
        model = layout.model
        attributes: list[tuple[str, Any, bytes, bool, bool, core.Plan]] = []
        for attribute, python_name in zip(shape.attributes, layout.names, strict=True):
            tag = told_apart_by is not None and told_apart_by[0] == attribute.name
            plan = self._tag(attribute, told_apart_by[1]) if tag and told_apart_by else self.type(attribute.type, room)
            member = _member(model, python_name) if layout.access == "attributes" else None
            key = self._key(attribute.name)
            attributes.append((python_name, member, key, attribute.always_written, tag, plan))
        given = _member(model, _GIVEN) if layout.access == "dict" else None
        if given is None and layout.access == "dict":
            raise Unusual
        return core.record(self._json, model, given, layout.absent, attributes)

    def _scalar(self, name: ScalarName) -> core.Plan:
        json = self._json
        match name:
            case "str":
                return core.string(json)
            case "bool":
                return core.boolean(json)
            case "int":
                return core.integer(json, self._lowest, self._highest)
            case "float":
                return core.real(json, self._float_text)
            case "bytes" if not json:
                return core.binary(json)
        return core.text(json, self._texts(name))

    def _enum(self, type_: EnumType) -> core.Plan:
        pieces = {raw: self._spelled(raw) for raw in type_.members}
        members: list[tuple[Any, bytes]] = []
        if type_.cls is not None:
            if not issubclass(type_.cls, Enum) or _static(type_.cls, "value") is not _static(Enum, "value"):
                raise Unusual
            for member in type_.cls:
                if type(member.value) is not type(type_.members[0]) or member.value not in pieces:
                    raise Unusual
                members.append((member, pieces[member.value]))
        unlisted = self._scalar(type_.base) if type_.open else None
        return core.enumeration(self._json, members, pieces, type(type_.members[0]), unlisted)

    def _union(self, type_: UnionType, room: int) -> core.Plan:
        models = [arm.shape.model for _, arm in type_.arms]
        if len(set(map(id, models))) < len(models):
            raise Unusual
        return core.union(self._json, [self.record(arm.shape, room, (type_.discriminator, tag)) for tag, arm in type_.arms])

    def _tag(self, attribute: Attribute, tag: str | int) -> core.Plan:
        """The discriminator of an arm. Any other value than the arm's own is unusual: it means another arm, or none."""
        if not isinstance(attribute.type, EnumType) or attribute.type.cls is not None:
            raise Unusual
        return core.enumeration(self._json, [], {tag: self._spelled(tag)}, type(tag), None)

    def _key(self, name: str) -> bytes:
        return b",%b:" % self._spelled(name) if self._json else self._spelled(name)

    def _spelled(self, value: str | int) -> bytes:
        spelled = core.spelled(value, self._json)
        if spelled is None:
            raise Unusual
        return spelled


def _member(model: type, name: str) -> MemberDescriptorType | None:
    """The slot of that name, if looking into it is all that reading the attribute does."""
    found = _static(model, name)
    looks_there = _static(model, "__getattribute__") is _static(object, "__getattribute__")
    return found if looks_there and isinstance(found, MemberDescriptorType) else None


def _static(owner: type, name: str) -> object:
    return inspect.getattr_static(owner, name, None)
