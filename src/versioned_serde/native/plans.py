"""Shapes -> plans of the native core."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from operator import attrgetter
from types import MemberDescriptorType
from typing import Any

from versioned_serde.errors import SerdeError
from versioned_serde.evolution.outline import Outline, Part
from versioned_serde.limits import Limits
from versioned_serde.native import Formats, Layouts, Target, core
from versioned_serde.shape import (
    REQUIRED,
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

try:
    from versioned_serde.native import shortest
except ImportError:  # no C++ compiler was there
    pass
else:
    core.use_digits(shortest.DIGITS)

_DEEPEST = 100
"""Of a shape: what is in it is written by recursion on the C stack."""
_MOST = 65_535
"""Attributes of an object."""
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_GIVEN = "__pydantic_fields_set__"


class Unusual(Exception):  # noqa: N818  no error: it says that the pure path is to be taken
    """A shape that no plan can write exactly as the pure path does."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written for one name in an object, as `core.record` takes it.

    Attributes:
        key: the name as payload.
        undeclared: whether it makes the record mixed.
        left_out: whether it is not written at all, and makes the record mixed nevertheless.
        name: of the attribute in Python that has the value; None for a constant alone.
        member: its slot.
        steps: how many entries of a dict in the usual order lead to it from the one before; 0 if it is looked up.
        always: whether it counts as given without being named among those that are.
        needed: whether a value without it is unusual.
        constant: key and value for a value that does not have it.
        plan: of its values.
    """

    key: bytes
    undeclared: bool
    left_out: bool
    name: str | None = None
    member: MemberDescriptorType | None = None
    steps: int = 0
    always: bool = False
    needed: bool = False
    constant: bytes | None = None
    plan: core.Plan | None = None


def encoder(
    json: bool, outline: Outline, target: Target, layout_of: Layouts, formats: Formats, limits: Limits, most: int
) -> core.Encoder | None:
    """See `native.compile_encoder`."""
    try:
        plan = _Plans(json, target, layout_of, formats, limits).record(outline, target.shape, limits.max_depth)
    except Unusual:
        return None
    return core.Encoder(plan, most, limits.max_items)


class _Plans:
    def __init__(self, json: bool, target: Target, layout_of: Layouts, formats: Formats, limits: Limits) -> None:
        self._json = json
        self._target = target
        self._layout_of = layout_of
        self._formats = formats
        self._deepest = limits.max_depth - _DEEPEST
        self._digits = limits.max_digits
        # In JSON, an int of more digits than the limit is refused, and in MessagePack one of 64 bits never is.
        bound = 10**limits.max_digits - 1 if json else _HIGHEST + 1
        self._lowest, self._highest = max(-bound, _LOWEST), min(bound, _HIGHEST)

    def type(self, held: Type, written: Type, room: int, nested: Iterator[Outline]) -> core.Plan:
        """The plan of a type, in which `room` objects and lists may be nested.

        Args:
            held: the type as values in memory have it.
            written: the type as the version has it; differs in enums and in what objects hold.
            room: how many objects and lists may be nested in it.
            nested: of the objects within it.
        """
        match held, written:
            case Scalar(name=name), Scalar():
                return self._scalar(name)
            case EnumType(), EnumType():
                return self._enum(held, written)
            case NullableType(inner=inner), NullableType(inner=written_inner):
                return core.nullable(self.type(inner, written_inner, room, nested))
            case ListType(item=item, container="list" | "tuple"), ListType(item=written_item):
                return core.sequence(self.type(item, written_item, self._within(room), nested))
            case MapType(value=value), MapType(value=written_value):
                return core.mapping(self.type(value, written_value, self._within(room), nested))
            case ObjectType(), ObjectType(shape=shape):
                return self.record(next(nested), shape, room)
            case UnionType(), UnionType():
                return self._union(held, written, room, nested)
            case ListType(item=item), ListType(item=written_item):
                plan = self.type(item, written_item, self._within(room), nested)
                return core.unordered(plan, _ordered(item))
            case AnyType(), AnyType():
                room = min(room, _DEEPEST)
                return core.anything(self._json, self._lowest, self._highest, self._formats.float_text, room)
        raise Unusual

    def record(
        self, outline: Outline, written: Shape, room: int, arm: tuple[str, str | int] | None = None
    ) -> core.Plan:
        """The plan of an object; as an arm of a union, with the discriminator and its value."""
        room = self._within(room)
        layout = self._layout_of(outline.newest)
        if layout is None:
            raise Unusual
        model = layout.model
        given = _member(model, _GIVEN) if layout.access == "dict" else None
        if given is None and layout.access == "dict":
            raise Unusual
        if arm is not None and not _plain(outline.parts.get(arm[0])):
            raise Unusual
        entries: list[Entry] = []
        at = -1
        for name, part, attribute in _in_order(outline, written):
            entry = Entry(self._key(name), part.undeclared, part.undeclared and not self._target.keeps)
            type_ = part.type if attribute is None else attribute.type
            if part.constant is not None:
                entry = replace(entry, constant=entry.key + self._constant(type_, part.constant.value, room))
            if part.source is not None:
                place = outline.newest.names.index(part.source)
                source, python_name = outline.newest.attributes[place], layout.names[place]
                tag = arm is not None and arm[0] == name
                entry = replace(
                    entry,
                    name=python_name,
                    member=_member(model, python_name) if layout.access == "attributes" else None,
                    steps=max(0, place - at),
                    always=source.always_written,
                    needed=tag or (self._target.complete and attribute is not None and attribute.default is REQUIRED),
                    plan=self._tag(source.type, arm[1])
                    if tag and arm
                    else self.type(source.type, type_, room, iter(part.nested)),
                )
                at = max(at, place)
            entries.append(entry)
        if len(entries) > _MOST:
            raise Unusual
        extra = None if layout.extra is None else _member(model, layout.extra)
        if extra is None and layout.extra is not None:
            raise Unusual
        return core.record(self._json, model, given, extra, layout.absent, entries)

    def _constant(self, type_: Type, value: Any, room: int) -> bytes:
        try:
            return self._formats.constant(type_, value, room)
        except SerdeError:
            raise Unusual from None

    def _within(self, room: int) -> int:
        """The room in an object or a list."""
        if room <= max(0, self._deepest):
            raise Unusual
        return room - 1

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
                return core.real(json, self._formats.float_text)
            case "decimal":
                return core.decimal(json, self._formats.text(name), self._digits)
            case "bytes" if not json:
                return core.binary(json)
        return core.rich(json, name)

    def _enum(self, held: EnumType, written: EnumType) -> core.Plan:
        pieces = {raw: self._spelled(raw) for raw in written.members}
        members: list[tuple[Any, bytes]] = []
        if held.cls is not None:
            if not issubclass(held.cls, Enum) or _static(held.cls, "value") is not _static(Enum, "value"):
                raise Unusual
            for member in held.cls:
                if type(member.value) is not type(held.members[0]):
                    raise Unusual
                if member.value in pieces:
                    members.append((member, pieces[member.value]))
                elif written.open:
                    members.append((member, self._spelled(member.value)))
        unlisted = self._scalar(written.base) if written.open else None
        return core.enumeration(self._json, members, pieces, type(written.members[0]), unlisted)

    def _union(self, held: UnionType, written: UnionType, room: int, nested: Iterator[Outline]) -> core.Plan:
        if len(held.objects) < len(held.arms):
            raise Unusual
        models = [arm.shape.model for _, arm in held.objects]
        if len(set(map(id, models))) < len(models):
            raise Unusual
        arms = [
            self.record(next(nested), arm.shape, room, (written.discriminator, tag)) for tag, arm in written.objects
        ]
        return core.union(self._json, arms)

    def _tag(self, type_: Type, tag: str | int) -> core.Plan:
        """The discriminator of an arm. Any other value than the arm's own is unusual: it means another arm, or none."""
        if not isinstance(type_, EnumType) or type_.cls is not None:
            raise Unusual
        return core.enumeration(self._json, [], {tag: self._spelled(tag)}, type(tag), None)

    def _key(self, name: str) -> bytes:
        return b",%b:" % self._spelled(name) if self._json else self._spelled(name)

    def _spelled(self, value: str | int) -> bytes:
        spelled = core.spelled(value, self._json)
        if spelled is None:
            raise Unusual
        return spelled


def _plain(part: Part | None) -> bool:
    """Whether it is an attribute of the newest version that is still declared, and nothing else."""
    return part is not None and part.source is not None and part.constant is None and not part.undeclared


def _in_order(outline: Outline, written: Shape) -> Iterator[tuple[str, Part, Attribute | None]]:
    """The parts of an object in the order in which codecs write them, with what the version declares of them."""
    for attribute in written.attributes:
        part = outline.parts.get(attribute.name)
        if part is not None:
            yield attribute.name, part, attribute
    rest = {name: part for name, part in outline.parts.items() if part.undeclared}
    if len(rest) > 1 and not all(part.placed for part in rest.values()):
        raise Unusual
    for name, part in rest.items():
        yield name, part, None


def _ordered(item: Type) -> Callable[[Any], list[Any]]:
    """A function that gives the elements of a set as trees have them: as a list, and always in the same order."""
    match item:
        case EnumType(cls=cls) if cls is not None:
            raw = attrgetter("value")
            return lambda found: sorted((raw(each) if isinstance(each, cls) else each for each in found), key=repr)
        case Scalar(name=name) if name != "float":
            return lambda found: sorted(found, key=repr)
        case EnumType():
            return lambda found: sorted(found, key=repr)
    raise Unusual  # elements that are converted


def _member(model: type, name: str) -> MemberDescriptorType | None:
    """The slot of that name, if looking into it is all that reading the attribute does."""
    found = _static(model, name)
    looks_there = _static(model, "__getattribute__") is _static(object, "__getattribute__")
    return found if looks_there and isinstance(found, MemberDescriptorType) else None


def _static(owner: type, name: str) -> object:
    return inspect.getattr_static(owner, name, None)
