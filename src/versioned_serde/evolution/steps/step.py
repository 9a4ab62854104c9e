"""What a step is.

A step says how one version differs from the one before, and how a value goes there and back. It is declared without
shapes (`rename("customer", "buyer")`), derives the older shape from the newer one, and is then bound to both.

Steps convert one object's tree in place. They touch their declared inputs and outputs and nothing else (law L4).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from versioned_serde.errors import ConversionError, DeclarationError
from versioned_serde.evolution.binding import Binding, Describer
from versioned_serde.evolution.outline import Way, unsettled
from versioned_serde.evolution.results import checked
from versioned_serde.shape import Attribute, Shape, Type
from versioned_serde.tree import Tree, copied

Path = tuple[str, ...]
"""An attribute within an object: names, and `[Card]` for an arm of a union."""
KEYS = "[keys]"
"""In a path: the keys of a map. Other steps of a version may change something within the values."""


def unchanged(tree: Tree) -> None:
    """The way of a step that leaves the tree as it is."""


@dataclass(frozen=True, slots=True)
class BoundStep:
    """A step that knows its shapes. Each function changes the tree of one object in place.

    Attributes:
        up: older form -> newer form.
        down: newer form -> older form.
        fill: in the newer form, writes the always-written attributes that an old editor could not know.
        outline: what `down` does to every value alike.
    """

    up: Callable[[Tree], None]
    down: Callable[[Tree], None]
    fill: Callable[[Tree], None] = unchanged
    outline: Way = unsettled


class Step(ABC):
    """A declared change from one version to the next."""

    @abstractmethod
    def older(self, newer: Shape, describer: Describer) -> Shape:
        """The shape before the step.

        It is another object, even if it is equal: records of the very same shape are read without a look at the steps.

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

    def seeds(self, newer: Shape) -> frozenset[Path]:
        """The attributes of the newer shape that it fills with something else than an empty value, where absent."""
        return frozenset()

    def converts(self, shape: Shape) -> frozenset[Path]:
        """The attributes whose values the step computes, so that it may leave an entry.

        Args:
            shape: before or after the step; the names are those that it has there.
        """
        return frozenset()

    def reaches(self, shape: Shape) -> frozenset[Path]:
        """What the step changes or changes something within; at least what it converts."""
        return self.converts(shape)

    def before(self, path: Path, newer: Shape) -> Path:
        """Where an attribute was before the step.

        Args:
            path: where it is after it.
            newer: the shape after the step.
        """
        return path

    def goes_with(self, other: Step) -> bool:
        """Whether the step may change what another one of the same version changes."""
        return False

    def refuse(self, problem: str, hint: str) -> DeclarationError:
        """An error about this step."""
        return DeclarationError(f"{self!r} {problem}", hint=hint)

    def fails_on_default(self, error: Exception) -> DeclarationError:
        """An error about a function of the step that failed on a default."""
        return self.refuse(
            f"fails on an attribute's default ({type(error).__name__}).", "Its functions must accept every valid value."
        )

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

    def constant(self, describer: Describer, type_: Type, value: Any) -> Any:
        """The tree value of a default or fill that the step declares.

        Raises:
            DeclarationError: it is not of the type.
        """
        try:
            return describer.constant(type_, value)
        except DeclarationError as error:
            raise self.refuse(
                f"declares a value (a `{type(value).__qualname__}`) that is not of the attribute's type.", error.hint
            ) from None


def filled(
    step: Step,
    fill: Any,
    constant: Any,
    attribute: Attribute,
    tree: Tree,
    shape: Shape,
    typed: Callable[[str, Type, Any], Any],
) -> Any:
    """What a `fill` gives for one object.

    Args:
        step: whose fill it is, for errors.
        fill: as declared: a value, or a function of the object's declared attributes.
        constant: the value in tree form, where it is not a function.
        attribute: what is filled.
        tree: the object.
        shape: the attributes that the function is shown; the tree may be of a later version, which declares fewer.
        typed: `Binding.typed`.

    Raises:
        ConversionError: the function failed, or gave what is not of the type.
    """
    if not callable(fill):
        return copied(constant)
    shown = {
        each.name: copied(typed(each.name, each.type, tree[each.name]))
        for each in shape.attributes
        if each.name in tree
    }
    try:
        value = fill(shown)
    except Exception as error:
        # The function's own text may quote the value, so only its type is told.
        raise ConversionError(
            f"The fill of {step!r} failed with {type(error).__name__}.",
            step=repr(step),
            hint="It must accept every valid object.",
        ) from error
    try:
        return checked(repr(step), attribute.type, value)
    except ConversionError as error:
        raise error.inside(attribute.name) from None
