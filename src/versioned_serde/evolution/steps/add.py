"""`add`: an attribute more. Keeps min_reader, so one release is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.steps.step import BoundStep, Path, Step, filled
from versioned_serde.shape import Constant, Shape
from versioned_serde.tree import Tree, Typed, same

_NO_FILL: Any = object()


class add(Step):
    """The newer form has an attribute that the older one lacks.

    The attribute is optional, or has a default, or is always written and has a `fill`. On the way down its value stays
    in the record as an unknown attribute, so that nothing is lost; on the way up it is filled only where absent.

    Args:
        name: wire name.
        fill: what records from before mean: a value, or a pure function of the object's older attributes (a dict by
            wire names). A derived fill is a seed: once stored, the attribute is independent of what it came from.
    """

    def __init__(self, name: str, *, fill: Any | Callable[[dict[str, Any]], Any] = _NO_FILL) -> None:
        self.name = name
        self.fill = fill

    def __repr__(self) -> str:
        return f"add({self.name!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.name)
        has_fill = self.fill is not _NO_FILL
        if attribute.always_written and not has_fill:
            raise self.refuse(
                "adds an attribute that is always written, but records from before have none.",
                f"Give `{self.name}` a constant default, or say `add({self.name!r}, fill=...)`.",
            )
        if has_fill and not attribute.always_written:
            constant = attribute.default
            if (
                callable(self.fill)
                or not isinstance(constant, Constant)
                or not same(self.constant(describer, attribute.type, self.fill), constant.value)
            ):
                raise self.refuse(
                    "fills with something else than the attribute's default, so two readers would see two values.",
                    f"Leave `fill` out, make it equal to the default, or make `{self.name}` required.",
                )
        return newer.without(self.name)

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return True

    def seeds(self, newer: Shape) -> frozenset[Path]:
        attribute = newer.get(self.name)
        if attribute is None or not attribute.always_written:
            return frozenset()
        return frozenset({(self.name,)} if callable(self.fill) or self.fill is None or self.fill else ())

    def bind(self, binding: Binding) -> BoundStep:
        name, older, typed = self.name, binding.older, binding.typed
        attribute = self.attribute(binding.newer, name)
        type_, always = attribute.type, attribute.always_written
        constant = None if callable(self.fill) or not always else self.constant(binding.describer, type_, self.fill)

        def fill(tree: Tree) -> None:
            if always and name not in tree:
                tree[name] = filled(self, self.fill, constant, attribute, tree, older, typed)

        def up(tree: Tree) -> None:
            if name in tree:
                tree[name] = typed(name, type_, tree[name])
            else:
                fill(tree)

        def down(tree: Tree) -> None:
            if name in tree:
                tree[name] = Typed(type_, tree[name])

        return BoundStep(up, down, fill, lambda outline: outline.undeclare(name, type_))
