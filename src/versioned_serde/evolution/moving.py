"""How an attribute goes from one object of a tree to another, and comes back to where it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from versioned_serde.errors import ConversionError, ReadError
from versioned_serde.evolution.complement import put, take
from versioned_serde.shape import Attribute, NullableType, ObjectType, Shape, Type
from versioned_serde.tree import Entry, Tree, Typed, copied, same


def object_of(holder: Attribute) -> Shape | None:
    """The shape of an attribute's object, which may be null; None if it holds something else."""
    inner = holder.type.inner if isinstance(holder.type, NullableType) else holder.type
    return inner.shape if isinstance(inner, ObjectType) else None


def is_certain(holder: Attribute) -> bool:
    """Whether the attribute has an object in every record."""
    return holder.always_written and isinstance(holder.type, ObjectType)


def attribute_at(shape: Shape, path: tuple[str, ...]) -> Attribute | None:
    """The attribute at a path through objects, or None."""
    for name in path[:-1]:
        holder = shape.get(name)
        inner = None if holder is None else object_of(holder)
        if inner is None:
            return None
        shape = inner
    return shape.get(path[-1])


def changed_at(shape: Shape, path: tuple[str, ...], change: Callable[[Shape], Shape]) -> Shape:
    """The shape with one of its objects changed; an empty path is the outermost one."""
    if not path:
        return change(shape)
    holder = shape.get(path[0])
    inner = None if holder is None else object_of(holder)
    assert holder is not None
    assert inner is not None
    changed = ObjectType(changed_at(inner, path[1:], change))
    type_: Type = NullableType(changed) if isinstance(holder.type, NullableType) else changed
    return shape.with_attribute(replace(holder, type=type_), instead_of=holder.name)


@dataclass(frozen=True, slots=True)
class End:
    """Where the attribute is at one end of the way.

    Attributes:
        path: of the object around the holder.
        attribute: what is moved, as it is named here.
        holder: the attribute whose object it is in, with the type that it has without it; None at the top.
        others: names of what else that object has.
        comes_and_goes: whether the form in which the attribute is at the other end has no such object.
        typed: `Binding.typed`.
    """

    path: tuple[str, ...]
    attribute: Attribute
    holder: Attribute | None
    others: tuple[str, ...]
    comes_and_goes: bool
    typed: Callable[[str, Type, Any], Any]

    def around(self, tree: Tree) -> Tree | None:
        """The object that has the holder; None if a record that is not valid lacks it."""
        found: Any = tree
        for name in self.path:
            found = found.get(name)
            if type(found) is not dict:
                return None
        return found if type(found) is dict else None

    def held(self, around: Tree) -> Tree | None:
        """The object with the attribute, declared as it is in this form; None if there is none."""
        if self.holder is None:
            return around
        name = self.holder.name
        if self.comes_and_goes and name in around:
            around[name] = self.typed(name, self.holder.type, around[name])
        found = around.get(name)
        return found if type(found) is dict else None

    def leave(self, around: Tree, id_: str, made_by: Literal["up", "down"]) -> list[Any]:
        """Takes the value out; the object goes if nothing is left of it that the way here has not made.

        Args:
            around: see `around`.
            id_: the step's id.
            made_by: direction of the way here.

        Returns:
            The value, or nothing.
        """
        inside = self.held(around)
        name = self.attribute.name
        if inside is None:
            if self.holder is not None and self.comes_and_goes and self.holder.name in around:
                around[self.holder.name] = Typed(self.holder.type, None)
            return []
        entry = None if self.holder is None else take(inside, id_, made_by)
        moved = [inside.pop(name)] if name in inside else []
        if self.holder is None:
            return moved
        if self.comes_and_goes:
            if not inside and (moved or is_certain(self.holder)):
                del around[self.holder.name]
            else:
                around[self.holder.name] = Typed(self.holder.type, inside)
        elif entry is not None:
            entry.stale = bool(inside) or not self._as_made(entry, moved)
            if not entry.stale and entry.kept:
                around[self.holder.name] = None
            elif not entry.stale:
                del around[self.holder.name]
        return moved

    def _as_made(self, entry: Entry, moved: list[Any]) -> bool:
        name = self.attribute.name
        try:
            made = [self.typed(name, self.attribute.type, value) for key, value in entry.witness.items() if key == name]
        except ReadError:
            return False  # not of the attribute's type, so it is not what stands there
        return bool(made) and same(made, moved)

    def enter(self, around: Tree, moved: list[Any], step: str, id_: str, direction: Literal["up", "down"]) -> None:
        """Puts the value in; an object that is not there is made for it.

        Args:
            around: see `around`.
            moved: the value, or nothing.
            step: the step as declared, for errors.
            id_: the step's id.
            direction: where the way leads.

        Raises:
            ConversionError: the value would overwrite an undeclared attribute.
        """
        inside = self.held(around)
        name = self.attribute.name
        if inside is not None and name in inside:
            error = ConversionError(
                f"{step} makes `{name}`, which the record already holds as an unknown attribute.",
                step=step,
                hint="Names are never used again; find out who wrote it.",
            )
            for place in () if self.holder is None else (self.holder.name, *reversed(self.path)):
                error = error.inside(place)
            raise error
        for value in moved:
            if inside is None and self.holder is not None:
                inside = {}
                if not self.comes_and_goes:
                    self._note_made(inside, self.holder, around, value, id_, direction)
                around[self.holder.name] = inside
            if inside is not None:
                inside[name] = value
        if inside is None and self.holder is not None and self.comes_and_goes and is_certain(self.holder):
            around[self.holder.name] = {}

    def _note_made(
        self, inside: Tree, holder: Attribute, around: Tree, value: Any, id_: str, direction: Literal["up", "down"]
    ) -> None:
        """Has the object say that it was made for the value, and whether there was null or nothing."""
        kept = {holder.name: Typed(holder.type, None)} if holder.name in around else {}
        witness = {self.attribute.name: Typed(self.attribute.type, copied(value))}
        put(inside, Entry(id_, direction, {**witness}, {**kept}, self.others))


@dataclass(frozen=True, slots=True)
class MovingWay:
    """One direction.

    Attributes:
        step: the step as declared, for errors.
        id: the step's id.
        direction: where this way leads.
        source: where the attribute is before.
        target: where it is then.
    """

    step: str
    id: str
    direction: Literal["up", "down"]
    source: End
    target: End

    def __call__(self, tree: Tree) -> None:
        """Converts one object in place.

        Raises:
            ConversionError: the value would overwrite an undeclared attribute.
        """
        here, there = self.source.around(tree), self.target.around(tree)
        if here is None or there is None:
            return  # an object that is required is missing, and whoever builds the value says so
        moved = self.source.leave(here, self.id, "down" if self.direction == "up" else "up")
        self.target.enter(there, moved, self.step, self.id, self.direction)
