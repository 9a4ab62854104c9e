"""What hosts keep in records beside what a version declares, and where two releases take it for two things."""

from __future__ import annotations

from collections.abc import Iterable

from versioned_serde.check.release import SchemaLock, VersionLock, open_enum
from versioned_serde.lock.description import adds


def clash(one: SchemaLock, other: SchemaLock, met: Iterable[int]) -> bool:
    """Whether two releases take something for two types that they keep in records of an older version.

    A host that writes an older version than it lists keeps the attributes of the newer ones in its records, as unknown
    attributes; every host that knows them looks for them there.

    Args:
        one: the schema in a release.
        other: the same in another one.
        met: the versions of which hosts of both may meet records. Of one that either does not list, it reads nothing.
    """
    for number in {*met} & {*one.listed} & {*other.listed}:
        written = one.versions[number]
        if written.tagged:
            mine, theirs = _kept(one, written), _kept(other, written)
            if any(
                _differ(type_, another)
                for path in mine.keys() & theirs.keys()
                for type_ in mine[path]
                for another in theirs[path]
            ):
                return True
            if mine.keys() & _made(other, written, theirs) or theirs.keys() & _made(one, written, mine):
                return True
    return False


def _kept(lock: SchemaLock, written: VersionLock) -> dict[str, set[str]]:
    """The attributes that records of a version may hold beside its own: path -> types.

    Those that newer versions add, also versions that are not listed any more: hosts wrote them, and nobody took them
    out. What a version adds and then converts is kept as it was added.
    """
    found: dict[str, set[str]] = {}
    for number, version in lock.versions.items():
        if number > written.number:
            for path, line in {**version.shape, **version.added}.items():
                if path not in written.shape and adds(version.steps, path):
                    found.setdefault(path, set()).add(line.partition(" = ")[0])
    return found


def _made(lock: SchemaLock, written: VersionLock, kept: dict[str, set[str]]) -> set[str]:
    """The attributes that newer versions make of others, and that no record of a version may hold already."""
    newer = [lock.versions[number] for number in lock.listed if number > written.number]
    return {path for version in newer for path in version.shape} - written.shape.keys() - kept.keys()


def _differ(one: str, other: str) -> bool:
    """Whether a value of one type may be none of the other; an open enum holds whatever another one does."""
    return one != other and not (open_enum(one) and open_enum(other))
