"""What a plan is made of: services, what their releases declare, and what is to be done in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from versioned_serde.check.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the fleet.

    Attributes:
        name: for people.
        before: what runs.
        target: what is wanted.
        calls: the services to which it sends requests.
    """

    name: str
    before: Release
    target: Release
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """What a release declares of one schema or parameter.

    Attributes:
        listed: the versions that it reads or tolerates, ascending.
        writes: the one that it writes or emits.
    """

    listed: tuple[int, ...]
    writes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one release changes of one schema or parameter.

    Attributes:
        name: of the schema or parameter.
        what: which of the two.
        before: None where the service did not know it.
        after: None where it does not know it any more.
    """

    name: str
    what: Literal["schema", "parameter"]
    before: State | None
    after: State | None

    @property
    def phases(self) -> tuple[str, ...]:
        """What this is in the life of a version: `prepare`, `activate`, ... each with its version."""
        if self.before is None or self.after is None:
            return ("begin" if self.before is None else "end",)
        told = []
        if self.after.listed[-1] > self.before.listed[-1]:
            first = self.before.listed[-1] + 1
            told.append(f"prepare {_span(first, self.after.listed[-1])}")
        if self.after.writes > self.before.writes:
            told.append(f"activate {self.after.writes}")
        if self.after.writes < self.before.writes:
            told.append(f"go back to {self.after.writes}")
        if self.after.listed[0] > self.before.listed[0]:
            told.append(f"retire {_span(self.before.listed[0], self.after.listed[0] - 1)}")
        if self.after.listed[-1] < self.before.listed[-1]:
            told.append(f"withdraw {_span(self.after.listed[-1] + 1, self.before.listed[-1])}")
        return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """A release of a service, deployed host by host until all of them run it.

    Attributes:
        service: the service's name.
        release: its number in the plan, from 1, for this service.
        changes: what it changes; everything else stays.
    """

    service: str
    release: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bake:
    """A time in which nothing is deployed, so that nobody needs to go back further than one release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Every stored record of some versions is rewritten, and a census counts that none is left.

    Attributes:
        schema: the schema's name.
        to: the version to rewrite them to.
        versions: the versions that go.
    """

    schema: str
    to: int
    versions: tuple[int, ...]


Action = Deploy | Bake | Backfill


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The safe way.

    Attributes:
        actions: in their order; each begins when the one before is done.
        obstacles: what has to be mended first, because no order of releases makes it safe; then there are no actions.
    """

    actions: tuple[Action, ...] = ()
    obstacles: tuple[str, ...] = ()

    @property
    def releases(self) -> int:
        """How many releases it takes, of all services."""
        return sum(isinstance(each, Deploy) for each in self.actions)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"
