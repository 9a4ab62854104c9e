"""What happens, in order; each step tells what it found, and what must be so is checked."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from examples.retired_reader.killing import rewritten
from examples.rolling_fleet.audit import audit, decode, records_in
from examples.rolling_fleet.driver import Setting, fill
from examples.rolling_fleet.fleet import Fleet
from examples.rolling_fleet.journal import changes
from examples.rolling_fleet.places import cities_file, journals, open_stores
from examples.rolling_fleet.releases.release_3 import cities
from examples.rolling_fleet.schedules import RELEASE_1, RELEASE_2, RELEASE_3
from examples.rolling_fleet.verdict import Check, failures
from versioned_serde.backfill import Settings, census
from versioned_serde.backfill.retirement import Condition, Evidence, Reads, certificate, conditions, found
from versioned_serde.backfill.state import State
from versioned_serde.protocols import ScannedStore

RELEASE_5 = "examples.retired_reader.release_5"
KILLS = 2
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Telling:
    """One way through the story.

    Attributes:
        setting: the cities, the stores, the hosts and the seconds of a stage.
        rate: records a second.
        place: an empty directory.
        tell: hears what happens.
    """

    setting: Setting
    rate: float
    place: Path
    tell: Tell


def run(telling: Telling) -> list[Check]:
    """Tells it, and says whether everything went as it should.

    Raises:
        HostDiedError: a host died.
        RunFailedError: the backfill failed.
    """
    setting, place, tell = telling.setting, telling.place, telling.tell
    place.mkdir(parents=True)
    cities_file(place).write_text(json.dumps({"stored": setting.cities, "new": setting.new}), encoding="utf-8")
    fill(RELEASE_1, setting, place)
    checks: list[Check] = []
    with open_stores(place, setting.kinds) as stores, Fleet(setting.hosts, place, setting.kinds) as fleet:
        tell(f"{len(setting.cities):,} cities are stored as XML, in each of {' and '.join(setting.kinds)}")
        for host in range(fleet.size):
            fleet.roll(host, RELEASE_2 if host < fleet.size // 2 else RELEASE_3)
        tell(f"{told_of(fleet)}: half of the hosts still write XML")

        checks += _rewrite(telling, stores, KILLS)
        time.sleep(setting.seconds)
        early = _evidence(stores, None, None, timedelta())
        missing = _missing(early)
        tell(f"may the reader of XML go? No. {' '.join(each.told for each in missing)}")
        checks.append(
            Check(
                f"refused while hosts write XML: {', '.join(each.name for each in missing)}",
                {"fence", "none-left"} <= {each.name for each in missing},
            )
        )

        for host in range(fleet.size):
            fleet.roll(host, RELEASE_3)
        fenced = datetime.now(UTC)
        tell(f"{told_of(fleet)}: nobody writes XML any more, which is the fence")
        checks += _rewrite(telling, stores, 0)
        # What hosts read from now on, they read from stores that hold no XML.
        baking, before = datetime.now(UTC), _reads(fleet)
        time.sleep(setting.seconds)
        read = {host: float(number - before[host]) for host, number in _reads(fleet).items()}
        evidence = _evidence(stores, fenced, Reads(baking, read), timedelta(seconds=setting.seconds))
        checks += [Check(each.told, each.holds) for each in conditions(1, evidence)]
        if not all(check.ok for check in checks):
            return checks
        file = place / "atlas.city.1.json"
        file.write_text(certificate(cities, 1, evidence).text(), encoding="utf-8")
        tell("may the reader of XML go? Yes: the certificate says what was scanned and found")

        for host in range(fleet.size):
            fleet.roll(host, RELEASE_5)
        time.sleep(setting.seconds)
        tell(f"{told_of(fleet)}, which has no reader of XML")
        for host in range(fleet.size):
            fleet.stop(host)
        failed = failures(fleet.did())
        checks.append(Check(f"{failed.total():,} failed calls of hosts, in all", not failed))
    return checks + _audited(telling)


def told_of(fleet: Fleet) -> str:
    """How many hosts are on which release."""
    short = {release.rpartition(".")[2]: count for release, count in fleet.releases().items()}
    return ", ".join(f"{count} hosts on {release}" for release, count in sorted(short.items()))


def _rewrite(telling: Telling, stores: dict[str, ScannedStore], kills: int) -> list[Check]:
    checks = []
    for kind, store in stores.items():
        ended = rewritten(telling.place, kind, store, telling.rate, kills, telling.tell)
        books = ended.books
        told = ", ".join(f"{number:,} {name}" for name, number in books.plain().items() if number)
        telling.tell(f"{kind}: rewritten while hosts worked: {told}")
        checks.append(Check(f"{kind}: the books balance: {told}", books.balanced and not books.quarantined))
    return checks


def _evidence(
    stores: dict[str, ScannedStore], fenced: datetime | None, reads: Reads | None, bake: timedelta
) -> Evidence:
    scanned = []
    for kind, store in stores.items():
        with ThreadPoolExecutor(1) as engine:
            census(cities, store, settings=Settings(engine=engine, workers=1))
        scanned.append(found(kind, State(store.beside("backfill")), cities.name, f"{cities.name}.census"))
    return Evidence(fenced_at=fenced, bake=bake, found=scanned, reads=reads)


def _missing(evidence: Evidence) -> list[Condition]:
    return [each for each in conditions(1, evidence) if not each.holds]


def _reads(fleet: Fleet) -> dict[str, int]:
    """How often each running host has read version 1, as its counters say."""
    return {name: did["read 1"] for name, did in fleet.running().items()}


def _audited(telling: Telling) -> list[Check]:
    """What is stored, held against the journals, without the library."""
    setting, told = telling.setting, list(changes(journals(telling.place)))
    checks = []
    for kind in setting.kinds:
        stored = records_in(telling.place, kind)
        result = audit(setting.cities, setting.new, [each for each in told if each.store == kind], stored)
        versions = Counter(decode(record)[0] for record in stored.values())
        checks += [
            Check(f"{kind}: {result.lost_records:,} lost cities of {result.records:,}", not result.lost_records),
            Check(f"{kind}: {result.lost_updates:,} lost updates of {result.updates:,}", not result.lost_updates),
            Check(
                f"{kind}: {result.lost_attributes:,} lost attributes of {result.attributes:,}",
                not result.lost_attributes and not result.unexplained,
            ),
            Check(f"{kind}: records by version {dict(versions)}", versions.keys() == {2}),
        ]
        checks += [Check(f"{kind}: {example}", False) for example in result.examples[:3]]
    return checks
