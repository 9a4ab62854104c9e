"""The books of a backfill: what became of each record that it looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one record."""

    MIGRATED = "migrated"
    """It was rewritten."""
    ALREADY = "already"
    """There was nothing to do."""
    OVERTAKEN = "overtaken"
    """A live writer did it between our reading and our writing."""
    DELETED = "deleted"
    """A live writer deleted it meanwhile."""
    QUARANTINED = "quarantined"
    """It could not be rewritten. It is as it was, and told of in the quarantine."""


@dataclass(slots=True)
class Books:
    """How many records had which outcome. They balance: `scanned` is the sum of the others."""

    scanned: int = 0
    migrated: int = 0
    already: int = 0
    overtaken: int = 0
    deleted: int = 0
    quarantined: int = 0

    def enter(self, outcome: Outcome) -> None:
        """One record more."""
        self.scanned += 1
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    @property
    def balanced(self) -> bool:
        """Whether each record that was scanned has one outcome."""
        return self.scanned == self.migrated + self.already + self.overtaken + self.deleted + self.quarantined

    def __add__(self, other: Books) -> Books:
        return Books(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Books)))

    def plain(self) -> dict[str, int]:
        """As JSON has it."""
        return asdict(self)

    @classmethod
    def parsed(cls, plain: Mapping[str, int]) -> Books:
        """What `plain` gave."""
        return cls(**plain)
