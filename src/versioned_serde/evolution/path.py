"""Places: where in a shape the objects are that `within` is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.errors import DeclarationError
from versioned_serde.shape import (
    Attribute,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    RecursiveType,
    Shape,
    Type,
    UnionType,
    object_types,
)

Place = str | type | Shape
"""Attribute names joined by dots, or a model class wherever it is nested."""


Change = Callable[[Shape, tuple[Shape, ...]], Shape]
"""A shape, and those around it, outermost first -> the shape changed."""


def mapped(shape: Shape, place: Place, change: Change, around: tuple[Shape, ...] = ()) -> Shape:
    """The shape with `change` applied to each object shape at a place. Back references stay as they are.

    Args:
        shape: the shape.
        place: which objects.
        change: is told the shapes around it, from this one on.
        around: the shapes around this one, for `change`.
    """
    inner = (*around, shape)

    def changed(attribute: Attribute) -> Attribute:
        rest = rest_of(place, attribute.name)
        return attribute if rest is None else replace(attribute, type=_mapped(attribute.type, rest, change, inner))

    return replace(shape, attributes=tuple(map(changed, shape.attributes)))


def rest_of(place: Place, name: str) -> Place | None:
    """The place as seen from within an attribute, or None if it does not lead through it."""
    if not isinstance(place, str):
        return place
    head, _, rest = place.partition(".")
    return rest if head == name else None


def as_in(shape: Shape, type_: Type) -> Type:
    """The type with every model that also occurs in the shape in the form that it has there.

    Raises:
        DeclarationError: the model has several forms there, so that the class does not say which one is meant.
    """
    forms: dict[Any, list[Shape]] = {}
    for nested in _nested(shape, ()):
        if nested.model is not None and nested not in forms.setdefault(nested.model, []):
            forms[nested.model].append(nested)

    for model, there in forms.items():

        def form(nested: Shape, around: tuple[Shape, ...], there: list[Shape] = there) -> Shape:
            if len(there) == 1:
                return there[0]
            raise DeclarationError(
                f"`{getattr(nested.model, '__qualname__', nested.name)}` has {len(there)} forms at that"
                " version, and the class does not say which is meant.",
                hint="Give a `Shape` with the attributes that it had.",
            )

        type_ = _mapped(type_, model, form, ())
    return type_


def referring(type_: Type, around: Sequence[Shape]) -> Type:
    """The type with a back reference in place of each object whose model is that of a shape around it.

    Args:
        type_: the type.
        around: the shapes around the place where the type is going to be.
    """
    match type_:
        case ObjectType(shape=shape):
            for outer in around:
                if shape.model is outer.model:
                    return RecursiveType(outer.name)
            attributes = tuple(replace(each, type=referring(each.type, around)) for each in shape.attributes)
            return ObjectType(replace(shape, attributes=attributes))
        case NullableType(inner=inner):
            return NullableType(referring(inner, around))
        case ListType(item=item):
            return replace(type_, item=referring(item, around))
        case MapType(value=value):
            return MapType(referring(value, around))
        case UnionType(arms=arms):
            done: dict[int, Any] = {id(arm): referring(arm, around) for _, arm in arms}
            return replace(type_, arms=tuple((tag, done[id(arm)]) for tag, arm in arms))
        case _:
            return type_


def _nested(shape: Shape, around: tuple[Shape, ...]) -> Iterator[Shape]:
    """The shapes within a whole one, whole themselves."""
    around = (*around, shape)
    for attribute in shape.unrolled.attributes:
        for nested in _entered(attribute.type, around):
            yield nested
            yield from _nested(nested, around)


def _entered(type_: Type, around: tuple[Shape, ...]) -> Iterator[Shape]:
    """The whole shapes of the objects directly within a type, but for those that are around it themselves."""
    for nested in object_types(type_):
        if all(nested.shape is not outer for outer in around):
            yield nested.shape


def _mapped(type_: Type, place: Place, change: Change, around: tuple[Shape, ...]) -> Type:
    match type_:
        case ObjectType():
            return _object(type_, place, change, around)
        case NullableType(inner=inner):
            return NullableType(_mapped(inner, place, change, around))
        case ListType(item=item):
            return replace(type_, item=_mapped(item, place, change, around))
        case MapType(value=value):
            return MapType(_mapped(value, place, change, around))
        case UnionType(discriminator=discriminator, arms=arms):
            # An arm may stand under several tags and is still one object type.
            done = {id(arm): _object(arm, place, change, around) for _, arm in type_.objects}
            if any(done[id(arm)].shape.get(discriminator) != arm.shape.get(discriminator) for _, arm in type_.objects):
                raise DeclarationError(
                    f"`{discriminator}` tells the arms of a union apart, so no step can change it within an arm.",
                    hint="Use `retype` for the attribute that holds the union.",
                )
            return replace(type_, arms=tuple((tag, done.get(id(arm), arm)) for tag, arm in arms))
        case _:
            return type_


def paths(shape: Shape, around: tuple[Shape, ...] = ()) -> Iterator[tuple[str, Type]]:
    """Every attribute of a whole shape and of the objects within it, by path (`lines.sku`), outermost first.

    A path ends where objects are like one that is around them: those have the paths of that one.
    """
    around = (*around, shape)
    for attribute in shape.unrolled.attributes:
        yield attribute.name, attribute.type
        for nested in _entered(attribute.type, around):
            for path, type_ in paths(nested, around):
                yield f"{attribute.name}.{path}", type_


def first_reused(history: Sequence[Shape]) -> str | None:
    """The path of an attribute that was gone and came back, or None.

    Args:
        history: the shapes after each step, oldest first.
    """
    gone: set[str] = set()
    before: set[str] = set()
    for shape in history:
        now = {path for path, _ in paths(shape)}
        if back := sorted(now & gone):
            return back[0]
        gone |= before - now
        before = now
    return None


def _object(type_: ObjectType, place: Place, change: Change, around: tuple[Shape, ...]) -> ObjectType:
    if isinstance(place, str):
        return ObjectType(mapped(type_.shape, place, change, around) if place else change(type_.shape, around))
    if type_.shape.model is not place:
        return ObjectType(mapped(type_.shape, place, change, around))
    # The class goes on naming these objects, even where `replace` says that they were of another one.
    return ObjectType(replace(change(type_.shape, around), model=place))


def objects_at(shape: Shape, place: Place) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """The object shapes at a place with their paths; an arm of a union is `[Card]` in it."""
    for attribute in shape.attributes:
        rest = rest_of(place, attribute.name)
        for path, nested in () if rest is None else _objects(attribute.type):
            if rest == "" or nested.model is rest:
                yield (attribute.name, *path), nested
            elif rest is not None:
                for inner, found in objects_at(nested, rest):
                    yield (attribute.name, *path, *inner), found


def _objects(type_: Type) -> Iterator[tuple[tuple[str, ...], Shape]]:
    match type_:
        case UnionType():
            for arm in {id(arm): arm for _, arm in type_.objects}.values():
                yield (f"[{arm.shape.name}]",), arm.shape
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            yield from _objects(inner)
        case _:
            for nested in object_types(type_):
                yield (), nested.shape


def shapes_at(shape: Shape, place: Place) -> list[Shape]:
    """The object shapes at a place, in the order of the attributes."""
    found: list[Shape] = []

    def note(nested: Shape, around: tuple[Shape, ...]) -> Shape:
        found.append(nested)
        return nested

    mapped(shape, place, note)
    return found


def leads_back(shape: Shape, place: Place) -> bool:
    """Whether the objects at a place are like one that is around them."""
    if not isinstance(place, str):
        return shape.recursive and shape.model is place
    head, _, rest = place.partition(".")
    attribute = shape.unrolled.get(head)
    inner = [] if attribute is None else [nested.shape for nested in object_types(attribute.type)]
    return bool(inner) if not rest else any(leads_back(nested, rest) for nested in inner)
