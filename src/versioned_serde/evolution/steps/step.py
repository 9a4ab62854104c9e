"""What a step is.

A step says how one version differs from the one before, and how a value goes there and back. It is declared without
shapes (`rename("customer", "buyer")`), derives the older shape from the newer one, and is then bound to both.

Steps convert one object's tree in place. They touch their declared inputs and outputs and nothing else (law L4).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from versioned_serde.errors import ConversionError, DeclarationError
from versioned_serde.shape import Attribute, Shape, Type
from versioned_serde.tree import Raw, Tree, Typed, copied


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
        older: shape of the object before the step.
        newer: shape of the object after it.
        describer: the schema's.
        decode: see `Decode`.
    """

    id: str
    older: Shape
    newer: Shape
    describer: Describer = field(repr=False)
    decode: Decode = field(repr=False)

    def typed(self, type_: Type, value: Any) -> Any:
        """A tree value as a typed one, whichever way it is held."""
        if type(value) is Raw:
            return self.decode(type_, value)
        if type(value) is Typed:
            return value.value
        return value


def unchanged(tree: Tree) -> None:
    """The way of a step that leaves the tree as it is."""


@dataclass(frozen=True, slots=True)
class BoundStep:
    """A step that knows its shapes. Each function changes the tree of one object in place.

    Attributes:
        up: older form -> newer form.
        down: newer form -> older form.
        fill: in the newer form, writes the always-written attributes that an old editor could not know.
    """

    up: Callable[[Tree], None]
    down: Callable[[Tree], None]
    fill: Callable[[Tree], None] = unchanged


class Step(ABC):
    """A declared change from one version to the next."""

    @abstractmethod
    def older(self, newer: Shape, describer: Describer) -> Shape:
        """The shape before the step.

        Raises:
            DeclarationError: the step does not fit the newer shape, or one of its ways would not be total.
        """

    @abstractmethod
    def keeps_min_reader(self, span: Sequence[Shape]) -> bool:
        """Whether readers of the versions in `span` can read the newer form and write it back.

        Args:
            span: shapes of the object in the versions from min_reader to the one before, ascending, never empty.
        """

    @abstractmethod
    def bind(self, binding: Binding) -> BoundStep:
        """The step's functions for its place."""

    def refuse(self, problem: str, hint: str) -> DeclarationError:
        """An error about this step."""
        return DeclarationError(f"{self!r} {problem}", hint=hint)

    def attribute(self, shape: Shape, name: str) -> Attribute:
        """The attribute that the step is about.

        Raises:
            DeclarationError: the shape lacks it.
        """
        if (attribute := shape.get(name)) is not None:
            return attribute
        raise self.refuse(
            f"names `{name}`, but `{shape.name}` has no such attribute at that version.",
            f"It has {', '.join(f'`{known}`' for known in shape.names) or 'no attributes'}; "
            "steps use wire names, as they are after the step.",
        )

    def unused(self, shape: Shape, name: str) -> None:
        """Refuses a name that the newer shape still has.

        Raises:
            DeclarationError: it has it.
        """
        if shape.get(name) is not None:
            raise self.refuse(
                f"says that `{name}` is gone, but `{shape.name}` has it at that version.",
                f"Take `{name}` out of the model, or the step out of the version.",
            )


def filled(step: Step, fill: Any, constant: Any, tree: Tree, shape: Shape) -> Any:
    """What a `fill` gives for one object.

    Args:
        step: whose fill it is, for errors.
        fill: as declared: a value, or a function of the object's declared attributes.
        constant: the value in tree form, where it is not a function.
        tree: the object.
        shape: its shape.

    Raises:
        ConversionError: the function failed.
    """
    if not callable(fill):
        return copied(constant)
    try:
        return fill(copied({name: tree[name] for name in shape.names if name in tree}))
    except Exception as error:
        # The function's own text may quote the value, so only its type is told.
        raise ConversionError(
            f"The fill of {step!r} failed with {type(error).__name__}.",
            step=repr(step),
            hint="It must accept every valid object.",
        ) from error
