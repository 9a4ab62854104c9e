"""`remove`: an attribute less. Keeps min_reader where every reader copes without the attribute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.outline import Outline, Unsettled
from versioned_serde.evolution.steps.step import BoundStep, Step, filled
from versioned_serde.shape import REQUIRED, Attribute, Constant, Default, NullableType, Shape
from versioned_serde.tree import Tree, Typed

_NOTHING: Any = object()


class remove(Step):
    """The newer form lacks an attribute that the older one has.

    Values that records still hold stay in them as unknown attributes, so that the way back finds them.

    Args:
        name: wire name.
        was: the type that the attribute had, which the class no longer shows.
        default: the default that it had, or `REQUIRED`, or `FACTORY` for a computed one. Where it is left out, an
            attribute that could be null had the default None, and any other was required.
        fill: what an older reader gets for a required attribute of a newer record: a value, or a pure function of the
            object's newer attributes (a dict by wire names).
        purge: really drop the value, for data that must go. Raises min_reader, and the way back has only `fill` or
            the default.
    """

    def __init__(
        self,
        name: str,
        *,
        was: Any,
        default: Any = _NOTHING,
        fill: Any | Callable[[dict[str, Any]], Any] = _NOTHING,
        purge: bool = False,
    ) -> None:
        self.name = name
        self.was = was
        self.default = default
        self.fill = fill
        self.purge = purge

    def __repr__(self) -> str:
        return f"remove({self.name!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        self.unused(newer, self.name)
        type_ = describer.type(self.was)
        default: Default = REQUIRED
        if isinstance(self.default, Default):
            default = self.default
        elif self.default is not _NOTHING:
            default = Constant(self.constant(describer, type_, self.default))
        elif isinstance(type_, NullableType):
            default = Constant(None)
        if default is REQUIRED and self.fill is _NOTHING:
            raise self.refuse(
                "takes away an attribute that older readers require, and newer records have none to give.",
                f"Say `remove({self.name!r}, ..., fill=...)`, or `default=...` if it had a default.",
            )
        if default is not REQUIRED and self.fill is not _NOTHING:
            raise self.refuse("has a default and a fill, and older readers would use the default.", "Leave `fill` out.")
        return newer.with_attribute(Attribute(self.name, type_, default))

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        known = [shape.get(self.name) for shape in span]
        return not self.purge and all(attribute is None or attribute.optional for attribute in known)

    def bind(self, binding: Binding) -> BoundStep:
        name, newer, typed, purge = self.name, binding.newer, binding.typed, self.purge
        attribute = self.attribute(binding.older, name)
        type_, required = attribute.type, not attribute.optional
        constant = None if callable(self.fill) or not required else self.constant(binding.describer, type_, self.fill)

        def up(tree: Tree) -> None:
            if name in tree:
                value = tree.pop(name)
                if not purge:
                    tree[name] = Typed(type_, value)

        def down(tree: Tree) -> None:
            if name in tree:
                tree[name] = typed(name, type_, tree[name])
            elif required:
                tree[name] = filled(self, self.fill, constant, tree, newer, typed)

        def outline(made: Outline) -> None:
            if name in made.parts or (required and callable(self.fill)):
                raise Unsettled
            if required:
                made.write_out(name, type_, Constant(constant))

        return BoundStep(up, down, outline=outline)
