"""`replace`: an object of other attributes altogether. Raises min_reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.complement import LossyWay, Values
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import ObjectType, RecursiveType, Shape, references


class replace(Step):
    """The object's declared attributes become others by functions of the whole object.

    For what the other steps cannot say. What one way loses is kept in the record; unknown attributes stay. Attributes
    in which a recursive model holds objects like itself stay, too: the functions are about one object.

    Args:
        was: the older shape: a model class, or a `Shape`.
        up: older attributes -> newer attributes, as dicts by wire names with typed values, absent ones left out.
        down: newer attributes -> older attributes.
    """

    def __init__(
        self,
        *,
        was: Any,
        up: Callable[[dict[str, Any]], dict[str, Any]],
        down: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        self.was = was
        self.up = up
        self.down = down

    def __repr__(self) -> str:
        return f"replace(was={getattr(self.was, '__name__', None) or getattr(self.was, 'name', self.was)})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        type_ = describer.type(self.was)
        if type_ == RecursiveType(newer.name):
            raise self.refuse("changes nothing.", "Take the step out, or correct `was`.")
        if not isinstance(type_, ObjectType):
            raise self.refuse("needs the older shape of the object.", "Give a model class or a `Shape` as `was`.")
        if type_.shape == newer:
            raise self.refuse("changes nothing.", "Take the step out, or correct `was`.")
        older = type_.shape.renamed(newer.name)
        ours, theirs = ([each for each in shape.attributes if references(each.type)] for shape in (newer, older))
        if {each.name: each for each in ours} != {each.name: each for each in theirs}:
            raise self.refuse(
                "changes an attribute that holds objects like one that it is in.",
                f"Leave {', '.join(f'`{each.name}`' for each in ours or theirs)} as they are; use `add` and `remove`.",
            )
        return older

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset((each.name,) for each in shape.attributes if not references(each.type))

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        raw, whole = binding.raw or (binding.older, binding.newer), (binding.older, binding.newer)
        older, newer = (
            {each.name: each.type for each in shape.attributes if (each.name,) in self.converts(standing)}
            for shape, standing in zip(whole, raw, strict=True)
        )
        up, down = self._way(self.up, newer), self._way(self.down, older)
        return BoundStep(
            LossyWay(repr(self), binding.id, "up", older, newer, up, down, binding.typed),
            LossyWay(repr(self), binding.id, "down", newer, older, down, up, binding.typed),
        )

    def _way(self, function: Callable[[Values], Values], outputs: dict[str, Any]) -> Callable[[Values], Values]:
        def convert(values: Values) -> Values:
            result = function(values)
            if type(result) is not dict or not result.keys() <= outputs.keys():
                # Raised as a plain error, so that it is reported like any failure of the function.
                raise TypeError("the function must return a dict of declared attributes")
            return result

        return convert
