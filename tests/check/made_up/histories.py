"""Made-up histories of releases: each as plain data, and as the real lock that was written of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.check.made_up import moves, real
from tests.check.simulation.declaring import Parameter, Release, SchemaCode, schema
from tests.check.simulation.reading import edited
from tests.check.simulation.steps import Records, written_by
from versioned_serde.errors import SerdeError
from versioned_serde.lock.certificate import Certificate, version_digest
from versioned_serde.lock.files import check_lock, parsed, write_lock

_FENCED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Made:
    """A release of a history.

    Attributes:
        release: as the simulation sees it.
        texts: the files of its lock.
        stored: schema -> what is stored of it when the release after this one is deployed.
        certificates: all that lie beside the lock by then.
    """

    release: Release
    texts: Mapping[str, str]
    stored: dict[str, Records] = field(default_factory=dict)
    certificates: tuple[Certificate, ...] = ()

    def __str__(self) -> str:
        told = {**self.release.schemas, **self.release.parameters}
        lines = [f"{self.release.name}: {name} {each}" for name, each in told.items()]
        lines += [
            f"    certificate of {each.schema} {each.version}: {dict(each.counts)}" for each in self.certificates
        ]
        return "\n".join(lines)


def history(random: Random, folder: Path) -> list[Made]:
    """2 to 6 releases, each made from the one before by moves, good and bad."""
    schemas = [_declarable(random, f"made.{each}") for each in "ab"[: random.choice((1, 1, 2))]]
    parameters = [moves.first_parameter(random, "made.beat")] if random.random() < 0.4 else []
    found: list[Made] = []
    for number in range(random.randrange(2, 7)):
        if number:
            for _ in range(random.choice((1, 1, 2))):
                schemas = [_moved(random, each) for each in schemas]
            parameters = [moves.moved(random, each) for each in parameters]
        if number > 1 and random.random() < 0.05 and len(schemas) > 1:
            schemas = schemas[:1]
        release = Release(
            f"r{number}", {each.name: schema(each) for each in schemas}, {each.name: each for each in parameters}
        )
        made = Made(release, _locked(schemas, parameters, folder))
        _run(made, found[-1] if found else None)
        if random.random() < 0.4:
            _backfill(random, made)
        found.append(made)
    return found


def _declarable(random: Random, name: str) -> SchemaCode:
    while True:
        code = moves.first(random, name)
        try:
            real.schema(code)
        except SerdeError:
            continue
        return code


def _moved(random: Random, code: SchemaCode) -> SchemaCode:
    try:
        following = random.choice(moves.MOVES)(random, code)
        real.schema(following)
    except (SerdeError, ValueError):
        return code  # nobody can declare that
    return following


def _locked(schemas: Sequence[SchemaCode], parameters: Sequence[Parameter], folder: Path) -> dict[str, str]:
    """The lock of a release, written over the one before. Whoever changed a locked version has locked it anew."""
    declared: list[Any] = [*map(real.schema, schemas), *map(real.parameter, parameters)]
    drafts: dict[str, int] = {}
    for _ in range(10):
        refused = [each for each in check_lock(declared, folder) if not each.refreshed and each.rule != "unclaimed"]
        refused = [each for each in refused if each.version is None or each.version < drafts.get(each.schema, 10**9)]
        if not refused:
            break
        for each in refused:
            drafts[each.schema] = min(each.version or 1, drafts.get(each.schema, 10**9))
    write_lock(declared, folder, drafts=drafts)
    return {f"{each.name}.json": (folder / f"{each.name}.json").read_text() for each in declared}


def _run(made: Made, before: Made | None) -> None:
    """All hosts went to the release, those of the one before ran beside them."""
    for name, each in made.release.schemas.items():
        beside = [] if before is None or name not in before.release.schemas else [before.release.schemas[name]]
        records = frozenset() if before is None else before.stored.get(name, frozenset())
        made.stored[name] = written_by([*beside, each], records)
    made.certificates = () if before is None else before.certificates


def _backfill(random: Random, made: Made) -> None:
    """What hosts can read is rewritten, mostly; then a census counts, and a certificate says what it found."""
    for name, each in made.release.schemas.items():
        if random.random() < 0.8:
            rewritten = {
                (edited(each, record) or record) if record.line.number < each.writes else record
                for record in made.stored[name]
            }
            made.stored[name] = frozenset(rewritten)
        older = [line.number for line in each.lines if line.number < each.writes]
        if older:
            made.certificates += (_certificate(name, random.choice(older), made),)


def _certificate(name: str, version: int, made: Made) -> Certificate:
    locked = parsed(made.texts[f"{name}.json"])["versions"][str(version)]
    counts: dict[tuple[int, int, bool], int] = {}
    for record in made.stored[name]:
        key = (record.line.number, record.line.min_reader, bool(record.extras))
        counts[key] = counts.get(key, 0) + 1
    ends = _FENCED + timedelta(hours=2)
    return Certificate(name, version, version_digest(locked), _FENCED, _FENCED + timedelta(hours=1), ends, counts)
