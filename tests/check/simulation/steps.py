"""One release after another: what newly breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.check.simulation.declaring import Release, Schema
from tests.check.simulation.fleet import Deploy, Fleet, Meeting, explored
from tests.check.simulation.reading import Record, answer, edited, new

Records = frozenset[Record]


def written_by(schemas: Sequence[Schema], records: Iterable[Record]) -> Records:
    """All records that there can be once hosts that declare a schema like these have run with each other."""
    found = frozenset(records)
    while True:
        more = {new(schema) for schema in schemas}
        more |= {after for schema in schemas for record in found if (after := edited(schema, record)) is not None}
        if more <= found:
            return found
        found |= more


def broken(
    name: str, before: Release, now: Release, supported: Sequence[Release], records: Records, hosts: int = 2
) -> list[str]:
    """What a deployment of `now` newly breaks for one schema or parameter, as sentences; none if it is safe.

    Args:
        name: of a schema or parameter.
        before: what all hosts run.
        now: what is deployed, host by host, with every way back.
        supported: older releases to which all hosts may go back afterwards, in the same manner.
        records: what is stored of the schema before.
        hosts: how many there are.
    """
    if name in now.parameters or name in before.parameters:
        records = frozenset()
    elif name in before.schemas:
        records = written_by([before.schemas[name]], records)
    excused = _unreadable(name, before, records)
    found = _mixed(name, before, now, records, hosts, excused - _own(name, now))
    told = [str(each) for each in found]
    told += [f"{each} gets its number taken by {now.name}" for each in _claimed(name, before, now, excused)]
    after = records
    if name in now.schemas and name in before.schemas:
        after = written_by([before.schemas[name], now.schemas[name]], records)
    for old in supported:
        # What is unreadable is excused where it lies, not where it is written again.
        theirs = excused - _own(name, old)
        could = not _mixed(name, before, old, records, hosts, theirs)
        lost = _mixed(name, now, old, after, hosts, theirs)
        if could and lost:
            told += [f"no way back to {old.name}: {each}" for each in lost]
    return told


def _unreadable(name: str, release: Release, records: Records) -> Records:
    """What could not be read before, which is nobody's fault now."""
    schema = release.schemas.get(name)
    return frozenset() if schema is None else frozenset(each for each in records if answer(schema, each) != "reads")


def _own(name: str, release: Release) -> Records:
    """What hosts of a release write of themselves."""
    return written_by([release.schemas[name]], []) if name in release.schemas else frozenset()


def _claimed(name: str, before: Release, now: Release, unreadable: Records) -> list[Record]:
    """Records that a later release could have been given a reader of, until this one uses their number otherwise."""
    if name not in now.schemas:
        return []
    was, is_ = before.schemas[name], now.schemas[name]
    return [
        each
        for each in unreadable
        if was.line(each.line.number) is None and is_.line(each.line.number) not in (None, each.line)
    ]


def _mixed(name: str, one: Release, other: Release, records: Records, hosts: int, excused: Records) -> list[Meeting]:
    """What hosts of two releases meet that they cannot read, while all go from one to the other and back."""
    everyone = {"service": hosts}
    if name in one.parameters or name in other.parameters:
        fleet = Fleet(everyone, agreed={name: ["service"]})
    else:
        fleet = Fleet(everyone, stored={name: ["service"]})
    start = fleet.all_on({"service": one}, ((name, each) for each in records))
    found = explored(fleet, start, [Deploy({"service": other})]).meetings
    return [each for each in found if each.what not in excused]
