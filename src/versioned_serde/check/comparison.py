"""What release rules look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from versioned_serde.check.finding import Place
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.lock.certificate import Certificate
from versioned_serde.lock.files import Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One release, held against others.

    Attributes:
        now: the release that is judged.
        beside: releases that run while it is deployed; both read what the other writes.
        supported: further releases that somebody may go back to, and whose records may be stored.
        declared: the live schemas and parameters of `now`, by name, where this process has imported them.
        places: name of a schema or parameter -> where it is declared, where that is known.
        certificates: what a census certified, of all schemas.
    """

    now: Release
    beside: Sequence[Release]
    supported: Sequence[Release] = ()
    declared: Mapping[str, Declared] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    certificates: Sequence[Certificate] = ()

    @property
    def others(self) -> tuple[Release, ...]:
        """All that `now` is held against."""
        return (*self.beside, *self.supported)

    def pairs(self, releases: Sequence[Release] | None = None) -> Iterator[tuple[Release, SchemaLock, SchemaLock]]:
        """Each other release (by default, of all) with a schema as it has it, and the same schema now."""
        for other in self.others if releases is None else releases:
            for name, now in self.now.schemas.items():
                if (before := other.schemas.get(name)) is not None:
                    yield other, before, now

    def at(self, name: str) -> Place | None:
        """Where a schema or parameter is declared now."""
        return self.places.get(name)
