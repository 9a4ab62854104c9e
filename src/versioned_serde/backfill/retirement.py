"""Whether the reader of a version may go: every condition, what it found, and the certificate if all hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from versioned_serde.backfill.lease import Counts
from versioned_serde.backfill.quarantine import Quarantine
from versioned_serde.backfill.record import Looker, Run, find, names
from versioned_serde.backfill.state import State
from versioned_serde.errors import BackfillError
from versioned_serde.lock.certificate import Certificate, Scan, version_digest
from versioned_serde.lock.description import described
from versioned_serde.schema import Schema


@dataclass(frozen=True, slots=True)
class Reads:
    """What the metrics of the live hosts say of the reader of a version.

    Attributes:
        since: from when on they were looked at.
        hosts: each host, with what its counter grew by since then; None for one that does not report it.
    """

    since: datetime
    hosts: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan of one place found.

    Attributes:
        place: what the operator calls the place.
        run: the census.
        complete: whether it came to its end.
        counts: (version, min_reader, mixed) -> records.
        unreadable: reason -> records that could not be counted.
        quarantined: records that a backfill of the schema there could not rewrite, and that nobody has dealt with.
    """

    place: str
    run: Run
    complete: bool
    counts: Counts
    unreadable: Mapping[str, int]
    quarantined: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for a retirement.

    Attributes:
        fenced_at: since when no live host writes the version, confirmed by whoever can know; None if nobody did.
        bake: how long the fence has to stand before the version may go.
        found: what the scan of each place found.
        reads: what the metrics say; None if nobody asked them.
        side_places: caches, queues, old object versions, backups: what may hold records beside the stores.
        cleared: side place -> when it was confirmed to hold none of the version any more.
    """

    fenced_at: datetime | None
    bake: timedelta
    found: Sequence[Found]
    reads: Reads | None
    side_places: Sequence[str] = ()
    cleared: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, and whether it holds.

    Attributes:
        name: a stable word.
        holds: whether it does.
        told: what was found, one sentence.
        next_step: what to do if it does not hold.
    """

    name: str
    holds: bool
    told: str
    next_step: str = ""


def conditions(
    version: int, evidence: Evidence, *, now: datetime | None = None, unscanned: Sequence[str] = ()
) -> list[Condition]:
    """All conditions for the reader of a version to go, in the order in which an operator meets them.

    Args:
        version: the version that shall go, with all that are older.
        evidence: what is known.
        now: the time; the present one unless told.
        unscanned: places of the schema that were not scanned at all.
    """
    now = now or datetime.now(UTC)
    return [
        _fence(version, evidence, now),
        _bake(evidence, now),
        _scans(evidence, unscanned),
        _none_left(version, evidence),
        _none_unreadable(evidence),
        _quarantine(evidence),
        _reads(version, evidence, now),
        *_side_places(evidence),
    ]


def certificate(schema: Schema[Any], version: int, evidence: Evidence, *, now: datetime | None = None) -> Certificate:
    """The certificate that `serde-check` takes as the reason for which the reader goes.

    Args:
        schema: of the release that still lists the version.
        version: the version.
        evidence: what is known.
        now: as for `conditions`.

    Raises:
        BackfillError: a condition does not hold, or the schema does not list the version.
    """
    if version not in schema.versions:
        raise BackfillError(
            f"Version {version} is not listed, so there is no declaration to certify.",
            hint="Ask with a release that still lists it.",
        ).located(schema=schema.name, version=version)
    missing = [each for each in conditions(version, evidence, now=now) if not each.holds]
    if missing:
        raise BackfillError(
            f"Its reader may not go: {' '.join(each.told for each in missing)}", hint=missing[0].next_step
        ).located(schema=schema.name, version=version)
    assert evidence.fenced_at is not None
    scans = tuple(
        Scan(each.place, each.run.name, _time(each.run.began_at), _time(each.run.ended_at), sum(each.counts.values()))
        for each in evidence.found
    )
    counts: Counts = {}
    for each in evidence.found:
        for what, number in each.counts.items():
            counts[what] = counts.get(what, 0) + number
    return Certificate(
        schema=schema.name,
        version=version,
        digest=version_digest(described(schema)["versions"][str(version)]),
        fenced_at=evidence.fenced_at,
        began_at=min(each.began_at for each in scans),
        ended_at=max(each.ended_at for each in scans),
        counts=counts,
        scans=scans,
        cleared=dict(evidence.cleared),
    )


def found(place: str, state: State, schema: str, run: str) -> Found:
    """What the census of a place found, as its state tells it.

    Args:
        place: what the operator calls the place.
        state: of the runs there.
        schema: the schema's name.
        run: the name of the census.

    Raises:
        BackfillError: there is no such census.
    """
    census = find(state, run)
    if census.kind != "census" or census.schema != schema:
        raise BackfillError("This run is no census of the schema.", run=run, hint="Run `serde-backfill verify`.")
    progress = Looker(state, census).progress()
    runs = [find(state, name) for name in names(state)]
    waiting = sum(len(Quarantine(state, each.id)) for each in runs if each.kind == "rewrite" and each.schema == schema)
    complete = progress.complete and bool(census.ended_at)
    return Found(place, census, complete, progress.counts, progress.unreadable, waiting)


def _fence(version: int, evidence: Evidence, now: datetime) -> Condition:
    next_step = (
        f"Stop every build that writes version {version}, be sure that none can come back, and say since when:"
        " `--fence-confirmed-at`."
    )
    if evidence.fenced_at is None:
        return Condition("fence", False, f"Nobody has confirmed that no host writes version {version}.", next_step)
    if evidence.fenced_at > now:
        return Condition("fence", False, "The fence is said to stand from a time that is yet to come.", next_step)
    return Condition("fence", True, f"No host writes version {version} since {evidence.fenced_at.isoformat()}.")


def _bake(evidence: Evidence, now: datetime) -> Condition:
    if evidence.fenced_at is None:
        return Condition("bake", False, "Without a fence, nothing has baked.", "Confirm the fence first.")
    baked = max(now - evidence.fenced_at, timedelta())
    holds = baked >= evidence.bake
    told = f"The fence has stood for {_span(baked)}, of {_span(evidence.bake)} that it has to."
    return Condition("bake", holds, told, "" if holds else f"Wait for {_span(evidence.bake - baked)} more.")


def _scans(evidence: Evidence, unscanned: Sequence[str]) -> Condition:
    next_step = "Run `serde-backfill verify` now, for each place."
    if unscanned or not evidence.found:
        return Condition("scan", False, f"Not scanned: {', '.join(unscanned) or 'no place was'}.", next_step)
    for each in evidence.found:
        if not each.complete:
            return Condition("scan", False, f"The scan of {each.place} has not come to its end.", next_step)
        if evidence.fenced_at is None or _time(each.run.began_at) < evidence.fenced_at:
            return Condition("scan", False, f"The scan of {each.place} did not begin after the fence.", next_step)
    told = ", ".join(f"{each.place} ({sum(each.counts.values())} records)" for each in evidence.found)
    return Condition("scan", True, f"Scanned in full, after the fence: {told}.")


def _none_left(version: int, evidence: Evidence) -> Condition:
    left = {
        each.place: sum(number for (of, _, _), number in each.counts.items() if of <= version)
        for each in evidence.found
    }
    if not any(left.values()):
        return Condition("none-left", True, f"No record of version {version} or older was found.")
    told = ", ".join(f"{number} in {place}" for place, number in left.items() if number)
    return Condition(
        "none-left", False, f"There are records of version {version} or older: {told}.",
        f"Run `serde-backfill run` to a version above {version}, and then `verify`.",
    )  # fmt: skip


def _none_unreadable(evidence: Evidence) -> Condition:
    why = _sums(each.unreadable for each in evidence.found)
    if not why:
        return Condition("none-unreadable", True, "Every record's tag was read.")
    told = ", ".join(f"{number} for `{reason}`" for reason, number in sorted(why.items()))
    return Condition(
        "none-unreadable", False, f"The tags of some records were not read: {told}.",
        "They may be of any version: look at them with `serde-backfill quarantine`.",
    )  # fmt: skip


def _quarantine(evidence: Evidence) -> Condition:
    number = sum(each.quarantined for each in evidence.found)
    if not number:
        return Condition("quarantine", True, "The quarantine is empty.")
    return Condition(
        "quarantine", False, f"{number} records are in quarantine.",
        "Mend or delete them, then `serde-backfill quarantine retry`.",
    )  # fmt: skip


def _reads(version: int, evidence: Evidence, now: datetime) -> Condition:
    next_step = "Give the metrics of all live hosts over the bake: `--prometheus` or `--scrapes`."
    reads = evidence.reads
    if reads is None or not reads.hosts:
        return Condition("reads", False, f"No host reported how often it read version {version}.", next_step)
    if now - reads.since < evidence.bake:
        return Condition("reads", False, "The metrics do not reach back over the bake.", next_step)
    if silent := sorted(host for host, number in reads.hosts.items() if number is None):
        return Condition("reads", False, f"Not every host reports: {', '.join(silent[:5])} do not.", next_step)
    if readers := sorted(host for host, number in reads.hosts.items() if number):
        return Condition(
            "reads", False, f"Version {version} is still read, by {', '.join(readers[:5])}.",
            "Find out where those records come from: a cache, a queue, a place that was not scanned.",
        )  # fmt: skip
    told = f"{len(reads.hosts)} hosts reported that none of them has read version {version} since"
    return Condition("reads", True, f"{told} {reads.since.isoformat()}.")


def _side_places(evidence: Evidence) -> Iterable[Condition]:
    for place in evidence.side_places:
        at = evidence.cleared.get(place)
        next_step = f"Clear or outlive it, then say `--cleared {place}=TIME`."
        if at is None:
            yield Condition(f"cleared:{place}", False, f"Nobody has confirmed that {place} is clear.", next_step)
        elif evidence.fenced_at is None or at < evidence.fenced_at:
            yield Condition(f"cleared:{place}", False, f"{place} was cleared before the fence.", next_step)
        else:
            yield Condition(f"cleared:{place}", True, f"{place} is clear since {at.isoformat()}.")


def _sums(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, number in part.items():
            total[name] = total.get(name, 0) + number
    return total


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _span(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    if hours >= 48:
        return f"{hours // 24} d {hours % 24} h"
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
