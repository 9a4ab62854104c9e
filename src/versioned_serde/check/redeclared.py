"""Versions that two releases declare differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from dataclasses import dataclass

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.release import Release, SchemaLock, VersionLock


@dataclass(frozen=True, slots=True)
class Redeclared:
    """A version of one number that is two.

    Attributes:
        other: the release beside.
        name: of the schema.
        was: the version as that release has it.
        now: the same now.
        met: whether a record shows the difference: one is stored, or written by a host of either.
    """

    other: Release
    name: str
    was: VersionLock
    now: VersionLock
    met: bool


def redeclared(comparison: Comparison) -> Iterator[Redeclared]:
    """Each version that a release beside declares, this one lists, and that is not the same."""
    for other, before, now in comparison.pairs(comparison.beside):
        met = {*comparison.stored(now.name), *({before.writes, now.writes} & {*before.listed})}
        for number in sorted({*before.versions} & {*now.listed}):
            was, is_ = before.versions[number], now.versions[number]
            if not was.same_bytes(is_):
                yield Redeclared(other, now.name, was, is_, number in met or _clash(before, now, met))


def _clash(before: SchemaLock, now: SchemaLock, met: Set[int]) -> bool:
    """Whether the two releases take something for two types that they keep in records of an older version.

    A host that writes an older version than it lists keeps the attributes of the newer ones in its records, as unknown
    attributes; every host that knows them looks for them there.
    """
    for number in met & before.versions.keys():
        written = before.versions[number]
        if written.tagged:
            ours, theirs = _kept(now, written), _kept(before, written)
            if any(
                _differ(type_, other)
                for path in ours.keys() & theirs.keys()
                for type_ in ours[path]
                for other in theirs[path]
            ):
                return True
            if ours.keys() & _made(before, written, theirs) or theirs.keys() & _made(now, written, ours):
                return True
    return False


def _kept(lock: SchemaLock, written: VersionLock) -> dict[str, set[str]]:
    """The attributes that records of a version may hold beside its own: path -> types.

    Those that newer versions add, also versions that are not listed any more: hosts wrote them, and nobody took them
    out.
    """
    found: dict[str, set[str]] = {}
    for number, version in lock.versions.items():
        if number > written.number:
            for path, line in version.shape.items():
                name = json.dumps(path.rpartition(".")[2], ensure_ascii=False)
                if path not in written.shape and any(f"add({name}" in step for step in version.steps):
                    found.setdefault(path, set()).add(line.partition(" = ")[0])
    return found


def _made(lock: SchemaLock, written: VersionLock, kept: dict[str, set[str]]) -> set[str]:
    """The attributes that newer versions make of others, and that no record of a version may hold already."""
    newer = [lock.versions[number] for number in lock.listed if number > written.number]
    return {path for version in newer for path in version.shape} - written.shape.keys() - kept.keys()


def _differ(one: str, other: str) -> bool:
    """Whether a value of one type may be none of the other; an open enum holds whatever another one does."""
    return one != other and not all(each.startswith("Literal[") and "] | " in each for each in (one, other))
