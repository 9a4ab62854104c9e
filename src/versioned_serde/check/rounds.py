"""The services of a fleet on their way, a round of releases at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeVar

from versioned_serde.check.moves import Change, Service, State
from versioned_serde.check.release import ParameterLock, SchemaLock

L = TypeVar("L", SchemaLock, ParameterLock)


class Fleet:
    """What each service declares now, beginning with what runs.

    Args:
        services: with what runs, and what is wanted.
    """

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = {service.name: service for service in services}
        self._schemas = {(s.name, name): lock for s in services for name, lock in s.before.schemas.items()}
        self._parameters = {(s.name, name): lock for s in services for name, lock in s.before.parameters.items()}

    def advance(self) -> dict[str, list[Change]]:
        """The next round of releases that go towards what is wanted without giving up a reader; none at the end.

        Each only writes what all releases of the round before read.
        """
        schemas, parameters = dict(self._schemas), dict(self._parameters)
        changes: dict[str, list[Change]] = {}
        for service in self._services.values():
            found: list[Change] = []
            for name in sorted({*service.before.schemas, *service.target.schemas}):
                was, now = self._schemas.get((service.name, name)), self._next_schema(service, name)
                found += _noted(name, "schema", was, now)
                _put(schemas, (service.name, name), now)
            for name in sorted({*service.before.parameters, *service.target.parameters}):
                before, after = self._parameters.get((service.name, name)), self._next_parameter(service, name)
                found += _noted(name, "parameter", before, after)
                _put(parameters, (service.name, name), after)
            if found:
                changes[service.name] = found
        self._schemas, self._parameters = schemas, parameters
        return changes

    def retire(self) -> dict[str, list[Change]]:
        """The last round: readers go that nothing is left for."""
        changes: dict[str, list[Change]] = {}
        for service in self._services.values():
            found: list[Change] = []
            for name, goal in service.target.schemas.items():
                found += _noted(name, "schema", self._schemas[service.name, name], goal)
                self._schemas[service.name, name] = goal
            for name, wanted in service.target.parameters.items():
                found += _noted(name, "parameter", self._parameters[service.name, name], wanted)
                self._parameters[service.name, name] = wanted
            if found:
                changes[service.name] = found
        return changes

    def stuck(self) -> Iterator[str]:
        """Why what is wanted cannot be reached, if no round goes on."""
        for service in self._services.values():
            for name, goal in service.target.schemas.items():
                lock = self._schemas.get((service.name, name))
                if lock is None or lock.writes != goal.writes or lock.newest < goal.newest:
                    yield (
                        f"{service.name} cannot come to write version {goal.writes} of {name}: another service that has"
                        " the schema never reads it. List the version there, too."
                    )
            for name, wanted in service.target.parameters.items():
                parameter = self._parameters.get((service.name, name))
                if parameter is None or parameter.emits != wanted.emits:
                    yield (
                        f"{service.name} cannot come to emit {wanted.emits!r} as {name}: another service never"
                        " tolerates it. List the value there, too."
                    )
            for name in service.before.schemas.keys() - service.target.schemas.keys():
                if (service.name, name) in self._schemas:
                    yield (
                        f"{service.name} cannot stop to read {name}: its callers go on to send it. Remove it there,"
                        " too."
                    )

    def unread(self) -> dict[str, list[int]]:
        """The versions of each schema that somebody still reads, wants to read no more, and that may be stored."""
        found: dict[str, set[int]] = {}
        for service in self._services.values():
            for name, goal in service.target.schemas.items():
                lock = self._schemas[service.name, name]
                stored = {number for each in self._having(name) for number in (*each.written, each.writes)}
                found.setdefault(name, set()).update({*lock.listed} - {*goal.listed} & stored)
        return {name: sorted(versions) for name, versions in sorted(found.items()) if versions}

    def written(self, name: str) -> int:
        """The version to which records of a schema are rewritten: one that every service is content with."""
        return min(s.target.schemas[name].writes for s in self._services.values() if name in s.target.schemas)

    def _having(self, name: str) -> list[SchemaLock]:
        return [lock for (_, schema), lock in self._schemas.items() if schema == name]

    def _next_schema(self, service: Service, name: str) -> SchemaLock | None:
        now, goal = self._schemas.get((service.name, name)), service.target.schemas.get(name)
        if goal is None:
            return now if self._is_called(service, name) else None
        if now is None:
            return self._joined(goal) if self._is_ready(service, name) else None
        return self._risen(now, goal)

    def _is_called(self, service: Service, name: str) -> bool:
        """Whether a caller still knows the schema, and so may send it."""
        return any((each, name) in self._schemas for each in self._callers(service))

    def _is_ready(self, service: Service, name: str) -> bool:
        """Whether all that it calls, and that will know the schema, know it already."""
        return all(
            (each, name) in self._schemas or name not in self._services[each].target.schemas
            for each in service.calls
            if each in self._services and service.name not in self._services[each].calls
        )

    def _callers(self, service: Service) -> list[str]:
        # Two that call each other have no order: then the schema goes from both in one round.
        return [
            each.name
            for each in self._services.values()
            if service.name in each.calls and each.name not in service.calls
        ]

    def _joined(self, goal: SchemaLock) -> SchemaLock:
        """What a service begins with that did not know the schema."""
        others = self._having(goal.name)
        low, high = min([goal.listed[0], *(each.listed[0] for each in others)]), goal.newest
        joined = _with(goal, others, tuple(range(low, high + 1)), goal.writes)
        return replace(joined, writes=self._writable(joined, goal.listed[0], goal.writes))

    def _risen(self, now: SchemaLock, goal: SchemaLock) -> SchemaLock:
        """One round further: writes what all read, and lists what may be listed then."""
        lock = _with(goal, [now], now.listed, now.writes)
        if goal.writes < now.writes:
            writes = goal.writes if self._is_read(replace(lock, writes=goal.writes)) else now.writes
        else:
            writes = self._writable(lock, now.writes, goal.writes)
        newest = max(now.newest, goal.newest)
        first = min(now.listed[0], goal.listed[0])
        while newest > max(now.newest, writes) and _raising(lock, writes, newest) > 1:
            newest -= 1
        return replace(lock, listed=tuple(range(first, newest + 1)), writes=writes)

    def _writable(self, lock: SchemaLock, lowest: int, highest: int) -> int:
        """The highest version that all who have the schema read now."""
        for number in range(highest, lowest, -1):
            if self._is_read(replace(lock, writes=number)):
                return number
        return lowest

    def _is_read(self, lock: SchemaLock) -> bool:
        return all(each.reads_new(lock) for each in self._having(lock.name))

    def _next_parameter(self, service: Service, name: str) -> ParameterLock | None:
        now, goal = self._parameters.get((service.name, name)), service.target.parameters.get(name)
        if goal is None:
            return None
        if now is None:
            return goal
        peers = [lock for (_, parameter), lock in self._parameters.items() if parameter == name]
        both = _union(now, goal)
        for candidate in (goal, both):
            if all(each.accepts(candidate.emits) and candidate.accepts(each.emits) for each in peers):
                return candidate
        return replace(both, writes=now.writes)


def _with(goal: SchemaLock, others: Sequence[SchemaLock], listed: tuple[int, ...], writes: int) -> SchemaLock:
    """A release between, with the versions of all."""
    versions = {number: version for each in (*others, goal) for number, version in each.versions.items()}
    written = frozenset(number for each in others for number in (*each.written, each.writes))
    return replace(goal, versions=versions, written=written, listed=listed, writes=writes)


def _raising(lock: SchemaLock, above: int, newest: int) -> int:
    """How many versions between raise min_reader, of which a declaration may have one."""
    return sum(lock.versions[number].min_reader == number for number in range(above + 1, newest + 1))


def _union(now: ParameterLock, goal: ParameterLock) -> ParameterLock:
    """A parameter that tolerates what both do, and emits what is wanted."""
    if goal.kind == "one_of":
        tolerates = sorted({*now.tolerates, *goal.tolerates})
    else:
        tolerates = (max if goal.kind == "at_most" else min)(now.tolerates, goal.tolerates)
    listed = tuple(range(min(now.listed[0], goal.listed[0]), max(now.listed[-1], goal.listed[-1]) + 1))
    return replace(goal, listed=listed, tolerates=tolerates, versions={**now.versions, **goal.versions})


def _put(states: dict[tuple[str, str], L], key: tuple[str, str], now: L | None) -> None:
    if now is None:
        states.pop(key, None)
    else:
        states[key] = now


def _noted(
    name: str,
    what: Literal["schema", "parameter"],
    was: SchemaLock | ParameterLock | None,
    now: SchemaLock | ParameterLock | None,
) -> list[Change]:
    before = None if was is None else State(was.listed, was.writes)
    after = None if now is None else State(now.listed, now.writes)
    return [] if before == after else [Change(name=name, what=what, before=before, after=after)]
