"""`within`: steps of a nested object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.outline import Outline
from versioned_serde.evolution.path import Place, first_reused, leads_back, mapped, objects_at, shapes_at
from versioned_serde.evolution.steps.binding import Around, bind
from versioned_serde.evolution.steps.overlap import check_overlap
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.evolution.visits import visits
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
            if leads_back(newer, self.place):
                raise self.refuse(
                    "names objects within objects of the same model, which change together.",
                    "Declare the steps for the outermost of them; they hold at every level.",
                )
            raise self.refuse(
                f"finds no such object in `{newer.name}` at that version.",
                "Name an attribute that holds an object (or a list or map of them), or the model's class.",
            )

        def older(shape: Shape, around: tuple[Shape, ...]) -> Shape:
            shapes = self._shapes(shape, around, describer)
            if (name := first_reused([each.within(around) for each in shapes])) is not None:
                raise self.refuse(f"uses the name `{name}` again.", "Give the new attribute another name.")
            check_overlap(self.steps, shapes)
            return shapes[0]

        return mapped(newer, self.place, older)

    def _shapes(self, newest: Shape, around: tuple[Shape, ...], describer: Describer) -> list[Shape]:
        """The nested shape before the first step, after it, ... after the last."""
        describer = Around(describer, (*around, newest))
        shapes = [newest]
        for step in reversed(self.steps):
            shapes.insert(0, step.older(shapes[0], describer))
        return shapes

    def seeds(self, newer: Shape) -> frozenset[Path]:
        return frozenset(
            (*path, *inner)
            for path, nested in objects_at(newer, self.place)
            for step in self.steps
            for inner in step.seeds(nested)
        )

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset(
            (*path, *inner)
            for path, nested in objects_at(shape, self.place)
            for step in self.steps
            for inner in step.converts(nested)
        )

    def reaches(self, shape: Shape) -> frozenset[Path]:
        found = list(objects_at(shape, self.place))
        inner = {(*path, *at) for path, nested in found for step in self.steps for at in step.reaches(nested)}
        return frozenset(path for path, _ in found) | inner | self.converts(shape)

    def before(self, path: Path, newer: Shape) -> Path:
        for outer, nested in objects_at(newer, self.place):
            if path[: len(outer)] == outer and len(path) > len(outer):
                inner = path[len(outer) :]
                for step in reversed(self.steps):
                    inner = step.before(inner, nested)
                return (*outer, *inner)
        return path

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        # A version that does not have the place at all retains the whole of it.
        nested = [shape for outer in span for shape in shapes_at(outer, self.place)]
        return not nested or all(step.keeps_min_reader(nested) for step in self.steps)

    def bind(self, binding: Binding) -> BoundStep:
        older, newer = binding.raw or (binding.older, binding.newer)
        bound: list[list[BoundStep]] = []

        def note(newest: Shape, around: tuple[Shape, ...]) -> Shape:
            shapes = self._shapes(newest, around, binding.describer)
            describer = Around(binding.describer, (*around, newest))
            inner = replace(binding, around=(*binding.around, *around[1:]), describer=describer, raw=None)
            bound.append(
                [
                    bind(step, replace(inner, id=f"{binding.id}.{index}", older=before, newer=after))
                    for index, (step, (before, after)) in enumerate(zip(self.steps, pairwise(shapes), strict=True))
                ]
            )
            return newest

        mapped(newer, self.place, note)

        def outline(made: Outline) -> None:
            for nested, steps in zip(list(made.objects(newer, self.place)), bound, strict=True):
                for step in reversed(steps):
                    if nested is not None:
                        step.outline(nested)

        up, down, fill = iter(bound), iter(bound), iter(bound)
        return BoundStep(
            visits(older, self.place, lambda: _in_turn([step.up for step in next(up)])),
            visits(newer, self.place, lambda: _in_turn([step.down for step in reversed(next(down))]), older),
            visits(newer, self.place, lambda: _in_turn([step.fill for step in next(fill)])),
            outline,
        )


def _in_turn(ways: Sequence[Callable[[Tree], None]]) -> Callable[[Tree], None]:
    def run(tree: Tree) -> None:
        for way in ways:
            way(tree)

    return run
