"""What is known of a set of instances: a member, that it is empty, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from versioned_serde.check.contracts.json_schema.terms import Term


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a set of instances.

    Attributes:
        kind: `found`: `value` is a member. `empty`: that it has none is proved. `unknown`: neither.
        value: the member.
        doubt: why nothing is known; with `found`, why the value is only a likely member.
    """

    kind: Literal["found", "empty", "unknown"]
    value: Any = None
    doubt: str = ""

    @property
    def sure(self) -> bool:
        """Whether there is a member without doubt."""
        return self.kind == "found" and not self.doubt


EMPTY = Answer("empty")

Solve = Callable[[Iterable[Term]], Answer]
"""What is known of the instances that are in all of some terms."""


def found(value: Any, doubt: str = "") -> Answer:
    """A member."""
    return Answer("found", value, doubt)


def unknown(doubt: str) -> Answer:
    """Neither a member nor a proof."""
    return Answer("unknown", None, doubt)


def first_of(answers: Iterable[Answer]) -> Answer:
    """Of sets whose union is asked for: the first sure member, or else what is left."""
    best = EMPTY
    for answer in answers:
        if answer.sure:
            return answer
        if best.kind == "empty" or (best.kind == "unknown" and answer.kind == "found"):
            best = answer
    return best
