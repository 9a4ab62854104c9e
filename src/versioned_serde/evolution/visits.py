"""Objects at a place in a tree, visited one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from versioned_serde.errors import SerdeError
from versioned_serde.evolution.path import Place, rest_of, shapes_at
from versioned_serde.shape import ListType, MapType, NullableType, ObjectType, RecursiveType, Shape, Type, UnionType
from versioned_serde.tree import Raw, Tree, Typed

Visit = Callable[[Any], None]


def at_every_level(visit: Visit, shape: Shape, *, inner_first: bool) -> Visit:
    """A visit of an object, and of all objects of its shape that are nested in it by back references.

    Args:
        visit: of one object.
        shape: by which the nested ones are found: the one before the visit if they come first, or the one after it.
        inner_first: whether they do.
    """
    if not shape.recursive:
        return visit

    def both(tree: Tree) -> None:
        if inner_first:
            inner(tree)
            visit(tree)
        else:
            visit(tree)
            inner(tree)

    inner = _visits_by_name({each.name: _level_visits(each.type, {shape.name: both}) for each in shape.attributes})
    return both


def _level_visits(type_: Type, found: dict[str, Visit]) -> Visit | None:
    """A visit of what back references stand for, by their names; None where there is none."""
    match type_:
        case RecursiveType(name=name):
            return found.get(name)
        case ObjectType(shape=shape):
            if shape.references.isdisjoint(found):
                return None
            if not shape.recursive:
                return _visits_by_name({each.name: _level_visits(each.type, found) for each in shape.attributes})

            def again(tree: Tree) -> None:
                within(tree)

            found = {**found, shape.name: again}
            within = _visits_by_name({each.name: _level_visits(each.type, found) for each in shape.attributes})
            return within
        case NullableType(inner=inner):
            return _some(_level_visits(inner, found))
        case ListType(item=item):
            return _each_element(_level_visits(item, found))
        case MapType(value=item):
            return _each_value(_level_visits(item, found))
        case UnionType(discriminator=discriminator, arms=arms):
            by_tag: dict[Any, Visit | None] = {tag: _level_visits(arm, found) for tag, arm in arms}
            return (lambda value: _arm(by_tag, value, discriminator)) if any(by_tag.values()) else None
        case _:
            return None


def visits(shape: Shape, place: Place, each: Callable[[], Visit], after: Shape | None = None) -> Visit:
    """A function that visits the objects at a place in a tree. Of recursive ones on the way it visits all levels.

    Args:
        shape: the tree's shape.
        place: which objects.
        each: gives the visit for the next of `shapes_at(shape, place)`, in that order.
        after: the tree's shape after the visit, if outer levels come first; otherwise they come last.
    """
    found: dict[str, Visit | None] = {}
    for attribute in shape.attributes:
        rest = rest_of(place, attribute.name)
        if rest is not None:
            left = None if after is None else after.get(attribute.name)
            found[attribute.name] = _visits(attribute.type, rest, each, None if left is None else left.type)
    return _visits_by_name(found)


def _visits_by_name(found: dict[str, Visit | None]) -> Visit:
    visits_by_name = [(name, visit) for name, visit in found.items() if visit is not None]

    def visit_object(tree: Tree) -> None:
        for name, visit in visits_by_name:
            # What a later version does not declare any more is nothing that a step could be about.
            if name in tree and type(value := tree[name]) is not Raw and type(value) is not Typed:
                try:
                    visit(value)
                except SerdeError as error:
                    raise error.inside(name) from error.__cause__

    return visit_object


def _visits(type_: Type, place: Place, each: Callable[[], Visit], after: Type | None) -> Visit | None:
    match type_:
        case ObjectType(shape=shape):
            here = not place if isinstance(place, str) else shape.model is place
            if here:
                return each()
            if not shapes_at(shape, place):
                return None
            left = after.shape if isinstance(after, ObjectType) else None
            return at_every_level(
                visits(shape, place, each, left), shape if left is None else left, inner_first=left is None
            )
        case NullableType(inner=inner):
            return _some(_visits(inner, place, each, after.inner if isinstance(after, NullableType) else None))
        case ListType(item=item):
            return _each_element(_visits(item, place, each, after.item if isinstance(after, ListType) else None))
        case MapType(value=item):
            return _each_value(_visits(item, place, each, after.value if isinstance(after, MapType) else None))
        case UnionType(discriminator=discriminator, arms=arms):
            left_arms = dict(after.arms) if isinstance(after, UnionType) else {}
            done: dict[int, Visit | None] = {}
            for tag, arm in arms:
                if id(arm) not in done:
                    done[id(arm)] = _visits(arm, place, each, left_arms.get(tag))
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
