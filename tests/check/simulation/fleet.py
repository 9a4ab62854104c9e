"""Hosts, stores and calls, in every state that they can come to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.check.simulation.declaring import Release, Schema
from tests.check.simulation.reading import Record, answer, edited, new, rewritten


@dataclass(frozen=True)
class Fleet:
    """Who runs, and who meets whom.

    Attributes:
        hosts: service -> how many hosts it has.
        stored: schema -> the services that share a store of its records.
        called: schema -> the services that send such a message, and those that get it.
        agreed: parameter -> the services whose hosts send it to each other.
    """

    hosts: Mapping[str, int]
    stored: Mapping[str, Sequence[str]] = field(default_factory=dict)
    called: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)
    agreed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def services(self) -> tuple[str, ...]:
        """The service of each host."""
        return tuple(service for service, number in self.hosts.items() for _ in range(number))

    def all_on(self, releases: Mapping[str, Release], records: Iterable[tuple[str, Record]] = ()) -> State:
        """The state in which every host of a service runs one release."""
        return State(tuple(releases[service] for service in self.services), frozenset(records))


@dataclass(frozen=True, slots=True)
class State:
    """What each host runs, and which records of which schema there are."""

    hosts: tuple[Release, ...]
    records: frozenset[tuple[str, Record]]

    def __str__(self) -> str:
        return f"{[each.name for each in self.hosts]} with {[f'{name} {record}' for name, record in self.records]}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A live host meets something that it cannot read or does not tolerate.

    Attributes:
        release: that the host runs.
        name: of the schema or parameter.
        what: the record, or the value.
    """

    release: Release
    name: str
    what: Record | int

    def __str__(self) -> str:
        return f"a host of {self.release.name} meets {self.name} {self.what}"


@dataclass(frozen=True)
class Deploy:
    """The hosts of services go to a release one by one, and back, in any order, until all have it."""

    releases: Mapping[str, Release]


@dataclass(frozen=True)
class Backfill:
    """Every record of some versions that a live host can read is rewritten in another one."""

    schema: str
    to: int
    versions: tuple[int, ...]


@dataclass(frozen=True)
class Certify:
    """A census has to find no record of some versions, and nobody who writes them."""

    schema: str
    versions: tuple[int, ...]


Action = Deploy | Backfill | Certify


@dataclass(frozen=True)
class Explored:
    """All that can happen.

    Attributes:
        meetings: everything that could not be read, with the states that led there.
        ends: the states in which the last action can be done.
        states: how many states there are.
    """

    meetings: Mapping[Meeting, tuple[State, ...]]
    ends: frozenset[State]
    states: int


class CensusError(Exception):
    """A census finds what it must not."""


def explored(fleet: Fleet, start: State, actions: Sequence[Action]) -> Explored:
    """Every state that actions can lead to, one after the other.

    At any time, hosts write new records, edit those that they can read, and call each other. Until the next deployment
    or census begins, hosts go back to the release that they had before the last one, and forth again.

    Raises:
        CensusError: a version cannot be certified.
    """
    states = frozenset({start})
    previous: Mapping[str, Release] = {}
    moving: Mapping[str, Release] = {}
    meetings: dict[Meeting, tuple[State, ...]] = {}
    seen = 0
    for action in (None, *actions):
        if isinstance(action, Deploy):
            running = dict(zip(fleet.services, next(iter(states)).hosts, strict=True))
            previous, moving = {each: running[each] for each in action.releases}, action.releases
        elif isinstance(action, Certify):
            _take_census(states, action)
            previous = moving = {}
        before: dict[State, State | None] = dict.fromkeys(states)
        queue = deque(states)
        while queue:
            state = queue.popleft()
            for meeting in _meetings(fleet, state):
                if meeting not in meetings:
                    meetings[meeting] = _way(before, state)
            rewriting = _rewritten(fleet, state, action) if isinstance(action, Backfill) else ()
            for following in (*_written(fleet, state), *rewriting, *_moved(fleet, state, previous, moving)):
                if following not in before:
                    before[following] = state
                    queue.append(following)
        seen += len(before)
        states = frozenset(state for state in before if _done(fleet, state, moving, action))
    return Explored(meetings, states, seen)


def _way(before: Mapping[State, State | None], state: State) -> tuple[State, ...]:
    way = [state]
    while (previous := before[way[-1]]) is not None:
        way.append(previous)
    return tuple(reversed(way))


def _meetings(fleet: Fleet, state: State) -> Iterator[Meeting]:
    live = list(dict.fromkeys(zip(fleet.services, state.hosts, strict=True)))
    for name, services in fleet.stored.items():
        for service, host in live:
            if service in services and name in host.schemas:
                for of, record in state.records:
                    if of == name and answer(host.schemas[name], record) != "reads":
                        yield Meeting(host, name, record)
    for name, (callers, callees) in fleet.called.items():
        sent = {new(host.schemas[name]) for service, host in live if service in callers and name in host.schemas}
        for service, host in live:
            if service in callees:
                for record in sent:
                    if name not in host.schemas or answer(host.schemas[name], record) != "reads":
                        yield Meeting(host, name, record)
    for name, services in fleet.agreed.items():
        peers = [host for service, host in live if service in services and name in host.parameters]
        for host in peers:
            for value in {peer.parameters[name].sends for peer in peers}:
                if not host.parameters[name].tolerates(value):
                    yield Meeting(host, name, value)


def _written(fleet: Fleet, state: State) -> Iterator[State]:
    for name, schema in _editors(fleet, state):
        yield State(state.hosts, state.records | {(name, new(schema))})
        for of, record in state.records:
            after = edited(schema, record) if of == name else None
            if after is not None and after != record:
                # There are many records of each sort: others stay as they are.
                yield State(state.hosts, state.records | {(name, after)})


def _rewritten(fleet: Fleet, state: State, action: Backfill) -> Iterator[State]:
    """The records of one sort are all rewritten."""
    for name, schema in _editors(fleet, state):
        for of, record in state.records:
            if of == name == action.schema and record.line.number in action.versions:
                after = rewritten(schema, record, action.to)
                if after is not None:
                    yield State(state.hosts, (state.records - {(name, record)}) | {(name, after)})


def _editors(fleet: Fleet, state: State) -> Iterator[tuple[str, Schema]]:
    for name, services in fleet.stored.items():
        for service, host in zip(fleet.services, state.hosts, strict=True):
            if service in services and name in host.schemas:
                yield name, host.schemas[name]


def _moved(
    fleet: Fleet, state: State, previous: Mapping[str, Release], moving: Mapping[str, Release]
) -> Iterator[State]:
    """One host more on the new release, or one back on the one before."""
    for index, (service, host) in enumerate(zip(fleet.services, state.hosts, strict=True)):
        if service in moving:
            other = previous[service] if host is moving[service] else moving[service]
            yield State((*state.hosts[:index], other, *state.hosts[index + 1 :]), state.records)


def _done(fleet: Fleet, state: State, moving: Mapping[str, Release], action: Action | None) -> bool:
    """Whether the next action may begin."""
    live = list(zip(fleet.services, state.hosts, strict=True))
    if any(service in moving and host is not moving[service] for service, host in live):
        return False
    if isinstance(action, Backfill):
        return not any(of == action.schema and record.line.number in action.versions for of, record in state.records)
    return True


def _take_census(states: Iterable[State], action: Certify) -> None:
    name, versions = action.schema, action.versions
    for state in states:
        found = [str(record) for of, record in state.records if of == name and record.line.number in versions]
        writers = [host.name for host in state.hosts if name in host.schemas and host.schemas[name].writes in versions]
        if found or writers:
            raise CensusError(f"versions {versions} of {name}: {found} exist, {writers} write them")
