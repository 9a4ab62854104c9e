"""What stands in the tree of a new value after a way down, as far as it is known before there is a value.

Steps that move, leave out or write constants do the same to every value, so what they make can be told once, in terms
of the newest version, and then be written at once. Whatever depends on values is not told: `Unsettled`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from versioned_serde.evolution.path import Place, rest_of
from versioned_serde.shape import Constant, Shape, Type, object_types
from versioned_serde.tree import objects


class Unsettled(Exception):  # noqa: N818  no error: it says that the values have to be seen
    """What the way makes depends on the values."""


@dataclass(slots=True)
class Part:
    """What may stand under one name.

    Attributes:
        type: of a constant, or of an attribute that is not declared any more: the type as it was declared last.
        source: name in the newest version of the attribute that it comes from; None for a constant alone.
        nested: of the objects within its type, in the order of `object_types`; empty for a constant.
        constant: what stands there for a value that does not have the attribute; None where nothing does.
        undeclared: whether it is kept as an unknown attribute.
        placed: whether its place among the others is the same for all values.
    """

    type: Type
    source: str | None
    nested: list[Outline] = field(default_factory=list)
    constant: Constant | None = None
    undeclared: bool = False
    placed: bool = True


@dataclass(slots=True)
class Outline:
    """What may stand in one object, in its order.

    Attributes:
        newest: the object's shape in the newest version, with its model.
        parts: by the names that they have now.
    """

    newest: Shape
    parts: dict[str, Part]

    @classmethod
    def of(cls, newest: Shape) -> Outline:
        """What stands in objects of the newest version."""
        parts = {
            attribute.name: Part(
                attribute.type,
                attribute.name,
                [cls.of(nested.shape) for nested in object_types(attribute.type)],
            )
            for attribute in newest.attributes
        }
        return cls(newest, parts)

    def move(self, source: str, target: str, type_: Type | None = None) -> None:
        """What stands under one name stands under another now, last of all; perhaps of another type."""
        if target in self.parts and target != source:
            raise Unsettled
        part = self._declared(source)
        if part is not None:
            del self.parts[source]
            self.parts[target] = replace(part, placed=True, type=part.type if type_ is None else type_)

    def write_out(self, name: str, type_: Type, constant: Constant) -> None:
        """Where nothing stands under the name, a constant stands there now, last of all."""
        part = self._declared(name)
        if part is None:
            self.parts[name] = Part(type_, None, constant=constant)
        elif part.constant is None:
            self.parts[name] = replace(part, constant=constant, placed=False)

    def undeclare(self, name: str, type_: Type) -> None:
        """What stands under the name is an unknown attribute now."""
        part = self._declared(name)
        if part is not None:
            self.parts[name] = replace(part, type=type_, undeclared=True)

    def objects(self, shape: Shape, place: Place) -> Iterator[Outline | None]:
        """Of the objects at a place, in the order of `path.shapes_at`; None where no value has such objects.

        Args:
            shape: the shape that this object has now.
            place: which objects.
        """
        for attribute in shape.attributes:
            rest = rest_of(place, attribute.name)
            if rest is None:
                continue
            part = self._declared(attribute.name)
            nested: list[Outline] | list[None] = [None for _ in object_types(attribute.type)]
            held = False
            if part is not None:
                nested = part.nested or nested
                held = part.constant is not None and next(objects(part.constant.value), None) is not None
            for type_, outline in zip(object_types(attribute.type), nested, strict=True):
                here = not rest if isinstance(rest, str) else type_.shape.model is rest
                if here:
                    if held:
                        raise Unsettled  # what is in the constant has to be converted, too
                    yield outline
                elif outline is not None:
                    yield from outline.objects(type_.shape, rest)
                else:
                    yield from Outline(type_.shape, {}).objects(type_.shape, rest)

    def _declared(self, name: str) -> Part | None:
        part = self.parts.get(name)
        if part is not None and part.undeclared:
            raise Unsettled
        return part


Way = Callable[[Outline], None]
"""Does to an outline what a way down does to the tree of every value. Raises `Unsettled`."""


def unsettled(outline: Outline) -> Any:
    """The way of a step that has to see the values."""
    raise Unsettled
