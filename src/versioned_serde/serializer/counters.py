"""Plain cells that count what a schema reads and writes.

The encode path must not pay for a metrics library, so it counts in cells and exporters read them when they are asked.
Labels are bounded: a schema has its listed versions and the words of `OTHER`, never what a stranger's bytes say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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


class Cell:
    """One number that only grows."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0


class Counters:
    """The cells of one schema. All exist from the start, so that a zero is reported as a zero."""

    def __init__(self, schema: str, versions: tuple[int, ...]) -> None:
        self._schema = schema
        self._cells: dict[tuple[str, Outcome], Cell] = {
            (label, outcome): Cell() for label in (*map(str, versions), *OTHER) for outcome in OUTCOMES
        }

    def cell(self, version: int | str, outcome: Outcome) -> Cell:
        """The cell to increment; looked up once, when a pipeline is compiled. `version` is listed or in `OTHER`."""
        return self._cells[str(version), outcome]

    def counts(self) -> Iterator[Count]:
        """Every cell's value now."""
        for (version, outcome), cell in self._cells.items():
            yield Count(self._schema, version, outcome, cell.value)
