"""Made-up histories of releases: each as plain data, and as the real lock that was written of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from tests.check.made_up import moves, real
from tests.check.simulation.declaring import Parameter, Release, SchemaCode, schema
from tests.check.simulation.reading import Record, edited
from tests.check.simulation.steps import Records, written_by
from versioned_serde.errors import SerdeError
from versioned_serde.lock.certificate import Certificate, version_digest
from versioned_serde.lock.description import described
from versioned_serde.lock.files import Declared, parsed, write_lock

_FENCED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Made:
    """A release of a history.

    Attributes:
        release: as the simulation sees it.
        texts: the files of its lock.
        stored: schema -> what is stored of it when the release after this one is deployed.
        rewritten: the certificates that lie beside the lock by then, each with the records that are gone by it.
    """

    release: Release
    texts: Mapping[str, str]
    stored: dict[str, Records] = field(default_factory=dict)
    rewritten: tuple[tuple[Certificate, Records], ...] = ()

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        return tuple(each for each, _ in self.rewritten)

    def __str__(self) -> str:
        told = {**self.release.schemas, **self.release.parameters}
        lines = [f"{self.release.name}: {name} {each}" for name, each in told.items()]
        lines += [f"    certificate of {each.schema} {each.version}: {dict(each.counts)}" for each in self.certificates]
        return "\n".join(lines)


def drawn_history(random: Random, most: int = 6) -> list[Made]:
    """2 to `most` releases, each made from the one before by moves, good and bad."""
    with TemporaryDirectory() as folder:
        return _history(random, most, Path(folder))


def _history(random: Random, most: int, folder: Path) -> list[Made]:
    schemas = [_declarable(random, f"made.{each}") for each in "ab"[: random.choice((1, 1, 2))]]
    parameters = [moves.first_parameter(random, "made.beat")] if random.random() < 0.4 else []
    texts = _locks([*map(real.schema, schemas), *map(real.parameter, parameters)], folder)
    found = [_ran(_release(0, schemas, parameters), texts, None)]
    for number in range(1, random.randrange(2, most + 1)):
        if random.random() < 0.4:
            _backfill(random, found[-1])
        if number > 1 and random.random() < 0.05:
            schemas = schemas[:1]
        schemas = [_moved(random, each, folder) for each in schemas]
        parameters = [moves.moved(random, each) for each in parameters]
        texts = _locks([*map(real.schema, schemas), *map(real.parameter, parameters)], folder)
        found.append(_ran(_release(number, schemas, parameters), texts, found[-1]))
    return found


def _release(number: int, schemas: Sequence[SchemaCode], parameters: Sequence[Parameter]) -> Release:
    return Release(
        f"r{number}", {each.name: schema(each) for each in schemas}, {each.name: each for each in parameters}
    )


def _locks(declared: Sequence[Declared], folder: Path) -> dict[str, str]:
    return {f"{each.name}.json": _lock(each, folder) for each in declared}


def _declarable(random: Random, name: str) -> SchemaCode:
    while True:
        code = moves.first(random, name)
        try:
            real.schema(code)
        except SerdeError:
            continue
        return code


def _moved(random: Random, code: SchemaCode, folder: Path) -> SchemaCode:
    """The declaration of the next release, after one move or two."""
    following = code
    try:
        for _ in range(random.choice((1, 1, 2))):
            following = random.choice(moves.MOVES)(random, following)
        _lock(real.schema(following), folder)
    except (SerdeError, ValueError):
        return code  # nobody can declare that, or lock it
    return following


def _lock(declared: Declared, folder: Path) -> str:
    """The lock of one schema or parameter, written over the one before. Whoever changed a version has locked it anew.

    Raises:
        LockError: a name is used again.
    """
    file = folder / f"{declared.name}.json"
    locked = parsed(file.read_text()) if file.exists() else {"versions": {}, "written": []}
    draft = _lowest_changed(described(declared), locked)
    write_lock([declared], folder, drafts={} if draft is None else {declared.name: draft})
    if draft is not None:
        # It was no draft: what a release wrote once is stored, whatever was locked later.
        content = parsed(file.read_text())
        content["versions"] = {**locked["versions"], **content["versions"]}
        if "written" in content:
            content["written"] = sorted({*locked["written"], *content["written"]})
        file.write_text(json.dumps(content))
    return file.read_text()


def _lowest_changed(now: Mapping[str, Any], locked: Mapping[str, Any]) -> int | None:
    """The lowest version that is not what it was, or is gone although older ones are listed."""
    is_, was = now["versions"], locked["versions"]
    changed = [int(each) for each in was if each in is_ and _fixed(was[each]) != _fixed(is_[each])]
    return min([*changed, *(int(each) for each in was if int(each) > max(now["listed"]))], default=None)


def _fixed(version: Any) -> Any:
    """What the lock holds a version to; why it is so may be forgotten with the versions before it."""
    forgotten = ("raised_by", "steps")
    return (
        {key: each for key, each in version.items() if key not in forgotten} if isinstance(version, dict) else version
    )


def _ran(release: Release, texts: Mapping[str, str], before: Made | None) -> Made:
    """A release that all hosts went to, while those of the one before ran beside them."""
    stored: dict[str, Records] = {}
    # Whoever writes a version again knows that what a census said of it is no longer so.
    kept = [
        (each, records)
        for each, records in (() if before is None else before.rewritten)
        if each.schema in release.schemas and release.schemas[each.schema].writes > each.version
    ]
    # One that was made for another declaration is not believed: what it says to be gone may be there.
    believed = [pair for pair in kept if pair[0].digest == _digest(pair[0].schema, pair[0].version, texts)]
    for name, each in release.schemas.items():
        beside = [] if before is None else [before.release.schemas[name]]
        records = frozenset() if before is None else before.stored[name]
        said = [certificate for certificate, _ in believed if certificate.schema == name]
        gone = max(
            (certificate.version for certificate in said if not certificate.objection(certificate.digest)), default=0
        )
        back = [more for pair in kept if pair not in believed and pair[0].schema == name for more in pair[1]]
        records |= {record for record in back if record.line.number > gone}
        # The lock remembers numbers: records of one that was written may be what any release since calls by it.
        known = {record.line.number for record in records}
        records |= {Record(line) for line in each.lines if line.number in known}
        stored[name] = written_by([*beside, each], records)
    return Made(release, texts, stored, tuple(believed))


def _backfill(random: Random, made: Made) -> None:
    """Rewrites records of a version and older ones, mostly; then a census counts, and a certificate says what it found.

    What a certificate does not say is not known to be gone: a backfill that leaves something is no backfill.
    """
    for name, each in made.release.schemas.items():
        older = [line.number for line in each.lines if line.number < each.writes]
        if not older:
            continue
        version, gone = random.choice(older), frozenset[Record]()
        if random.random() < 0.8:
            rewritten = {
                (edited(each, record) or record) if record.line.number <= version else record
                for record in made.stored[name]
            }
            if all(record.line.number > version for record in rewritten):
                gone = made.stored[name] - rewritten
                made.stored[name] = frozenset(rewritten)
        made.rewritten += ((_certificate(name, version, made), gone),)


def _digest(name: str, version: int, texts: Mapping[str, str]) -> str:
    return version_digest(parsed(texts[f"{name}.json"])["versions"][str(version)])


def _certificate(name: str, version: int, made: Made) -> Certificate:
    counts: dict[tuple[int, int, bool], int] = {}
    for record in made.stored[name]:
        key = (record.line.number, record.line.min_reader, bool(record.extras))
        counts[key] = counts.get(key, 0) + 1
    ends = _FENCED + timedelta(hours=2)
    return Certificate(
        name, version, _digest(name, version, made.texts), _FENCED, _FENCED + timedelta(hours=1), ends, counts
    )
