"""`theirs`: in a view, a step of the owner's about attributes that the view does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.steps.step import BoundStep, Step, unchanged
from versioned_serde.shape import Shape


class theirs(Step):
    """Stands where the owner of a schema declares a step that is not about the view's part of it.

    What a lossy step keeps in a record is marked with the step's place among those of its version. So the steps of a
    view stand where the owner's do, and this one in the place of each that the view does not have.
    """

    def __repr__(self) -> str:
        return "theirs()"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        return replace(newer)

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return True

    def bind(self, binding: Binding) -> BoundStep:
        return BoundStep(unchanged, unchanged, outline=lambda outline: None)
