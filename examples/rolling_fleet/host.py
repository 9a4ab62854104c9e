"""One host of the fleet: it looks at cities, edits them and adds new ones until it gets SIGTERM.

Ten times a second it prints what it did since it started, as a line of JSON: names and how often.
"""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from examples.rolling_fleet.cities import Attributes
from examples.rolling_fleet.journal import Change, Journal
from examples.rolling_fleet.places import KINDS, cities_file, journals, open_stores
from examples.rolling_fleet.releases import Release, load
from versioned_serde import RecordExistsError, Records, SerdeError

BUSY = 20
"""So many cities get half of all edits, so that hosts often want the same one at the same time."""
EDITORS = 4
"""A city remembers so many of its last editors."""


class Host:
    """What a host does."""

    def __init__(
        self,
        name: str,
        release: Release,
        stores: dict[str, Records[Any]],
        stored: list[str],
        new: dict[str, Attributes],
        journal: Journal,
    ) -> None:
        self._name = name
        self._release = release
        self._stores = stores
        self._stored = stored
        self._new = new
        self._journal = journal
        self._did: Counter[str] = Counter()

    def step(self) -> None:
        """One call that somebody made to this host."""
        kind = random.choice(list(self._stores))
        act = random.choices((self.edit, self.look, self.insert), (70, 25, 5))[0]
        try:
            act(kind, self._stores[kind])
        except SerdeError as error:
            self._did[f"failed {type(error).__name__} {error.version}"] += 1

    def look(self, kind: str, records: Records[Any]) -> None:
        records.get(self._key())

    def edit(self, kind: str, records: Records[Any]) -> None:
        key, values, attempts = self._key(), self._release.survey(), 0
        editor = f"{self._name}: {time.monotonic_ns()}"

        def change(city: Any) -> None:
            nonlocal attempts
            attempts += 1
            for name, value in values.items():
                setattr(city, name, value)
            city.edits += 1
            city.editors = [*city.editors, editor][-EDITORS:]

        written = records.edit(key, change)
        self._journal.add(Change(kind, key, written.edits, editor, values))
        self._did["edits"] += 1
        self._did["repeats"] += attempts - 1

    def insert(self, kind: str, records: Records[Any]) -> None:
        key = random.choice(list(self._new))
        try:
            records.insert(key, self._release.cities.model(**self._new[key]))
        except RecordExistsError:
            return  # another host, or this one earlier
        self._journal.add(Change(kind, key, 0, self._name))
        self._did["inserts"] += 1

    def did(self) -> dict[str, int]:
        """What the host did since it started, with the counts of its schema."""
        counts = {f"{count.outcome} {count.version}": count.value for count in self._release.cities.counts()}
        return counts | self._did

    def _key(self) -> str:
        return random.choice(self._stored[:BUSY] if random.random() < 0.5 else self._stored)


class Signal:
    """Whether the host was told to stop."""

    def __init__(self) -> None:
        self.came = False
        signal.signal(signal.SIGTERM, self._come)

    def _come(self, *_: object) -> None:
        self.came = True


@click.command()
@click.option("--name", required=True)
@click.option("--release", required=True, help="A module with a release.")
@click.option("--place", type=click.Path(path_type=Path), required=True)
@click.option("--store", "kinds", type=click.Choice(KINDS), multiple=True)
def main(name: str, release: str, place: Path, kinds: tuple[str, ...]) -> None:
    stop = Signal()
    service = load(release)
    cities = json.loads(cities_file(place).read_text(encoding="utf-8"))
    with open_stores(place, kinds) as stores, closing(Journal(journals(place), name)) as journal:
        records = {kind: service.records(store) for kind, store in stores.items()}
        host = Host(name, service, records, list(cities["stored"]), cities["new"], journal)
        tell_at = 0.0
        while not stop.came:
            if time.monotonic() >= tell_at:
                print(json.dumps(host.did()), flush=True)
                tell_at = time.monotonic() + 0.1
            host.step()
            time.sleep(0.002)  # until the next call
        print(json.dumps(host.did()), flush=True)


if __name__ == "__main__":
    main()
