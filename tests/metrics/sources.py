"""A source of counts without a schema behind it."""

from __future__ import annotations

from collections.abc import Iterable

from versioned_serde.serializer.counters import OTHER, OUTCOMES, Count, Counters

SERIES = (2 + len(OTHER)) * len(OUTCOMES)
"""Series of a source that lists two versions."""


class Source:
    """A schema's counters, as `Schema` offers them."""

    def __init__(self, name: str, versions: tuple[int, ...] = (1, 2), writes: int = 1) -> None:
        self.name = name
        self.counters = Counters(name, versions)
        self.writes = writes
        self.asked = 0

    def counts(self) -> Iterable[Count]:
        self.asked += 1
        return self.counters.counts()

    def write_versions(self) -> Iterable[tuple[str, int]]:
        return [(self.name, self.writes)]


def filled() -> Source:
    """One whose every cell has a number of its own."""
    source = Source('shop."order"\n', writes=2)
    for number, count in enumerate(list(source.counters.counts())):
        source.counters.cell(count.version, count.outcome).value = 10**number if number < 16 else number
    return source


def numbers(source: Source) -> dict[tuple[str, str, str], int]:
    """The cells, by (schema, version, outcome)."""
    return {(count.schema, count.version, count.outcome): count.value for count in source.counters.counts()}
