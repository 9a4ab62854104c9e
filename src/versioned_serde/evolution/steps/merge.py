"""`merge`: several attributes become one. Raises min_reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.steps.parts import Parts, checked_default, checked_names, defaults_apart
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import REQUIRED, Attribute, Constant, Shape


class merge(Step):
    """Several attributes of one object become one: the mirror of `split`. What one way loses is kept in the record.

    On the way up a part that is absent counts as its default. If all parts are absent and their defaults mean that of
    the newer attribute, it stays absent too; so on the way down.

    Args:
        names: wire names of the older attributes, at least two.
        into: wire name of the newer one; it may be one of `names`.
        was: the older types, in the order of `names`.
        up: older values, as so many arguments -> newer value. Typed Python values, enums as raw values, objects as
            dicts by wire names.
        down: newer value -> a tuple of the older values, in the order of `names`.
        default: the older defaults, in the order of `names`, `REQUIRED` for an attribute that had none; without it,
            `down` of the newer default if there is one.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        into: str,
        was: Sequence[Any],
        up: Callable[..., Any],
        down: Callable[[Any], tuple[Any, ...]],
        default: Sequence[Any] | None = None,
    ) -> None:
        self.names: tuple[str, ...] = tuple(names)
        self.into = into
        self.was: tuple[Any, ...] = tuple(was)
        self.up = up
        self.down = down
        self.default = default

    def __repr__(self) -> str:
        return f"merge({self.names!r}, into={self.into!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        checked_names(self, self.names)
        whole = self.attribute(newer, self.into)
        checked_default(self, whole)
        for name in self.names:
            if name != self.into:
                self.unused(newer, name)
        count = len(self.names)
        if len(self.was) != count or (self.default is not None and len(self.default) != count):
            raise self.refuse(
                "does not say one type, and one default if any, for each part.",
                "Say `was=` and `default=` in the order of the names; `REQUIRED` for a part without a default.",
            )
        defaults = defaults_apart(self, whole.default, count, self.down) if self.default is None else self.default
        parts = []
        for name, was, default in zip(self.names, self.was, defaults, strict=True):
            type_ = describer.type(was)
            stated = REQUIRED if default is REQUIRED else Constant(self.constant(describer, type_, default))
            parts.append(Attribute(name, type_, stated))
        at = newer.attributes.index(whole)
        return replace(newer, attributes=(*newer.attributes[:at], *parts, *newer.attributes[at + 1 :]))

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset((name,) for name in {self.into, *self.names} if shape.get(name) is not None)

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        whole = self.attribute(binding.newer, self.into)
        parts = tuple(self.attribute(binding.older, name) for name in self.names)
        return Parts(self, whole, parts, self.down, self.up).bind(binding, apart="down")
