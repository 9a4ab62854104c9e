"""The safe way from what runs to what is wanted: releases in their order, over one service or several.

It rests on one rule: a release may begin to write, or to send, only what every release that may run beside it reads. So
readers go first on the way forward and writers first on the way back; a version that no old reader copes with is listed
in one release and written in the next; and a reader goes last, when nothing is left for it to read.

Several services are planned together, round by round: in a round each of them has at most one release, and the next
round begins when all hosts run it. The service that is called learns a new schema before its callers send it, and
forgets an old one after they have stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from versioned_serde.check.moves import Action, Backfill, Bake, Change, Deploy, Plan, Service
from versioned_serde.check.rounds import Fleet

_MOST_ROUNDS = 50
"""More than any change takes, so that no mistake makes a plan without an end."""


def plan(services: Sequence[Service], certified: Mapping[str, int] | None = None) -> Plan:
    """The safe way for a change of one service or of several.

    Args:
        services: with unique names. Schemas and parameters of the same name are the same one in all of them.
        certified: schema -> highest version of which a census already found no record.
    """
    if obstacles := (*_changed(services), *_missing(services)):
        return Plan(obstacles=obstacles)
    fleet = Fleet(services)
    actions: list[Action] = []
    numbers: dict[str, int] = {}
    for _ in range(_MOST_ROUNDS):
        if not (round_ := fleet.advance()):
            break
        actions += [*_numbered(round_, numbers), Bake()]
    if obstacles := tuple(fleet.stuck()):
        return Plan(obstacles=obstacles)
    gone = [*_backfills(fleet, certified or {})]
    if round_ := fleet.retire():
        actions += [*gone, *_numbered(round_, numbers)]
    elif actions:
        actions.pop()  # after the last release there is nothing to wait for
    return Plan(actions=tuple(actions))


def _numbered(round_: Mapping[str, Sequence[Change]], numbers: dict[str, int]) -> Iterator[Deploy]:
    for service, changes in round_.items():
        numbers[service] = numbers.get(service, 0) + 1
        yield Deploy(service=service, release=numbers[service], changes=tuple(changes))


def _changed(services: Sequence[Service]) -> Iterator[str]:
    """Versions that are not the same everywhere: no order of releases helps where one number means two things."""
    known: dict[tuple[str, int], tuple[str, object]] = {}
    for when in ("before", "target"):
        for service in services:
            release = service.before if when == "before" else service.target
            for name, lock in release.schemas.items():
                for number in lock.listed:
                    version = lock.versions[number]
                    whose, first = known.setdefault((name, number), (f"{service.name} ({release.name})", version))
                    if not version.same_bytes(first):  # type: ignore[arg-type]
                        yield (
                            f"Version {number} of {name} is not the same in {whose} and in {service.name}"
                            f" ({release.name}). Put it back as it was, and declare the change as a version of its own."
                        )


def _missing(services: Sequence[Service]) -> Iterator[str]:
    """Versions that nobody knows, between what runs and what is wanted."""
    for service in services:
        for name, goal in service.target.schemas.items():
            before = service.before.schemas.get(name)
            known = goal.versions.keys() | (before.versions.keys() if before else set())
            first = goal.listed[0] if before is None else min(before.newest, goal.listed[0])
            if missing := set(range(first, goal.newest + 1)) - known:
                yield (
                    f"{name} goes from version {first} to {goal.newest}, and {service.target.name} of {service.name}"
                    f" does not say what version {min(missing)} is. List it, and lock it; the plan says when it may go."
                )


def _backfills(fleet: Fleet, certified: Mapping[str, int]) -> Iterator[Backfill]:
    """What has to be rewritten before readers can go."""
    for name, versions in fleet.unread().items():
        if left := tuple(number for number in versions if number > certified.get(name, 0)):
            yield Backfill(schema=name, to=fleet.written(name), versions=left)
