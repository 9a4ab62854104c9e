"""`redefault`: absence means something else. Raises min_reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.outline import Outline
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import ABSENT, FACTORY, REQUIRED, Constant, Default, Shape
from versioned_serde.tree import Tree, copied


class redefault(Step):
    """The attribute has another default, gained one, or lost it.

    Defaults belong to versions, so both ways write the implied default out. It then counts as set.

    Args:
        name: wire name.
        was: the older default, or `REQUIRED` if there was none, or `FACTORY` if it was computed.
    """

    def __init__(self, name: str, *, was: Any) -> None:
        self.name = name
        self.was = was

    def __repr__(self) -> str:
        return f"redefault({self.name!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.name)
        # Both are always written, so that no record is without the attribute.
        older: Default = self.was
        if self.was not in (REQUIRED, FACTORY):
            older = Constant(self.constant(describer, attribute.type, self.was))
        if older == attribute.default:
            raise self.refuse("does not change the default.", "Take the step out, or correct `was`.")
        if attribute.default is ABSENT:
            raise self.refuse(
                "cannot say what a newer record without the attribute means to an older reader.",
                "Give the attribute a default or make it nullable.",
            )
        return newer.with_attribute(replace(attribute, default=older), instead_of=self.name)

    def reaches(self, shape: Shape) -> frozenset[Path]:
        return frozenset({(self.name,)})

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        name = self.name

        def implied(default: Default) -> Any:
            def write_out(tree: Tree) -> None:
                if isinstance(default, Constant) and name not in tree:
                    tree[name] = copied(default.value)

            return write_out

        older, newer = self.attribute(binding.older, name), self.attribute(binding.newer, name)

        def outline(made: Outline) -> None:
            if isinstance(newer.default, Constant):
                made.write_out(name, newer.type, newer.default)

        return BoundStep(implied(older.default), implied(newer.default), outline=outline)
