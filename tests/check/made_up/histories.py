"""Made-up histories of releases: each as plain data, and as the real lock that was written of it."""

from __future__ import annotations

import json
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
from versioned_serde.lock.description import described
from versioned_serde.lock.files import parsed, write_lock

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
    texts: dict[str, str] = {}
    for each in declared:
        file = folder / f"{each.name}.json"
        locked = parsed(file.read_text()) if file.exists() else {"versions": {}, "written": []}
        draft = _lowest_changed(described(each), locked)
        write_lock([each], folder, drafts={} if draft is None else {each.name: draft})
        if draft is not None:
            # It was no draft: what a release wrote once is stored, whatever was locked later.
            content = parsed(file.read_text())
            content["versions"] = {**locked["versions"], **content["versions"]}
            if "written" in content:
                content["written"] = sorted({*locked["written"], *content["written"]})
            file.write_text(json.dumps(content))
        texts[file.name] = file.read_text()
    return texts


def _lowest_changed(now: Mapping[str, Any], locked: Mapping[str, Any]) -> int | None:
    """The lowest version that is not what it was, or is gone although older ones are listed."""
    is_, was = now["versions"], locked["versions"]
    changed = [int(each) for each in was if each in is_ and _fixed(was[each]) != _fixed(is_[each])]
    return min([*changed, *(int(each) for each in was if int(each) > max(now["listed"]))], default=None)


def _fixed(version: Any) -> Any:
    """What the lock holds a version to; why it is so may be forgotten with the versions before it."""
    forgotten = ("raised_by", "steps")
    return {key: each for key, each in version.items() if key not in forgotten} if isinstance(version, dict) else version


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
