"""Trees as releases see them: without what is not declared, with what absence means, with other values in places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from versioned_serde.evolution.path import objects_at
from versioned_serde.evolution.steps.step import Path, Step
from versioned_serde.evolution.steps.within import within
from versioned_serde.shape import (
    REQUIRED,
    Attribute,
    Constant,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    Type,
    UnionType,
)
from versioned_serde.tree import Raw, Tree, Typed, copied

Place = tuple[str | int, ...]
"""An object in a tree: names, keys and indexes, from the outermost."""


def plain(tree: Tree, shape: Shape, *, explicit: bool = False, bare: bool = False) -> Tree:
    """A copy with the declared attributes alone, at every level, in the shape's order.

    Args:
        tree: of the shape.
        shape: the shape.
        explicit: whether to write out the constant defaults of absent attributes.
        bare: whether to leave out all attributes with a constant default.
    """
    result: Tree = {}
    for attribute in shape.unrolled.attributes:
        constant = isinstance(attribute.default, Constant)
        if bare and constant:
            continue
        if attribute.name in tree and type(tree[attribute.name]) not in (Raw, Typed):
            result[attribute.name] = _plain(tree[attribute.name], attribute.type, explicit, bare)
        elif explicit and isinstance(attribute.default, Constant):
            result[attribute.name] = _plain(attribute.default.value, attribute.type, explicit, bare)
    return result


def _plain(value: Any, type_: Type, explicit: bool, bare: bool) -> Any:
    if value is None:
        return None
    match type_:
        case NullableType(inner=inner):
            return _plain(value, inner, explicit, bare)
        case ListType(item=item):
            return [_plain(element, item, explicit, bare) for element in value]
        case MapType(value=item):
            return {name: _plain(element, item, explicit, bare) for name, element in value.items()}
        case ObjectType(shape=shape):
            return plain(value, shape, explicit=explicit, bare=bare)
        case UnionType(discriminator=discriminator):
            arm = type_.arm(value.get(discriminator))
            return copied(value) if arm is None else plain(value, arm.shape, explicit=explicit, bare=bare)
        case _:
            return copied(value)


def missing(tree: Tree, shape: Shape) -> str | None:
    """The place of an attribute that the shape requires and the tree lacks, or None."""
    for place, node, node_shape in objects_in(tree, ObjectType(shape)):
        for attribute in node_shape.attributes:
            if attribute.default is REQUIRED and attribute.name not in node:
                return ".".join(map(str, (*place, attribute.name)))
    return None


def objects_in(value: Any, type_: Type, place: Place = ()) -> Iterator[tuple[Place, Tree, Shape]]:
    """Every declared object of a tree value, outermost first."""
    if value is None:
        return
    match type_:
        case NullableType(inner=inner):
            yield from objects_in(value, inner, place)
        case ListType(item=item):
            for index, element in enumerate(value):
                yield from objects_in(element, item, (*place, index))
        case MapType(value=item):
            for name, element in value.items():
                yield from objects_in(element, item, (*place, name))
        case ObjectType(shape=shape):
            yield place, value, shape
            for attribute in shape.unrolled.attributes:
                if attribute.name in value:
                    yield from objects_in(value[attribute.name], attribute.type, (*place, attribute.name))
        case UnionType(discriminator=discriminator):
            if (arm := type_.arm(value.get(discriminator))) is not None:
                yield from objects_in(value, arm, place)
        case _:
            return


def touched(step: Step, older: Shape, newer: Shape) -> frozenset[Path]:
    """The attributes of the older shape whose values are not in the newer form as they were."""
    if isinstance(step, within):
        found = {
            (*path, *gone) for path, nested in objects_at(older, step.place) for gone in _gone(step, nested, newer)
        }
        return step.converts(older) | found
    kept = {step.before((name,), newer) for name in newer.names}
    return step.converts(older) | {(name,) for name in older.names if (name,) not in kept}


def _gone(step: within, nested: Shape, newer: Shape) -> Iterator[Path]:
    """What the inner steps take away from the objects at their place, by the names before the steps."""
    for _, after in objects_at(newer, step.place):
        if after.name != nested.name:
            continue
        kept: set[Path] = {(name,) for name in after.names}
        for inner in reversed(step.steps):
            kept = {inner.before(path, after) for path in kept}
        yield from ((name,) for name in nested.names if (name,) not in kept)


def redrawn(tree: Tree, shape: Shape, paths: Collection[Path], draw: Callable[[Shape, Attribute], Any]) -> None:
    """Puts other values into the attributes at some paths, in place, wherever the objects are that have them.

    Args:
        tree: of the shape.
        shape: the shape.
        paths: of attributes, as `Step.converts` gives them.
        draw: shape and attribute -> value, or `shape.ABSENT`, which takes an optional one away.
    """
    from_here = {path[0] for path in paths if len(path) == 1}
    for attribute in shape.unrolled.attributes:
        name = attribute.name
        if name in from_here:
            value = draw(shape, attribute)
            if isinstance(value, type(REQUIRED)):
                tree.pop(name, None)
            else:
                tree[name] = value
            continue
        rest = {path[1:] for path in paths if path[0] == name and len(path) > 1}
        if rest and name in tree:
            _redrawn(tree[name], attribute.type, rest, draw)


def _redrawn(value: Any, type_: Type, paths: Collection[Path], draw: Callable[[Shape, Attribute], Any]) -> None:
    if value is None:
        return
    match type_:
        case NullableType(inner=inner):
            _redrawn(value, inner, paths, draw)
        case ListType(item=item):
            for element in value:
                _redrawn(element, item, paths, draw)
        case MapType(value=item):
            for element in value.values():
                _redrawn(element, item, paths, draw)
        case ObjectType(shape=shape):
            redrawn(value, shape, paths, draw)
        case UnionType(discriminator=discriminator):
            if (arm := type_.arm(value.get(discriminator))) is not None:
                place = f"[{arm.shape.name}]"
                own = {path[1:] for path in paths if path[0] == place} - {()}
                # An arm is still told apart by the value that it has.
                redrawn(value, arm.shape, own - {(discriminator,)}, draw)
        case _:
            return
