"""Places: where in a shape the objects are that `within` is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.errors import DeclarationError, SerdeError
from versioned_serde.shape import (
    Attribute,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    Type,
    UnionType,
    object_types,
)
from versioned_serde.tree import Raw, Tree, Typed

Place = str | type | Shape
"""Attribute names joined by dots, or a model class wherever it is nested."""
Visit = Callable[[Any], None]


def mapped(shape: Shape, place: Place, change: Callable[[Shape], Shape]) -> Shape:
    """The shape with `change` applied to each object shape at a place."""

    def changed(attribute: Attribute) -> Attribute:
        rest = rest_of(place, attribute.name)
        return attribute if rest is None else replace(attribute, type=_mapped(attribute.type, rest, change))

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
    for nested in _nested(shape):
        if nested.model is not None and nested not in forms.setdefault(nested.model, []):
            forms[nested.model].append(nested)

    for model, there in forms.items():

        def form(nested: Shape, there: list[Shape] = there) -> Shape:
            if len(there) == 1:
                return there[0]
            raise DeclarationError(
                f"`{getattr(nested.model, '__qualname__', nested.name)}` has {len(there)} forms at that"
                " version, and the class does not say which is meant.",
                hint="Give a `Shape` with the attributes that it had.",
            )

        type_ = _mapped(type_, model, form)
    return type_


def _nested(shape: Shape) -> Iterator[Shape]:
    for attribute in shape.attributes:
        for nested in object_types(attribute.type):
            yield nested.shape
            yield from _nested(nested.shape)


def _mapped(type_: Type, place: Place, change: Callable[[Shape], Shape]) -> Type:
    match type_:
        case ObjectType():
            return _object(type_, place, change)
        case NullableType(inner=inner):
            return NullableType(_mapped(inner, place, change))
        case ListType(item=item):
            return replace(type_, item=_mapped(item, place, change))
        case MapType(value=value):
            return MapType(_mapped(value, place, change))
        case UnionType(discriminator=discriminator, arms=arms):
            # An arm may stand under several tags and is still one object type.
            done = {id(arm): _object(arm, place, change) for _, arm in arms}
            if any(done[id(arm)].shape.get(discriminator) != arm.shape.get(discriminator) for _, arm in arms):
                raise DeclarationError(
                    f"`{discriminator}` tells the arms of a union apart, so no step can change it within an arm.",
                    hint="Use `retype` for the attribute that holds the union.",
                )
            return replace(type_, arms=tuple((tag, done[id(arm)]) for tag, arm in arms))
        case _:
            return type_


def paths(shape: Shape) -> Iterator[tuple[str, Type]]:
    """Every attribute of a shape and of the objects within it, by path (`lines.sku`), outermost first."""
    for attribute in shape.attributes:
        yield attribute.name, attribute.type
        for nested in object_types(attribute.type):
            for path, type_ in paths(nested.shape):
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


def _object(type_: ObjectType, place: Place, change: Callable[[Shape], Shape]) -> ObjectType:
    if isinstance(place, str):
        return ObjectType(mapped(type_.shape, place, change) if place else change(type_.shape))
    if type_.shape.model is not place:
        return ObjectType(mapped(type_.shape, place, change))
    # The class goes on naming these objects, even where `replace` says that they were of another one.
    return ObjectType(replace(change(type_.shape), model=place))


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
        case UnionType(arms=arms):
            for arm in {id(arm): arm for _, arm in arms}.values():
                yield (f"[{arm.shape.name}]",), arm.shape
        case NullableType(inner=inner) | ListType(item=inner) | MapType(value=inner):
            yield from _objects(inner)
        case _:
            for nested in object_types(type_):
                yield (), nested.shape


def shapes_at(shape: Shape, place: Place) -> list[Shape]:
    """The object shapes at a place, in the order of the attributes."""
    found: list[Shape] = []

    def note(nested: Shape) -> Shape:
        found.append(nested)
        return nested

    mapped(shape, place, note)
    return found


def visits(shape: Shape, place: Place, each: Callable[[], Visit]) -> Visit:
    """A function that visits the objects at a place in a tree.

    Args:
        shape: the tree's shape.
        place: which objects.
        each: gives the visit for the next of `shapes_at(shape, place)`, in that order.
    """
    visits_by_name: list[tuple[str, Visit]] = []
    for attribute in shape.attributes:
        rest = rest_of(place, attribute.name)
        visit = None if rest is None else _visits(attribute.type, rest, each)
        if visit is not None:
            visits_by_name.append((attribute.name, visit))

    def visit_object(tree: Tree) -> None:
        for name, visit in visits_by_name:
            # What a later version does not declare any more is nothing that a step could be about.
            if name in tree and type(value := tree[name]) is not Raw and type(value) is not Typed:
                try:
                    visit(value)
                except SerdeError as error:
                    raise error.inside(name) from error.__cause__

    return visit_object


def _visits(type_: Type, place: Place, each: Callable[[], Visit]) -> Visit | None:
    match type_:
        case ObjectType(shape=shape):
            here = not place if isinstance(place, str) else shape.model is place
            return each() if here else visits(shape, place, each) if shapes_at(shape, place) else None
        case NullableType(inner=inner):
            return _some(_visits(inner, place, each))
        case ListType(item=item):
            return _each_element(_visits(item, place, each))
        case MapType(value=item):
            return _each_value(_visits(item, place, each))
        case UnionType(discriminator=discriminator, arms=arms):
            done = {id(arm): _visits(arm, place, each) for _, arm in arms}
            by_tag = {tag: done[id(arm)] for tag, arm in arms}
            if not any(by_tag.values()):
                return None
            return lambda value: _arm(by_tag, value, discriminator)
        case _:
            return None


def _some(visit: Visit | None) -> Visit | None:
    return None if visit is None else lambda value: None if value is None else visit(value)


def _each_element(visit: Visit | None) -> Visit | None:
    if visit is None:
        return None

    def visit_list(elements: list[Any]) -> None:
        for index, element in enumerate(elements):
            try:
                visit(element)
            except SerdeError as error:
                raise error.inside(f"[{index}]") from error.__cause__

    return visit_list


def _each_value(visit: Visit | None) -> Visit | None:
    if visit is None:
        return None

    def visit_map(values: Tree) -> None:
        for value in values.values():
            try:
                visit(value)
            except SerdeError as error:
                raise error.inside("[*]") from error.__cause__  # a map's keys are payload values too

    return visit_map


def _arm(by_tag: dict[Any, Visit | None], value: Tree, discriminator: str) -> None:
    visit = by_tag.get(value.get(discriminator))
    if visit is not None:
        visit(value)
