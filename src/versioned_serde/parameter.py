"""`Parameter`: a plain value between processes, under the same two phases as a schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Generic, Literal, TypeVar

from versioned_serde.envelope.tag import is_schema_name
from versioned_serde.errors import DeclarationError, SerdeError

V = TypeVar("V", bound=int | float | str)
Kind = Literal["at_most", "at_least", "one_of"]
KINDS: tuple[Kind, ...] = ("at_most", "at_least", "one_of")


class Parameter(Generic[V]):
    """What this process emits, and what it tolerates from others.

    A heartbeat sent every 5 s becomes 10 s only after every peer tolerates 10 s. Each version is a value; one is
    emitted; the values of all listed versions are tolerated. Listing a new version prepares it, raising `writes`
    activates it.

    Args:
        name: like a schema's.
        versions: version -> value, without a gap.
        kind: how values of others are judged. `at_most`: not above the largest listed value (an interval, a size);
            `at_least`: not below the smallest (a rate); `one_of`: equal to a listed value (a mode).
        writes: the version whose value is emitted.
        accept: derives what is tolerated for a value, such as `lambda interval: 3 * interval` for a timeout.

    Attributes:
        name: the parameter's name.
        kind: see above.
        writes: the version whose value is emitted.
        values: listed version -> value, ascending.

    Raises:
        DeclarationError: the declaration cannot be right.
    """

    def __init__(
        self,
        name: str,
        versions: Mapping[int, V],
        *,
        kind: Kind,
        writes: int,
        accept: Callable[[V], V] | None = None,
    ) -> None:
        self.name = name
        self.kind: Kind = kind
        self.writes = writes
        self.values: dict[int, V] = dict(sorted(versions.items()))
        try:
            self._check()
        except SerdeError as error:
            raise error.located(schema=name) from None
        self._tolerated: tuple[V, ...] = tuple(
            value if accept is None else accept(value) for value in self.values.values()
        )

    def __repr__(self) -> str:
        return f"Parameter({self.name!r}, {self.values}, kind={self.kind!r}, writes={self.writes})"

    def _check(self) -> None:
        if not is_schema_name(self.name):
            raise DeclarationError(
                f"`{self.name}` is not a parameter's name.",
                hint="Use 1 to 200 letters, digits, dots, dashes and underscores.",
            )
        if self.kind not in KINDS:
            raise DeclarationError(f"There is no kind `{self.kind}`.", hint=f"Known are {', '.join(KINDS)}.")
        if not self.values or not all(type(number) is int and number >= 1 for number in self.values):
            raise DeclarationError("The versions are not numbered 1, 2, 3, ...", hint="Say for example `{1: 5.0}`.")
        for before, after in pairwise(self.values):
            if after != before + 1:
                raise DeclarationError(
                    f"Version {after} follows version {before}.",
                    hint="List the versions without a gap; only the oldest may be retired.",
                )
        if self.writes not in self.values:
            raise DeclarationError(
                f"`writes={self.writes}` is not a listed version.",
                hint=f"Listed are {', '.join(map(str, self.values))}.",
            )
        if len({type(value) for value in self.values.values()}) > 1:
            raise DeclarationError("The values are of different types.", hint="Give all of them one type.")
        if self.kind != "one_of" and any(isinstance(value, str | bool) for value in self.values.values()):
            raise DeclarationError(f"The kind `{self.kind}` is for numbers.", hint='Use `kind="one_of"`.')

    @property
    def versions(self) -> tuple[int, ...]:
        """The listed versions, ascending: those that this process tolerates."""
        return tuple(self.values)

    @property
    def value(self) -> V:
        """What this process emits."""
        return self.values[self.writes]

    @property
    def tolerance(self) -> V | frozenset[V]:
        """What this process tolerates: the bound (`at_most`, `at_least`), or the values (`one_of`)."""
        if self.kind == "one_of":
            return frozenset(self._tolerated)
        return self._bound()

    def tolerates(self, value: V) -> bool:
        """Whether a peer's value is within the tolerance."""
        if self.kind == "one_of":
            return value in self._tolerated
        return (
            _number(value) <= _number(self._bound())
            if self.kind == "at_most"
            else _number(value) >= _number(self._bound())
        )

    def _bound(self) -> V:
        return (max if self.kind == "at_most" else min)(self._tolerated, key=_number)


def _number(value: int | float | str) -> float:
    assert not isinstance(value, str)  # checked when it was declared
    return value
