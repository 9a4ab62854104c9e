"""What release rules look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from versioned_serde.check.finding import Place
from versioned_serde.check.release import ParameterLock, Release, SchemaLock
from versioned_serde.lock.certificate import Certificate, version_digest
from versioned_serde.lock.files import Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One release, held against others.

    Attributes:
        now: the release that is judged.
        beside: releases that run while it is deployed; both read what the other writes.
        supported: further releases that somebody may go back to, and whose records may be stored.
        declared: the live schemas and parameters of `now`, by name, where this process has imported them.
        descriptions: the same as `lock.description.described` gives them.
        places: name of a schema or parameter -> where it is declared, where that is known.
        certificates: what a census certified, of all schemas.
        imported: the schemas of other teams, as their owners declare them.
    """

    now: Release
    beside: Sequence[Release]
    supported: Sequence[Release] = ()
    declared: Mapping[str, Declared] = field(default_factory=dict)
    descriptions: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    certificates: Sequence[Certificate] = ()
    imported: Mapping[str, SchemaLock] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The judged release at the beginning of a sentence."""
        name = self.now.name
        return name[0].upper() + name[1:] if name.startswith("this ") else name

    @property
    def others(self) -> tuple[Release, ...]:
        """All that `now` is held against."""
        return (*self.beside, *self.supported)

    def pairs(self, releases: Sequence[Release] | None = None) -> Iterator[tuple[Release, SchemaLock, SchemaLock]]:
        """Each other release (by default, of all) with a schema as it has it, and the same schema now."""
        for other in self.others if releases is None else releases:
            for name, now in self.now.schemas.items():
                if (before := other.schemas.get(name)) is not None:
                    yield other, before, now

    def parameter_pairs(
        self, releases: Sequence[Release] | None = None
    ) -> Iterator[tuple[Release, ParameterLock, ParameterLock]]:
        """The same as `pairs` of parameters."""
        for other in self.others if releases is None else releases:
            for name, now in self.now.parameters.items():
                if (before := other.parameters.get(name)) is not None:
                    yield other, before, now

    def schemas_beside(self, name: str) -> list[SchemaLock]:
        """A schema as the releases beside have it."""
        return [release.schemas[name] for release in self.beside if name in release.schemas]

    def parameters_beside(self, name: str) -> list[ParameterLock]:
        """A parameter as the releases beside have it."""
        return [release.parameters[name] for release in self.beside if name in release.parameters]

    def stored(self, schema: str) -> dict[int, SchemaLock]:
        """The versions of a schema of which records may exist, each with the release that says what they hold.

        That are all that any of the other releases wrote, but for those that a census certified to be gone.
        """
        found: dict[int, SchemaLock] = {}
        for release in reversed(self.others):
            if (lock := release.schemas.get(schema)) is not None:
                found.update(dict.fromkeys((*lock.written, lock.writes), lock))
        return {number: found[number] for number in sorted(found) if not self.certified(schema, number)}

    def met(self, before: SchemaLock, now: SchemaLock) -> set[int]:
        """The versions of which hosts of another release and of this one meet records that both know."""
        return {*self.stored(now.name), *({before.writes, now.writes} & {*before.listed})}

    def certified(self, schema: str, version: int) -> bool:
        """Whether a valid certificate says that no record of a version exists."""
        return version <= self.gone().get(schema, 0)

    def gone(self) -> dict[str, int]:
        """Schema -> highest version of which a census found no record."""
        found: dict[str, int] = {}
        for each in self.certificates:
            if not each.objection(self._digest(each.schema, each)):
                found[each.schema] = max(each.version, found.get(each.schema, 0))
        return found

    def _digest(self, schema: str, certificate: Certificate) -> str:
        """The digest of a certificate's version, as the releases before have it."""
        for release in self.others:
            lock = release.schemas.get(schema)
            if lock is not None and certificate.version in lock.versions:
                return version_digest(lock.content["versions"][str(certificate.version)])
        return ""

    def at(self, name: str) -> Place | None:
        """Where a schema or parameter is declared now."""
        return self.places.get(name)
