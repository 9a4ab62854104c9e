"""The listed versions of a schema, bound to each other: shapes derived backwards, and the ways up and down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from versioned_serde.errors import SerdeError
from versioned_serde.evolution.binding import Binding, Decode, Describer
from versioned_serde.evolution.outline import Outline, Unsettled, Way
from versioned_serde.evolution.path import as_in
from versioned_serde.evolution.soundness import check_sound
from versioned_serde.evolution.steps.binding import Around, bind
from versioned_serde.evolution.steps.overlap import check_overlap
from versioned_serde.evolution.steps.step import BoundStep, Step
from versioned_serde.shape import Shape, Type
from versioned_serde.tree import Tree

_Way = Callable[[Tree], None]


@dataclass(frozen=True, slots=True)
class _Link:
    """The steps from the version before to a version, bound."""

    version: int
    up: tuple[_Way, ...]
    down: tuple[_Way, ...]
    fill: tuple[_Way, ...]
    outline: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Single:
    """One step of a version by itself, for who tries it.

    Attributes:
        version: the version that it leads to.
        step: as declared.
        older: the shape before it.
        newer: the shape after it.
        bound: its ways.
    """

    version: int
    step: Step
    older: Shape
    newer: Shape
    bound: BoundStep


class _Then:
    """Describes what a step says: a model class means the form that it had when the step was declared.

    The class in the code is always the newest, but what a step says of it was said of the version after the step.
    """

    def __init__(self, describer: Describer, newer: Shape) -> None:
        self._newer = newer
        self._describe = describer.type
        self.constant = describer.constant

    def type(self, annotation: Any) -> Type:
        return as_in(self._newer, self._describe(annotation))


class Lineage:
    """The listed versions of a schema; converts trees between them and the newest one, in place.

    Args:
        first: number of the first listed version.
        newest: shape of the newest version.
        steps: of each listed version, ascending. The first version's lead from a version that is not listed any more,
            and serve `fill` alone.
        describer: see `Describer`.
        decode: see `Decode`.

    Attributes:
        first: number of the first listed version.
        newest: number of the newest one.
        shapes: of each listed version, ascending.
        history: the shapes after each single step, oldest first.
        singles: the steps, oldest first, the first version's left out.
        binding: one that stands for the whole, for its `typed`.

    Raises:
        DeclarationError: a step does not fit; it names the version.
    """

    def __init__(
        self, first: int, newest: Shape, steps: Sequence[Sequence[Step]], describer: Describer, decode: Decode
    ) -> None:
        self.first = first
        self.newest: int = first + len(steps) - 1
        self.shapes: list[Shape] = []
        self.history: list[Shape] = [newest]
        self.singles: list[Single] = []
        self.binding: Binding = Binding("", newest, newest, describer, decode)
        self._links: list[_Link] = []
        shape = newest
        for number in range(self.newest, first - 1, -1):
            self.shapes.insert(0, shape)
            bound: list[BoundStep] = []
            shapes = [shape]
            try:
                for index, step in reversed(list(enumerate(steps[number - first]))):
                    then = Around(_Then(describer, shape), (shape, newest))
                    older = step.older(shape, then)
                    check_sound(older)
                    bound.insert(0, bind(step, Binding(f"{number}.{index}", older, shape, then, decode)))
                    shapes.insert(0, older)
                    shape = older
                check_overlap(steps[number - first], shapes)
            except SerdeError as error:
                raise error.located(version=number) from error.__cause__
            self.history[:0] = shapes[:-1]
            if number > first:
                declared = zip(steps[number - first], pairwise(shapes), bound, strict=True)
                self.singles[:0] = [Single(number, step, *around, ways) for step, around, ways in declared]
            self._links.insert(
                0,
                _Link(
                    number,
                    tuple(step.up for step in bound),
                    tuple(step.down for step in reversed(bound)),
                    tuple(step.fill for step in bound),
                    tuple(step.outline for step in reversed(bound)),
                ),
            )

    def up(self, tree: Tree, version: int) -> None:
        """From a listed version to the newest.

        Raises:
            ConversionError: a step failed; the version is the one that it leads to.
        """
        for link in self._links[version - self.first + 1 :]:
            _run(link.up, tree, link.version)

    def down(self, tree: Tree, version: int) -> None:
        """From the newest to a listed version. Raises like `up`."""
        for link in reversed(self._links[version - self.first + 1 :]):
            _run(link.down, tree, link.version)

    def outline(self, version: int, newest: Shape) -> Outline | None:
        """What `down` to a listed version makes of new values; None where that depends on the values.

        Args:
            version: the version.
            newest: the newest shape, as far as what new values always hold is concerned.
        """
        made = Outline.of(newest)
        try:
            for link in reversed(self._links[version - self.first + 1 :]):
                for way in link.outline:
                    way(made)
        except Unsettled:
            return None
        return made

    def fill(self, tree: Tree, min_reader: int, version: int) -> None:
        """Writes what an old editor of a record of `version` could not know. Raises like `up`."""
        for link in self._links:
            if min_reader < link.version <= version:
                _run(link.fill, tree, link.version)


def _run(ways: tuple[_Way, ...], tree: Tree, version: int) -> None:
    try:
        for way in ways:
            way(tree)
    except SerdeError as error:
        raise error.located(version=version) from error.__cause__
