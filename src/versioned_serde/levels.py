"""Functions for recursive shapes: compiled level by level, when a value is first nested so deep.

What is compiled for one level counts the room that is left in it, as it does for any shape, so a bound on nesting costs
nothing when values are read and written. There are never more levels than the bound allows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from versioned_serde.errors import LimitError, UnwritableValueError
from versioned_serde.limits import Limits
from versioned_serde.shape import RecursiveType, Shape

C = TypeVar("C")


class Levels(Generic[C]):
    """What is compiled from one type, and from all that is nested in it.

    Args:
        late: makes of a function that gives what was compiled something that asks it when it is used.

    Attributes:
        inner: whether the level is inside another one of the same shape. What is nested too deep there is no mistake of
            the declaration, but of the value that gets there.
    """

    def __init__(self, late: Callable[[Callable[[], C]], C]) -> None:
        self.inner = False
        self._late = late
        self._begun: set[tuple[int, str]] = set()
        self._made: dict[Hashable, C] = {}
        self._deeper = self

    def objects(self, shape: Shape, room: int, make: Callable[[Levels[C]], C], form: str = "") -> C:
        """What is compiled for objects of a shape: at once, or when it is needed if the shape is around itself.

        Args:
            shape: a whole shape.
            room: how many objects and lists may be nested.
            make: compiles one level, of `Shape.unrolled`.
            form: tells apart what is compiled from the same shape in several ways.
        """
        if not shape.recursive:
            return make(self)
        # `make` keeps the shape, so its id stays its own.
        place = id(shape), form, room
        if place[:2] not in self._begun:
            self._begun.add(place[:2])
            first = self._made[place] = make(self)
            return first
        made, deeper = self._made, self._inside()

        def level() -> C:
            found = made.get(place)
            if found is None:
                found = made[place] = make(deeper)
            return found

        return self._late(level)

    def _inside(self) -> Levels[C]:
        if self._deeper is self and not self.inner:
            self._deeper = Levels(self._late)
            self._deeper.inner = True
            self._deeper._begun = self._begun  # noqa: SLF001 - of the same class
            self._deeper._made = self._made  # noqa: SLF001
        return self._deeper


def too_deep(limits: Limits) -> LimitError:
    """The error for a record in which objects and lists are nested deeper than the limit, or than Python can follow."""
    return LimitError(f"Objects and lists are nested deeper than {limits.max_depth}.", limit="max_depth")


def unwritably_deep(limits: Limits | None = None) -> UnwritableValueError:
    """The same for a value, which may contain itself; without limits if it is the interpreter that cannot follow."""
    bound = "the interpreter can follow" if limits is None else str(limits.max_depth)
    return UnwritableValueError(f"Objects and lists are nested deeper than {bound}.")


def out_of_place(type_: RecursiveType) -> AssertionError:
    """The error for a back reference that was taken out of its shape, against `Shape.unrolled`."""
    return AssertionError(f"a back reference to `{type_.name}` outside of its shape")
