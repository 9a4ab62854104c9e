"""An edit is a patch on what was read: it changes what the editor changed, and nothing else.

Three trees take part. `base` is the record as retained, with all that is unknown in it. `before` is what the editor was
shown, dumped from the model that was built from `base`. `after` is what the editor left, dumped from the model again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from versioned_serde.errors import AmbiguousEditError, SerdeError
from versioned_serde.evolution.lists import match, match_by_key, places
from versioned_serde.shape import (
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Shape,
    Type,
    UnionType,
    object_types,
)
from versioned_serde.tree import Tree, holds_undeclared, same

Owner = Callable[[Any], object | None]
"""A dict or list of a dumped tree -> the object in memory that it was dumped from, or None where that is not known."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: what `keys` call it.

    Attributes:
        path: of attributes.
        around: the recursive shapes around it, with their paths. An object like one of them has the path of that one.
    """

    path: str = ""
    around: tuple[tuple[Shape, str], ...] = ()

    def at(self, name: str) -> _Place:
        return _Place(f"{self.path}.{name}" if self.path else name, self.around)

    def entering(self, shape: Shape) -> _Place:
        if not shape.recursive:
            return self
        for index, (outer, path) in enumerate(self.around):
            if outer is shape:
                return _Place(path, self.around[: index + 1])
        return _Place(self.path, (*self.around, (shape, self.path)))


@dataclass(frozen=True, slots=True)
class Patch:
    """One edit.

    Attributes:
        keys: path of a list (`lines`, `lines.parts`) -> wire name of the attribute that identifies its elements.
        owner_before: owners of the nodes of `before`.
        owner_after: owners of the nodes of `after`.
    """

    keys: Mapping[str, str]
    owner_before: Owner
    owner_after: Owner

    def apply(self, shape: Shape, base: Tree, before: Tree, after: Tree) -> Tree:
        """The edited record: a new tree, sharing what did not change.

        Raises:
            AmbiguousEditError: with the path.
        """
        return self._object(shape, base, before, after, _Place())

    def _object(self, shape: Shape, base: Tree, before: Tree, after: Tree, place: _Place) -> Tree:
        result = dict(base)
        place, shape = place.entering(shape), shape.unrolled
        for name in {**before, **after}:
            if name not in after:
                result.pop(name, None)
            elif name not in before:
                result[name] = after[name]
            elif name in base:
                attribute = shape.get(name)
                type_ = None if attribute is None else attribute.type
                try:
                    result[name] = self._value(type_, base[name], before[name], after[name], place.at(name))
                except SerdeError as error:
                    raise error.inside(name) from None
            elif not same(before[name], after[name]):
                # Absent in the record, shown as its default, and changed.
                result[name] = after[name]
        return result

    def _value(self, type_: Type | None, base: Any, before: Any, after: Any, place: _Place) -> Any:
        if isinstance(type_, NullableType):
            if base is None or before is None or after is None:
                # What became null, or was, is not the same object any more.
                return base if same(before, after) else after
            type_ = type_.inner
        match type_:
            case ObjectType(shape=shape):
                return self._object(shape, base, before, after, place)
            case UnionType(discriminator=discriminator):
                arm = type_.arm(after.get(discriminator))
                # Another arm is another object, and what was unknown in the old one goes with it.
                if arm is not None and arm is type_.arm(before.get(discriminator)):
                    return self._object(arm.shape, base, before, after, place)
                return after
            case ListType(item=item) if any(object_types(item)):
                return self._list(type_, base, before, after, place)
            case MapType(value=value) if any(object_types(value)):
                return self._map(value, base, before, after, place)
            case _:
                return base if same(before, after) else after

    def _map(self, type_: Type, base: Tree, before: Tree, after: Tree, place: _Place) -> Tree:
        if base.keys() != before.keys() and same(before, after):
            return base  # the model changed it when it was built, the editor did not
        result: Tree = {}
        for name, value in after.items():
            if name in base and name in before:
                try:
                    result[name] = self._value(type_, base[name], before[name], value, place)
                except SerdeError as error:
                    raise error.inside("[*]") from None  # a map's keys are payload values too
            else:
                result[name] = value
        return result

    def _list(self, type_: ListType, base: list[Any], before: list[Any], after: list[Any], place: _Place) -> list[Any]:
        key = self.keys.get(place.path)
        shown = places(base, before, key, ordered=type_.container in ("list", "tuple"))
        if shown != list(range(len(base))) and same(before, after):
            return base  # the model changed it when it was built, the editor did not
        if shown is None:
            if not holds_undeclared(base):
                return after
            raise AmbiguousEditError(
                "The model does not show the list as it is in the record, and its elements hold unknown attributes.",
                hint="Declare what identifies an element with `keys={...}`, and do not add or drop any in a validator.",
            )
        base = [base[index] for index in shown]
        identities = self._identities(before, after)
        matched = (
            match(base, before, after, identities)
            if key is None
            else match_by_key(base, before, after, identities, key)
        )
        result = list(after)
        for index, source in enumerate(matched):
            if source is not None:
                try:
                    result[index] = self._value(type_.item, base[source], before[source], after[index], place)
                except SerdeError as error:
                    raise error.inside(f"[{index}]") from None
        return result

    def _identities(self, before: list[Any], after: list[Any]) -> list[int | None]:
        owners = {
            id(owner): index for index, node in enumerate(before) if (owner := self.owner_before(node)) is not None
        }
        return [owners.get(id(owner)) if (owner := self.owner_after(node)) is not None else None for node in after]
