"""What is compared: rows of sides, each shown to be right before it is timed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from benchmarks import rows
from benchmarks.records.contents import SIZES
from versioned_serde import KeylessListWarning, Schema, Version


class Side:
    """A statement, as a service would write it, and the names in it.

    Functions and methods are bound once, on both sides, as a hot loop would do it: `dumps = orders.dumps`.
    """

    def __init__(self, statement: str, **names: Any) -> None:
        self.statement = statement
        self.names = names

    def once(self) -> Any:
        """What it gives."""
        return eval(self.statement, dict(self.names))  # noqa: S307 - a statement of `rows`


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, of which both have been shown to be right."""

    ours: Side
    theirs: Side


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the tables.

    Attributes:
        key: the letter of a goal, or a short name.
        title: ours / theirs.
        compare: name of a record -> both sides. Asserts that each is right.
        goals: the highest ratio that is aimed at, by record; empty for what is measured without a goal.
        records: the records that it is measured with.
        pure: whether in a process with `VERSIONED_SERDE_PURE=1`.
    """

    key: str
    title: str
    compare: Callable[[Any], Comparison]
    goals: Mapping[str, float] = field(default_factory=dict)
    records: tuple[str, ...] = SIZES
    pure: bool = False


def modules() -> list[str]:
    return [module.name for module in iter_modules(rows.__path__)]


def rows_of(module: str) -> dict[str, Row]:
    """The rows of one module in `rows/`, by key. A module imports only the libraries that its rows compare."""
    found: tuple[Row, ...] = import_module(f"{rows.__name__}.{module}").ROWS
    return {row.key: row for row in found}


def all_rows() -> Iterator[tuple[str, Row]]:
    """Module and row: the goals first, by their letters."""
    found = [(module, row) for module in modules() for row in rows_of(module).values()]
    return iter(sorted(found, key=lambda each: (not each[1].goals, each[1].key if each[1].goals else "")))


def schema_of(
    model: Any,
    codec: str,
    *more: Version,
    checksum: bool = False,
    keys: Mapping[str, str] | None = None,
    writes: int | None = None,
    trusted: bool = False,
) -> Schema[Any]:
    """A schema whose first version is tagged and, unless told, without a checksum, as no peer has one."""
    first = Version(1, codec=codec, framing="envelope", checksum=checksum)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)  # of lists inside records that are not edited
        return Schema("bench.record", model, first, *more, keys=keys, writes=writes, trusted=trusted)


TAG = 11
"""Bytes of a tag with small numbers: what stands before the payload."""
