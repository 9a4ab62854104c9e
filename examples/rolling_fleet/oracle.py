"""What theory says will fail, from the declarations of the releases and the schedule alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from examples.rolling_fleet.releases import load
from examples.rolling_fleet.schedules import Schedule, short_name
from versioned_serde import Schema

Meeting = tuple[str, int]
"""Short name of a release, and a version that it meets."""


def unreadable(schedule: Schedule, hosts: int) -> set[Meeting]:
    """What each release meets and must refuse."""
    return {
        (short_name(release), version)
        for release, version, min_reader in _meetings(schedule, hosts)
        if not can_read(load(release).cities, version, min_reader)
    }


def newer(schedule: Schedule, hosts: int) -> set[Meeting]:
    """What each release meets, does not know, and can read all the same: it must keep what it does not understand."""
    return {
        (short_name(release), version)
        for release, version, min_reader in _meetings(schedule, hosts)
        if version not in load(release).cities.versions and can_read(load(release).cities, version, min_reader)
    }


def _meetings(schedule: Schedule, hosts: int) -> Iterator[tuple[str, int, int]]:
    """Walks through the schedule host by host: each release that runs meets each version that was ever written."""
    running = [schedule.stages[0].release(host, hosts) for host in range(hosts)]
    stored: dict[int, int] = {}
    for stage in schedule.stages:
        for host in range(hosts):
            running[host] = stage.release(host, hosts)
            for release in running:
                stored |= written(load(release).cities)
            yield from ((release, version, min_reader) for release in running for version, min_reader in stored.items())


def written(schema: Schema[Any]) -> dict[int, int]:
    """The version that a release writes, and the lowest version whose readers cope with it."""
    return {line.number: line.min_reader for line in schema.lines if line.number == schema.writes}


def can_read(schema: Schema[Any], version: int, min_reader: int) -> bool:
    """A release reads what it lists, and newer records that say that its newest version is new enough."""
    newest = max(schema.versions)
    return version in schema.versions or (version > newest and min_reader <= newest)
