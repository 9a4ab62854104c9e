"""Judges a run: what happened, against what theory says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from examples.rolling_fleet.audit import Audit
from examples.rolling_fleet.driver import Did
from examples.rolling_fleet.oracle import Meeting, newer, unreadable
from examples.rolling_fleet.schedules import Schedule, short_name


@dataclass(frozen=True)
class Check:
    """One thing that must be so.

    Attributes:
        text: what was found, in words.
        ok: whether it is as theory says.
    """

    text: str
    ok: bool


def judge(schedule: Schedule, hosts: int, did: Did, audits: dict[str, Audit]) -> list[Check]:
    """The checks of one way.

    Args:
        schedule: what the fleet was taken through.
        hosts: how many there were.
        did: what they did.
        audits: what was found in each store.
    """
    checks = [_failures(did, unreadable(schedule, hosts)), _counters(did), _carried(did, newer(schedule, hosts))]
    for kind, audit in audits.items():
        checks += [
            Check(f"{kind}: {audit.lost_records:,} lost cities of {audit.records:,}", audit.lost_records == 0),
            Check(f"{kind}: {audit.lost_updates:,} lost updates of {audit.updates:,}", audit.lost_updates == 0),
            Check(
                f"{kind}: {audit.lost_attributes:,} lost attributes of {audit.attributes:,}",
                audit.lost_attributes == 0,
            ),
        ]
        if audit.unexplained:
            checks.append(Check(f"{kind}: {audit.unexplained:,} things that nobody wrote", False))
        checks += [Check(f"{kind}: {example}", False) for example in audit.examples[:3]]
    return checks


def failures(did: Did) -> Counter[tuple[str, str]]:
    """How often hosts of a release failed, by the release's short name and `Error version`."""
    return Counter(
        {
            (short_name(release), name.removeprefix("failed ")): times
            for release, counter in did.items()
            for name, times in counter.items()
            if name.startswith("failed ")
        }
    )


def _failures(did: Did, expected: set[Meeting]) -> Check:
    found = failures(did)
    theory = {(release, f"UnreadableVersionError {version}") for release, version in expected}
    text = f"{found.total():,} failed reads"
    if found:
        text += ": " + "; ".join(f"{times:,} {error} on {release}" for (release, error), times in sorted(found.items()))
    told = "; ".join(f"{error} on {release}" for release, error in sorted(theory)) or "none"
    return Check(f"{text} (theory: {told})", set(found) == theory)


def _counters(did: Did) -> Check:
    """The library's own counters must have noticed the same failures."""
    refused = sum(times for did_ in did.values() for name, times in did_.items() if name.startswith("refused "))
    failed = failures(did).total()
    return Check(f"the schema counted {refused:,} refused records", refused == failed)


def _carried(did: Did, expected: set[Meeting]) -> Check:
    """Old hosts must have edited newer records, or the audit of what they kept says nothing."""
    found = {
        short_name(release): counter["unknown_kept newer"]
        for release, counter in did.items()
        if counter["unknown_kept newer"]
    }
    edits = "; ".join(f"{times:,} on {release}" for release, times in sorted(found.items())) or "none"
    return Check(
        f"edits of newer records that kept an unknown attribute: {edits}",
        found.keys() == {release for release, _ in expected},
    )
