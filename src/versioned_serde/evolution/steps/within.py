"""`within`: steps of a nested object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.outline import Outline
from versioned_serde.evolution.path import Place, first_reused, mapped, objects_at, shapes_at, visits
from versioned_serde.evolution.steps.overlap import check_overlap
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import Shape
from versioned_serde.tree import Tree


class within(Step):
    """Steps of the objects at one place, or of one model wherever it is nested.

    Args:
        place: wire name of an attribute, or several joined by dots (`"lines.parts"`); nulls, lists, maps and union arms
            on the way are gone through. Or a model class, or a declared `Shape`: then every place that holds it, which
            declares the change of a shared nested model once.
        steps: in the order in which they lead up.
    """

    def __init__(self, place: Place, *steps: Step) -> None:
        self.place = place
        self.steps = steps

    def __repr__(self) -> str:
        named = self.place.name if isinstance(self.place, Shape) else getattr(self.place, "__name__", None)
        place = repr(self.place) if named is None else named
        return f"within({', '.join((place, *map(repr, self.steps)))})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        if not self.steps:
            raise self.refuse("has no steps.", "Take it out.")
        if not shapes_at(newer, self.place):
            raise self.refuse(
                f"finds no such object in `{newer.name}` at that version.",
                "Name an attribute that holds an object (or a list or map of them), or the model's class.",
            )
        for shape in shapes_at(newer, self.place):
            shapes = self._shapes(shape, describer)
            if (name := first_reused(shapes)) is not None:
                raise self.refuse(f"uses the name `{name}` again.", "Give the new attribute another name.")
            check_overlap(self.steps, shapes)
        return mapped(newer, self.place, lambda shape: self._shapes(shape, describer)[0])

    def _shapes(self, newest: Shape, describer: Describer) -> list[Shape]:
        """The nested shape before the first step, after it, ... after the last."""
        shapes = [newest]
        for step in reversed(self.steps):
            shapes.insert(0, step.older(shapes[0], describer))
        return shapes

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset(
            (*path, *inner)
            for path, nested in objects_at(shape, self.place)
            for step in self.steps
            for inner in step.converts(nested)
        )

    def reaches(self, shape: Shape) -> frozenset[Path]:
        return frozenset(path for path, _ in objects_at(shape, self.place)) | self.converts(shape)

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        # A version that does not have the place at all retains the whole of it.
        nested = [shape for outer in span for shape in shapes_at(outer, self.place)]
        return not nested or all(step.keeps_min_reader(nested) for step in self.steps)

    def bind(self, binding: Binding) -> BoundStep:
        bound: list[list[BoundStep]] = []
        for newest in shapes_at(binding.newer, self.place):
            shapes = self._shapes(newest, binding.describer)
            bound.append(
                [
                    step.bind(replace(binding, id=f"{binding.id}.{index}", older=before, newer=after))
                    for index, (step, (before, after)) in enumerate(zip(self.steps, pairwise(shapes), strict=True))
                ]
            )

        def outline(made: Outline) -> None:
            for nested, steps in zip(list(made.objects(binding.newer, self.place)), bound, strict=True):
                for step in reversed(steps):
                    if nested is not None:
                        step.outline(nested)

        up, down, fill = iter(bound), iter(bound), iter(bound)
        return BoundStep(
            visits(binding.older, self.place, lambda: _in_turn([step.up for step in next(up)])),
            visits(binding.newer, self.place, lambda: _in_turn([step.down for step in reversed(next(down))])),
            visits(binding.newer, self.place, lambda: _in_turn([step.fill for step in next(fill)])),
            outline,
        )


def _in_turn(ways: Sequence[Callable[[Tree], None]]) -> Callable[[Tree], None]:
    def run(tree: Tree) -> None:
        for way in ways:
            way(tree)

    return run
