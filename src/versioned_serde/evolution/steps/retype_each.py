"""`retype_each`: another type of the elements of a list or map. Raises min_reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from versioned_serde.errors import DeclarationError
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.elements import element_type
from versioned_serde.evolution.lossy_elements import LossyElements
from versioned_serde.evolution.steps.step import BoundStep, Path, Step
from versioned_serde.shape import Constant, ListType, MapType, NullableType, Shape, Type
from versioned_serde.tree import copied, same


class retype_each(Step):
    """The elements of a list, or the values of a map, have another type. What one way loses of each is kept.

    What is kept of an element is restored while the element is unchanged, whatever became of the others. In a list that
    holds for elements that can be told by their value; where different elements became equal, the list is restored as a
    whole or not at all.

    Args:
        name: wire name of the attribute that holds the list or map; null and absent stay what they are.
        was: the older type of an element.
        up: older element -> newer element. Typed Python values, enums as raw values, objects as dicts by wire names.
            Where both types can be null, null stays null and is not passed.
        down: newer element -> older element.
    """

    def __init__(self, name: str, *, was: Any, up: Callable[[Any], Any], down: Callable[[Any], Any]) -> None:
        self.name = name
        self.was = was
        self.up = up
        self.down = down

    def __repr__(self) -> str:
        return f"retype_each({self.name!r})"

    def older(self, newer: Shape, describer: Describer) -> Shape:
        attribute = self.attribute(newer, self.name)
        inner = element_type(attribute.type)
        if inner is None:
            raise self.refuse(
                f"names `{self.name}`, which is neither a list nor a map.",
                "Use `retype` for a value of another type, and `within` for attributes of objects.",
            )
        was = describer.type(self.was)
        if was == inner:
            raise self.refuse("does not change the type.", "Take the step out, or correct `was`.")
        type_ = _with_elements(attribute.type, was)
        default = attribute.default
        if isinstance(default, Constant) and default.value is not None:
            default = self._older_default(default, type_, describer)
        return newer.with_attribute(replace(attribute, type=type_, default=default), instead_of=self.name)

    def _older_default(self, newer: Constant, type_: Type, describer: Describer) -> Constant:
        try:
            older = Constant(self.constant(describer, type_, _each(self.down, newer.value)))
            comes_back = same(_each(self.up, older.value), newer.value)
        except DeclarationError:
            raise
        except Exception as error:
            raise self.fails_on_default(error) from error
        if not comes_back:
            raise self.refuse(
                "has a default whose elements do not come back, so the two forms would mean different values.",
                "Use `retype` with `default=`, which writes out what absence implies.",
            )
        return older

    def converts(self, shape: Shape) -> frozenset[Path]:
        return frozenset({(self.name,)})

    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        return False

    def bind(self, binding: Binding) -> BoundStep:
        name, typed = self.name, binding.typed
        old, new = self.attribute(binding.older, name).type, self.attribute(binding.newer, name).type
        nulls = all(isinstance(element_type(type_), NullableType) for type_ in (old, new))
        up, down = _but_null(self.up, nulls=nulls), _but_null(self.down, nulls=nulls)
        return BoundStep(
            LossyElements(repr(self), binding.id, "up", name, old, new, up, down, typed),
            LossyElements(repr(self), binding.id, "down", name, new, old, down, up, typed),
        )


def _but_null(function: Callable[[Any], Any], *, nulls: bool) -> Callable[[Any], Any]:
    return lambda element: None if nulls and element is None else function(element)


def _each(function: Callable[[Any], Any], value: Any) -> Any:
    if type(value) is dict:
        return {key: function(copied(element)) for key, element in value.items()}
    return [function(copied(element)) for element in value]


def _with_elements(type_: Type, inner: Type) -> Type:
    match type_:
        case NullableType(inner=container):
            return NullableType(_with_elements(container, inner))
        case ListType():
            return replace(type_, item=inner)
        case _:
            assert isinstance(type_, MapType)  # `element_type` has found it so
            return MapType(inner)
