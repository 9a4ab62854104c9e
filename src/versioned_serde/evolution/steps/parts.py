"""One attribute on one side of a step and several on the other: what `split` and `merge` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from versioned_serde.evolution.binding import Binding
from versioned_serde.evolution.complement import LossyWay, Values
from versioned_serde.evolution.steps.step import BoundStep, Step
from versioned_serde.shape import REQUIRED, Attribute, Constant, Default
from versioned_serde.tree import copied, same


@dataclass(frozen=True, slots=True)
class Parts:
    """A whole and its parts.

    A part that is absent counts as its default. Where all of them are absent, so is the whole, and the other way round,
    if the defaults mean each other; otherwise what absence implies is written out.

    Attributes:
        step: whose they are.
        whole: the one attribute.
        parts: the several ones.
        apart: whole -> a tuple of the parts.
        joined: the parts, as so many arguments -> whole.
    """

    step: Step
    whole: Attribute
    parts: tuple[Attribute, ...]
    apart: Callable[[Any], tuple[Any, ...]]
    joined: Callable[..., Any]

    def bind(self, binding: Binding, *, apart: Literal["up", "down"]) -> BoundStep:
        """The two ways.

        Args:
            binding: the step's.
            apart: the way on which the whole becomes its parts.

        Raises:
            DeclarationError: a function fails on a default.
        """
        whole, parts = {self.whole.name: self.whole.type}, {part.name: part.type for part in self.parts}
        absent = self._absences_agree()

        def take_apart(values: Values) -> Values:
            default = self.whole.default
            if self.whole.name in values:
                given = values[self.whole.name]
            elif absent or not isinstance(default, Constant):
                return {}
            else:
                given = copied(default.value)
            return self._named(self.apart(given))

        def join(values: Values) -> Values:
            if absent and not values:
                return {}
            given: list[Any] = []
            for part in self.parts:
                if part.name in values:
                    given.append(values[part.name])
                elif isinstance(part.default, Constant):
                    given.append(copied(part.default.value))
            # Where a required part is missing the record is not valid, and its reader says so of the missing whole.
            return {self.whole.name: self.joined(*given)} if len(given) == len(self.parts) else {}

        step, typed = repr(self.step), binding.typed
        if apart == "up":
            return BoundStep(
                LossyWay(step, binding.id, "up", whole, parts, take_apart, join, typed),
                LossyWay(step, binding.id, "down", parts, whole, join, take_apart, typed),
            )
        return BoundStep(
            LossyWay(step, binding.id, "up", parts, whole, join, take_apart, typed),
            LossyWay(step, binding.id, "down", whole, parts, take_apart, join, typed),
        )

    def _named(self, values: Any) -> Values:
        if type(values) is not tuple or len(values) != len(self.parts):
            # Raised as a plain error, so that it is reported like any failure of the function.
            raise TypeError("the function must return a tuple with a value for each part")
        return {part.name: value for part, value in zip(self.parts, values, strict=True)}

    def _absences_agree(self) -> bool:
        whole = self.whole.default
        parts = {part.name: part.default.value for part in self.parts if isinstance(part.default, Constant)}
        try:
            taken = self._named(self.apart(copied(whole.value))) if isinstance(whole, Constant) else None
            joined = self.joined(*copied(list(parts.values()))) if len(parts) == len(self.parts) else None
        except Exception as error:
            raise self.step.fails_on_default(error) from error
        return isinstance(whole, Constant) and same(taken, parts) and same(joined, whole.value)


def defaults_apart(step: Step, whole: Default, count: int, apart: Callable[[Any], tuple[Any, ...]]) -> tuple[Any, ...]:
    """What the parts' defaults are where nobody says: those of the whole's default taken apart, or `REQUIRED`.

    Raises:
        DeclarationError: the function fails on the default.
    """
    if not isinstance(whole, Constant):
        return (REQUIRED,) * count
    try:
        values = apart(copied(whole.value))
        if type(values) is not tuple or len(values) != count:
            raise TypeError("the function must return a tuple with a value for each part")
    except Exception as error:
        raise step.fails_on_default(error) from error
    return values


def default_joined(step: Step, parts: tuple[Attribute, ...], joined: Callable[..., Any]) -> Any:
    """What the whole's default is where nobody says: the parts' defaults joined, or `REQUIRED` if one has none.

    Raises:
        DeclarationError: the function fails on the defaults.
    """
    values = [copied(part.default.value) for part in parts if isinstance(part.default, Constant)]
    if len(values) < len(parts):
        return REQUIRED
    try:
        return joined(*values)
    except Exception as error:
        raise step.fails_on_default(error) from error


def checked_names(step: Step, names: tuple[str, ...]) -> None:
    """Refuses anything but two or more different names.

    Raises:
        DeclarationError: that.
    """
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise step.refuse("needs two or more different names for the parts.", "Use `retype` or `rename` for one.")


def checked_default(step: Step, attribute: Attribute) -> None:
    """Refuses an attribute whose absence has no value that could be taken apart or joined.

    Raises:
        DeclarationError: that.
    """
    if attribute.default is not REQUIRED and not isinstance(attribute.default, Constant):
        raise step.refuse(
            f"cannot say what the absence of `{attribute.name}` is on the other side.",
            f"Give `{attribute.name}` a constant default, or make it required; or use `replace`.",
        )
