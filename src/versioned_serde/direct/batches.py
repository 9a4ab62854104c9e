"""Many records at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

from versioned_serde import native
from versioned_serde.errors import SerdeError

E = TypeVar("E", bound=Exception)
Failure = Literal["raise", "collect"]


def batch(function: Callable[[Any], Any], values: Iterable[Any], errors: Failure = "raise") -> list[Any]:
    """What the function gives for each value, in order; None for None.

    Args:
        function: what is called.
        values: of any number; each is taken when the one before is done.
        errors: what happens at a `SerdeError` of the function, which gets the index into its path: it is raised, or
            stands in the result. Other errors, and those of `values`, go through.
    """
    return _EACH(function, values, SerdeError, _raised if errors == "raise" else _placed)


def _placed(error: SerdeError, index: int) -> SerdeError:
    return error.inside(f"[{index}]")


def _raised(error: SerdeError, index: int) -> SerdeError:
    raise _placed(error, index) from error.__cause__


def each(
    function: Callable[[Any], Any], values: Iterable[Any], kind: type[E], failed: Callable[[E, int], Any]
) -> list[Any]:
    """The loop of a batch.

    Args:
        function: what is called.
        values: what it is called with, unless it is None.
        kind: the errors of the function that `failed` is for.
        failed: error, index -> what stands in the place of the result; or it raises.
    """
    done: list[Any] = []
    add = done.append
    for value in values:
        if value is None:
            add(None)
            continue
        try:
            result = function(value)
        except kind as error:
            result = failed(error, len(done))
        add(result)
    return done


_EACH = native.each() or each
