"""Where a step stands: what it is bound to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from versioned_serde.errors import SerdeError
from versioned_serde.shape import Shape, Type
from versioned_serde.tree import Raw, Typed


class Describer(Protocol):
    """Turns what a declaration says in Python into what shapes and trees hold."""

    def type(self, annotation: Any) -> Type:
        """Annotation or model class -> type. Raises `DeclarationError`."""
        ...

    def constant(self, type_: Type, value: Any) -> Any:
        """Python value -> tree value of that type. Raises `DeclarationError` if it is not of the type."""
        ...


Decode = Callable[[Type, Raw], Any]
"""Typed value of a raw one, by whichever codec it came from. Raises `PayloadError`."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a step stands.

    Attributes:
        id: unique in the schema, such as `4.1`; names the step in a complement.
        older: shape of the object before the step, of types that can be taken out.
        newer: shape of the object after it, likewise. In both, nested objects of the same shape are those after it.
        describer: the schema's.
        decode: see `Decode`.
        around: for `within`: the shapes around the object, after the step, outermost first.
        raw: for `within`: `older` and `newer` as they stand in the shapes around them; None where they are the same.
    """

    id: str
    older: Shape
    newer: Shape
    describer: Describer = field(repr=False)
    decode: Decode = field(repr=False)
    around: tuple[Shape, ...] = field(default=(), repr=False)
    raw: tuple[Shape, Shape] | None = field(default=None, repr=False)

    def typed(self, name: str, type_: Type, value: Any) -> Any:
        """The tree value of an attribute as a typed one, whichever way it is held.

        Raises:
            PayloadError: it is raw, and not of the type.
        """
        if type(value) is Raw:
            try:
                return self.decode(type_, value)
            except SerdeError as error:
                raise error.inside(name) from error.__cause__
        if type(value) is Typed:
            return value.value
        return value
