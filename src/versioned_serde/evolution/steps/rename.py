"""`rename`: another wire name. Raises min_reader, because an old reader would see the attribute absent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from versioned_serde.errors import ConversionError
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.complement import rename_witness
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import Shape
from versioned_serde.tree import Tree


class rename(Step):
    """The attribute has another name on the wire. Renaming it in Python alone needs no step.

    Args:
        old: wire name in the older form.
        new: wire name in the newer form.
    """

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new

    def __repr__(self) -> str:
        return f"rename({self.old!r}, {self.new!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.new)
        self.unused(newer, self.old)
        return newer.with_attribute(replace(attribute, name=self.old), instead_of=self.new)

    def before(self, path: Path, newer: Shape) -> Path:
        return (self.old, *path[1:]) if path[0] == self.new else path

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        def move(tree: Tree, source: str, target: str) -> None:
            # An undeclared attribute may not come to stand under a declared name either.
            if target in tree:
                raise ConversionError(
                    f"{self!r} makes `{target}`, which the record already holds as an unknown attribute.",
                    step=repr(self),
                    hint="Names are never used again; find out who wrote it.",
                )
            if source in tree:
                tree[target] = tree.pop(source)
            rename_witness(tree, source, target)

        return BoundStep(
            lambda tree: move(tree, self.old, self.new),
            lambda tree: move(tree, self.new, self.old),
            outline=lambda outline: outline.move(self.new, self.old),
        )
