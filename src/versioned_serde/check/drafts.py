"""New versions that are not written yet: what rules look at that tell what takes two releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from versioned_serde.check.comparison import Comparison
from versioned_serde.check.release import Release, SchemaLock, VersionLock
from versioned_serde.check.shape_changes import bare
from versioned_serde.lock.description import attributes
from versioned_serde.lock.parsing import parsed_shape
from versioned_serde.shape import UnionType


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A version that a release beside does not have and that is not written yet.

    Attributes:
        other: the release beside.
        now: the schema.
        version: the version.
        older: the version before it, or None if that is not in the lock.
    """

    other: Release
    now: SchemaLock
    version: VersionLock
    older: VersionLock | None

    def reasons(self, step: str) -> tuple[str, ...]:
        """What raised the version, as far as it is steps of a name, within others or not."""
        return tuple(each for each in self.version.raised_by if f"{step}(" in each)

    @property
    def new_arms(self) -> list[tuple[str, list[str]]]:
        """Path of each union that the version before had too -> tags that are new."""
        if self.older is None:
            return []
        old, new = (dict(_unions(each)) for each in (self.older, self.version))
        return [
            (path, more) for path, tags in sorted(new.items()) if path in old and (more := sorted(tags - old[path]))
        ]


def drafts(comparison: Comparison) -> Iterator[Draft]:
    """Every such version, with the first release beside that does not have it and does not read it."""
    told: set[tuple[str, int]] = set()
    for other, before, now in comparison.pairs(comparison.beside):
        for number in now.listed:
            version = now.versions[number]
            new = number > max(before.versions) and number > now.writes
            if new and not before.reads(now, number) and (now.name, number) not in told:
                told.add((now.name, number))
                yield Draft(other=other, now=now, version=version, older=now.versions.get(number - 1))


def _unions(version: VersionLock) -> Iterator[tuple[str, set[str]]]:
    for path, attribute, _ in attributes(parsed_shape(version.shape)):
        inner = bare(attribute.type)
        if isinstance(inner, UnionType):
            yield path, {str(tag) for tag, _ in inner.arms}
