"""Versions that two releases declare differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.kept import clash
from versioned_serde.check.release import Release, VersionLock


@dataclass(frozen=True, slots=True)
class Redeclared:
    """A version of one number that is two.

    Attributes:
        other: the release beside.
        name: of the schema.
        was: the version as that release has it.
        now: the same now.
        met: whether a record shows the difference: one is stored, or written by a host of either.
    """

    other: Release
    name: str
    was: VersionLock
    now: VersionLock
    met: bool


def redeclared(comparison: Comparison) -> Iterator[Redeclared]:
    """Each version that a release beside declares, this one lists, and that is not the same."""
    for other, before, now in comparison.pairs(comparison.beside):
        met = comparison.met(before, now)
        for number in sorted({*before.versions} & {*now.listed}):
            was, is_ = before.versions[number], now.versions[number]
            if not was.same_bytes(is_):
                yield Redeclared(other, now.name, was, is_, number in met or clash(before, now, met))
