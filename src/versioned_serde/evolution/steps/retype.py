"""`retype`: another type under the same name. Raises min_reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.complement import LossyWay, Values
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import Constant, Default, NullableType, Shape
from versioned_serde.tree import Tree, copied, same

_NOTHING: Any = object()


class retype(Step):
    """The attribute has another type. What one way loses is kept in the record.

    Args:
        name: wire name.
        was: the older type.
        up: older value -> newer value. Typed Python values, enums as raw values, objects as dicts by wire names. Where
            both types can be null, null stays null and is not passed.
        down: newer value -> older value.
        default: the older default; without it, `down` of the newer default.
    """

    def __init__(
        self, name: str, *, was: Any, up: Callable[[Any], Any], down: Callable[[Any], Any], default: Any = _NOTHING
    ) -> None:
        self.name = name
        self.was = was
        self.up = up
        self.down = down
        self.default = default

    def __repr__(self) -> str:
        return f"retype({self.name!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.name)
        type_ = describer.type(self.was)
        if type_ == attribute.type:
            raise self.refuse("does not change the type.", "Take the step out, or correct `was`.")
        return newer.with_attribute(
            replace(attribute, type=type_, default=self._older_default(attribute.default, type_, describer)),
            instead_of=self.name,
        )

    def _older_default(self, newer: Default, type_: Any, describer: Describer) -> Default:
        if not isinstance(newer, Constant):
            return newer
        if self.default is not _NOTHING:
            return Constant(self.constant(describer, type_, self.default))
        if newer.value is None and isinstance(type_, NullableType):
            return newer
        try:
            return Constant(self.constant(describer, type_, self.down(copied(newer.value))))
        except DeclarationError:
            raise
        except Exception as error:
            raise self.fails_on_default(error) from error

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset({(self.name,)})

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        name = self.name
        old, new = self.attribute(binding.older, name), self.attribute(binding.newer, name)
        nulls = isinstance(old.type, NullableType) and isinstance(new.type, NullableType)

        def way(function: Callable[[Any], Any]) -> Callable[[Values], Values]:
            def convert(values: Values) -> Values:
                return {key: None if value is None and nulls else function(value) for key, value in values.items()}

            return convert

        older, newer = {name: old.type}, {name: new.type}
        up = LossyWay(repr(self), binding.id, "up", older, newer, way(self.up), way(self.down), binding.typed)
        down = LossyWay(repr(self), binding.id, "down", newer, older, way(self.down), way(self.up), binding.typed)
        if not isinstance(old.default, Constant) or not isinstance(new.default, Constant):
            return BoundStep(up, down)
        before, after = old.default.value, new.default.value
        try:
            newer_meant = way(self.up)({name: copied(before)})
            older_meant = way(self.down)({name: copied(after)})
        except Exception as error:
            raise self.fails_on_default(error) from error
        if same(newer_meant, {name: after}) and same(older_meant, {name: before}):
            return BoundStep(up, down)

        # The defaults do not mean each other, so what absence implies is written out on both ways (law L6).
        def explicit(way_: LossyWay, implied: Any) -> Callable[[Tree], None]:
            def convert(tree: Tree) -> None:
                if name not in tree:
                    tree[name] = copied(implied)
                way_(tree)

            return convert

        return BoundStep(explicit(up, before), explicit(down, after))
