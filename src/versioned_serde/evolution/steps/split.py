"""`split`: one attribute becomes several. Raises min_reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.steps.parts import Parts, checked_default, checked_names, default_joined
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import REQUIRED, Attribute, Constant, Shape

_NOTHING: Any = object()


class split(Step):
    """One attribute becomes several of the same object. What one way loses is kept in the record.

    On the way down a part that is absent counts as its default. If all parts are absent and their defaults mean that of
    the older attribute, it stays absent too; so on the way up.

    Args:
        name: wire name of the older attribute.
        into: wire names of the newer ones, at least two; one of them may be `name`.
        was: the older type.
        up: older value -> a tuple of the newer values, in the order of `into`. Typed Python values, enums as raw
            values, objects as dicts by wire names.
        down: newer values, as so many arguments -> older value.
        default: the older default, or `REQUIRED`; without it, `down` of the newer defaults if all parts have one.
    """

    def __init__(
        self,
        name: str,
        *,
        into: Sequence[str],
        was: Any,
        up: Callable[[Any], tuple[Any, ...]],
        down: Callable[..., Any],
        default: Any = _NOTHING,
    ) -> None:
        self.name = name
        self.into: tuple[str, ...] = tuple(into)
        self.was = was
        self.up = up
        self.down = down
        self.default = default

    def __repr__(self) -> str:
        return f"split({self.name!r}, into={self.into!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        checked_names(self, self.into)
        parts = self._parts(newer)
        for part in parts:
            checked_default(self, part)
        if self.name not in self.into:
            self.unused(newer, self.name)
        type_ = describer.type(self.was)
        default = default_joined(self, parts, self.down) if self.default is _NOTHING else self.default
        whole = Attribute(
            self.name, type_, REQUIRED if default is REQUIRED else Constant(self.constant(describer, type_, default))
        )
        gone = {*self.into} - {self.into[0]}
        rest = replace(newer, attributes=tuple(each for each in newer.attributes if each.name not in gone))
        return rest.with_attribute(whole, instead_of=self.into[0])

    def _parts(self, shape: Shape) -> tuple[Attribute, ...]:
        return tuple(self.attribute(shape, name) for name in self.into)

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset((name,) for name in {self.name, *self.into} if shape.get(name) is not None)

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        whole = self.attribute(binding.older, self.name)
        return Parts(self, whole, self._parts(binding.newer), self.up, self.down).bind(binding, apart="up")
