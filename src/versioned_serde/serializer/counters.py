"""Plain cells that count what a schema reads and writes.

The encode path must not pay for a metrics library, so it counts in cells and exporters read them when they are asked.
Labels are bounded: a schema has its listed versions and the words of `OTHER`, never what a stranger's bytes say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock, local
from typing import Literal, Protocol, cast, runtime_checkable
from weakref import ref

from versioned_serde import native

Outcome = Literal["read", "written", "refused", "converted", "unknown_kept", "unknown_dropped"]
OUTCOMES: tuple[Outcome, ...] = ("read", "written", "refused", "converted", "unknown_kept", "unknown_dropped")
OTHER = ("newer", "older", "none")
"""Versions that are not listed: above the newest, below the oldest or missing in between, not known at all."""


@dataclass(frozen=True, slots=True)
class Count:
    """One number, as exporters see it: so many records of the schema and version had this outcome since start."""

    schema: str
    version: str
    outcome: Outcome
    value: int


class Counted(Protocol):
    """What exporters read: a schema, or a registry of several."""

    def counts(self) -> Iterable[Count]:
        """Every cell's value now."""
        ...


@runtime_checkable
class Writing(Protocol):
    """What exporters read as well, where a source offers it."""

    def write_versions(self) -> Iterable[tuple[str, int]]:
        """Name of a schema or a parameter, and the version that it writes now."""
        ...


def total(sources: Iterable[Counted]) -> Iterator[Count]:
    """The counts of several sources, each series once: two registries of one process may hold the same schema."""
    sums: dict[tuple[str, str, Outcome], int] = {}
    for source in sources:
        for count in source.counts():
            series = count.schema, count.version, count.outcome
            sums[series] = sums.get(series, 0) + count.value
    for (schema, version, outcome), value in sums.items():
        yield Count(schema, version, outcome, value)


def write_versions(sources: Iterable[Counted]) -> dict[str, int]:
    """Name -> the version that is written now, for the sources that say so; where two differ, the higher."""
    found: dict[str, int] = {}
    for source in sources:
        if isinstance(source, Writing):
            for schema, version in source.write_versions():
                found[schema] = max(version, found.get(schema, 0))
    return found


class Cell:
    """One number that only grows, by `cell.value += 1`.

    That is exact among threads where there is a GIL: CPython 3.11 to 3.13 hand it over when a function starts, after a
    call and at a jump backwards, so not between reading a slot and writing it again. Hence what is added is a constant,
    never a call.
    """

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: int = 0

    def total(self) -> int:
        """The number."""
        return self.value


class ThreadsCell:
    """The same where there is no GIL: each thread has a number of its own, so that `cell.value += 1` is nobody else's.

    A thread's number outlives it: it is added up when another thread comes.
    """

    __slots__ = ("_ended", "_here", "_lock", "_numbers")

    def __init__(self) -> None:
        self._here = local()
        self._lock = Lock()
        self._ended = 0
        self._numbers: list[tuple[ref[_Number], list[int]]] = []

    @property
    def value(self) -> int:
        """What this thread has counted."""
        try:
            number: int = self._here.number.held[0]
        except AttributeError:
            return self._enter()
        return number

    @value.setter
    def value(self, number: int) -> None:
        self._here.number.held[0] = number

    def total(self) -> int:
        """What all threads have counted. It never falls."""
        with self._lock:
            return self._ended + sum(held[0] for _, held in self._numbers)

    def _enter(self) -> int:
        number = self._here.number = _Number()
        with self._lock:
            living = [(ref(number), number.held)]
            for alive, held in self._numbers:
                if alive() is None:
                    self._ended += held[0]
                else:
                    living.append((alive, held))
            self._numbers = living
        return 0


class _Number:
    """Lives as long as its thread does."""

    __slots__ = ("__weakref__", "held")

    def __init__(self) -> None:
        self.held = [0]


def new_cell() -> Cell:
    """A new cell, of the kind that this interpreter needs."""
    with_gil = getattr(sys, "_is_gil_enabled", None)  # since 3.13; what has a GIL at the start keeps it
    if with_gil is None or with_gil():
        return native.new_cell() or Cell()
    return cast("Cell", ThreadsCell())


class Counters:
    """The cells of one schema. All exist from the start, so that a zero is reported as a zero."""

    def __init__(self, schema: str, versions: tuple[int, ...]) -> None:
        self._schema = schema
        self._labels: tuple[int | str, ...] = (*versions, *OTHER)
        self._cells: dict[tuple[str, Outcome], Cell] = {
            (str(label), outcome): new_cell() for label in self._labels for outcome in OUTCOMES
        }

    def cells(self, outcome: Outcome) -> dict[int | str, Cell]:
        """The cells of one outcome by listed version or word of `OTHER`, for a pipeline to keep."""
        return {label: self.cell(label, outcome) for label in self._labels}

    def cell(self, version: int | str, outcome: Outcome) -> Cell:
        """The cell to increment; looked up once, when a pipeline is compiled. `version` is listed or in `OTHER`."""
        return self._cells[str(version), outcome]

    def counts(self) -> Iterator[Count]:
        """Every cell's value now."""
        for (version, outcome), cell in self._cells.items():
            yield Count(self._schema, version, outcome, cell.total())
