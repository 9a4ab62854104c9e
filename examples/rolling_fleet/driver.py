"""Takes a fleet through a schedule. It knows neither what a release is nor which way is safe."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from examples.rolling_fleet.cities import Attributes
from examples.rolling_fleet.fleet import Fleet
from examples.rolling_fleet.places import cities_file, open_stores
from examples.rolling_fleet.releases import load
from examples.rolling_fleet.schedules import Schedule

Did = dict[str, Counter[str]]
"""What hosts did, by release: how often, by name."""


@dataclass
class Progress:
    """One stage, until now.

    Attributes:
        title: the stage's.
        hosts: how many hosts are on each release.
        did: what the hosts did in this stage.
    """

    title: str
    hosts: Counter[str] = field(default_factory=Counter)
    did: Did = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """What is the same on every way.

    Attributes:
        cities: the cities stored at the start, by key.
        new: the cities that hosts add, by key.
        kinds: the stores.
        hosts: how many.
        seconds: how long a stage lasts, beside the starting of its hosts.
    """

    cities: dict[str, Attributes]
    new: dict[str, Attributes]
    kinds: tuple[str, ...]
    hosts: int
    seconds: float


def drive(schedule: Schedule, setting: Setting, place: Path, watch: Callable[[Progress], None]) -> Did:
    """Runs the schedule in an empty directory.

    Args:
        schedule: the stages.
        setting: what they have in common.
        place: the directory.
        watch: told, several times a second, how the stage goes.

    Returns:
        What the hosts did in all stages.

    Raises:
        HostDiedError: a host died.
    """
    place.mkdir(parents=True)
    cities_file(place).write_text(json.dumps({"stored": setting.cities, "new": setting.new}), encoding="utf-8")
    fill(schedule.stages[0].releases[0], setting, place)
    before: Did = {}
    with Fleet(setting.hosts, place, setting.kinds) as fleet:
        for stage in schedule.stages:
            progress = Progress(stage.title)
            for host in range(fleet.size):
                fleet.roll(host, stage.release(host, fleet.size))
                _work(fleet, progress, before, setting.seconds / fleet.size, watch)
            if stage is schedule.stages[-1]:
                for host in range(fleet.size):
                    fleet.stop(host)
            did = fleet.did()
            progress.did = _since(before, did)
            watch(progress)
            before = did
    return before


def fill(release: str, setting: Setting, place: Path) -> None:
    """Stores the cities that are there from the start, as the first release does it."""
    service = load(release)
    with open_stores(place, setting.kinds) as stores:
        for store in stores.values():
            records = service.records(store)
            for key, attributes in setting.cities.items():
                records.insert(key, service.cities.model(**attributes))


def _work(fleet: Fleet, progress: Progress, before: Did, seconds: float, watch: Callable[[Progress], None]) -> None:
    """Lets the fleet work, and looks after it."""
    until = time.monotonic() + seconds
    while True:
        fleet.check()
        progress.hosts = fleet.releases()
        progress.did = _since(before, fleet.did())
        watch(progress)
        left = until - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(0.2, left))


def _since(before: Did, did: Did) -> Did:
    return {release: counter - before.get(release, Counter()) for release, counter in did.items()}
