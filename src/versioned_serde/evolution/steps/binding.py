"""Steps at their places: bound to the shapes there, and applied at every level of recursive ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.path import referring
from versioned_serde.evolution.steps.step import BoundStep, Step
from versioned_serde.evolution.visits import at_every_level
from versioned_serde.shape import Shape, Type, references


class Around:
    """Describes what a step says of an object: a model around the place means the object around it, of any version.

    So `was=list[Comment]`, said of an attribute of `Comment`, is a list of comments as they were then, themselves.

    Args:
        describer: knows nothing of the place.
        shapes: of the objects around the place, the object itself among them.
    """

    def __init__(self, describer: Describer, shapes: Sequence[Shape]) -> None:
        self._describer = describer
        self._shapes = [shape for shape in shapes if shape.model is not None]

    def type(self, annotation: Any) -> Type:
        return referring(self._describer.type(annotation), self._shapes)

    def constant(self, type_: Type, value: Any) -> Any:
        return self._describer.constant(type_, value)


def bind(step: Step, binding: Binding) -> BoundStep:
    """The step's functions, for an object and for all objects of its shape that are nested in it.

    Inner levels are in the newer form whenever the step's own functions run: on the way up they are converted first, on
    the way down last. So what a function is given and gives, and what is kept of it, is of one type on both ways.

    Args:
        step: the step.
        binding: of the shapes as they stand in the schema's, perhaps with back references.

    Raises:
        DeclarationError: the step computes an attribute in which other levels are.
    """
    _check_converted(step, binding)
    older, newer = (shape.within(binding.around) for shape in (binding.older, binding.newer))
    bound = step.bind(
        replace(
            binding,
            older=older.joined(newer),
            newer=newer.unrolled,
            raw=(binding.older, binding.newer),
            around=(*binding.around, binding.newer),
        )
    )
    if not older.recursive and not newer.recursive:
        return bound
    return BoundStep(
        at_every_level(bound.up, older, inner_first=True),
        at_every_level(bound.down, older, inner_first=False),
        at_every_level(bound.fill, newer, inner_first=True),
    )


def _check_converted(step: Step, binding: Binding) -> None:
    """Refuses what could lose a part of inner levels: no witness could be in the form that they have in the record."""
    for shape in (binding.older, binding.newer):
        for path in sorted(step.converts(shape)):
            attribute = shape.get(path[0]) if len(path) == 1 else None
            if attribute is not None and references(attribute.type):
                raise step.refuse(
                    f"computes `{attribute.name}`, which holds objects like one that it is in.",
                    "Use `add` and `remove` with a `fill`: one attribute more, and later one less.",
                )
