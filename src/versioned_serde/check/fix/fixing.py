"""From what was seen to what is to be written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass, field
from pathlib import Path

from versioned_serde.check.fix.choices import Ask, decided
from versioned_serde.check.fix.declaring import NotEditableError, SchemaCall
from versioned_serde.check.fix.editing import Fix, opened, place
from versioned_serde.check.fix.looking import Sight, look
from versioned_serde.check.fix.names import translated
from versioned_serde.check.fix.patch import Patch
from versioned_serde.check.fix.probe import Seen
from versioned_serde.check.fix.source import Entry
from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.check.settings import Settings
from versioned_serde.settings import SettingsError


@dataclass(slots=True)
class _Work:
    """One run."""

    settings: Settings
    releases: Sequence[Release]
    names: Collection[str]
    ask: Ask | None
    patch: Patch = field(default_factory=Patch)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    refused: bool = False
    declared: dict[str, int] = field(default_factory=dict)
    """Schema -> the version that this run declared a change in."""
    appended: set[str] = field(default_factory=set)
    """Those of them whose version line is new."""


def fix(settings: Settings, releases: Sequence[Release], names: Collection[str] = (), ask: Ask | None = None) -> Fix:
    """What is to be written so that every change of a model is declared, locked and tried.

    Nothing is written yet. The edited files were imported, in a process of their own.

    Args:
        settings: the project's.
        releases: the releases whose versions are frozen; versions that none of them has are drafts.
        names: the schemas concerned; all, if empty.
        ask: who decides what cannot be inferred; without one it stays open.

    Raises:
        SettingsError: the project cannot be imported, or a file cannot be read.
    """
    work = _Work(settings, releases, names, ask)
    sight = _look(work)
    if sight.error and not any(each.error for each in sight.seen):
        raise SettingsError(sight.error)
    while _declare(work, sight):
        sight = _look(work)
    if _choose_writes(work, sight):
        sight = _look(work)
    undecided = [each for each in sight.seen if each.open]
    work.problems += [_undecided(work, each) for each in undecided]
    if sight.error and any(each.error and not each.open for each in sight.seen) and not work.refused:
        work.problems.append(sight.error)
        work.refused = True
    if not sight.error and not work.refused:
        if sight.differences:
            work.problems += sight.differences
            work.refused = True
        else:
            _keep(work, sight)
    return Fix(work.patch, work.notes, work.problems, not work.refused)


def _look(work: _Work) -> Sight:
    return look(work.settings, work.patch.texts(), _frozen(work), _drafts(work))


def _locks(work: _Work, name: str) -> list[SchemaLock]:
    return [release.schemas[name] for release in work.releases if name in release.schemas]


def _frozen(work: _Work) -> dict[str, dict[int, Mapping[str, str]]]:
    """Schema -> version -> shape, of all versions that a release has."""
    found: dict[str, dict[int, Mapping[str, str]]] = {}
    for release in work.releases:
        for name, lock in release.schemas.items():
            found.setdefault(name, {}).update({number: each.shape for number, each in lock.versions.items()})
    return found


def _drafts(work: _Work) -> dict[str, int]:
    """Schema or parameter -> the lowest version that no release has."""
    newest: dict[str, int] = {}
    for release in work.releases:
        for name, lock in release.schemas.items():
            newest[name] = max(newest.get(name, 0), *lock.versions)
        for name, parameter in release.parameters.items():
            newest[name] = max(newest.get(name, 0), *parameter.versions)
    folder = work.settings.lock_folder
    here = {file.stem for file in folder.glob("*.json")} if folder.is_dir() else set()
    return {name: newest.get(name, 0) + 1 for name in {*newest, *here}}


def _declare(work: _Work, sight: Sight) -> bool:
    """Writes the change of each schema into its file, one schema a file; whether there was any."""
    touched: set[str] = set()
    for seen in sight.seen:
        wanted = not work.names or seen.name in work.names
        if not wanted or not seen.change or seen.name in work.declared or seen.file in touched:
            continue
        touched.add(seen.file)
        following = seen.since + 1
        work.declared[seen.name] = following
        entries = decided(seen.change, work.ask)
        writes = max((lock.writes for lock in _locks(work, seen.name)), default=seen.since)
        try:
            _edit(work, seen, following, entries, writes)
        except NotEditableError as error:
            steps = ", ".join(each.text for each in entries)
            listed = following in seen.numbers
            paste = steps if listed else f"Version({following}, {steps})"
            where = f"into the line of version {following}" if listed else "behind its last version line"
            work.problems.append(
                f"{seen.name}: {error}. Put `{paste}` {where} ({place(work.settings, work.patch, seen)})."
            )
            work.refused = True
    return bool(touched)


def _edit(work: _Work, seen: Seen, following: int, entries: Sequence[Entry], writes: int) -> None:
    source, found = opened(work.settings, work.patch, seen)
    call = SchemaCall(source, found)
    texts = translated([each.text for each in entries], source, seen.called, call.prefix)
    steps = [Entry(text, each.comment) for text, each in zip(texts, entries, strict=True)]
    if following in seen.numbers:
        call.prepend_steps(following, steps)
    else:
        call.append(following, steps, writes)
        work.appended.add(seen.name)
    work.patch.edit(Path(seen.file), source.edited)


def _choose_writes(work: _Work, sight: Sight) -> bool:
    """Puts each write version where the releases beside can read it, and says how many releases a change takes."""
    edited = False
    for seen in sight.seen:
        locks = _locks(work, seen.name)
        skipped = work.names and seen.name not in work.names
        if not locks or seen.change or seen.view or skipped or not seen.min_readers:
            continue
        writes = seen.writes or seen.numbers[-1]
        new = work.declared.get(seen.name)
        released = min(lock.writes for lock in locks)
        told = ""
        if not all(_reads(lock, writes, seen) for lock in locks):
            told = (
                f"two releases. This one lists version {writes} and writes {released}, because the releases beside it"
                f" cannot read version {writes}; the second says `writes={writes}`, when every host runs this one."
            )
            writes_now = released
        elif new is not None and all(_reads(lock, new, seen) for lock in locks):
            told = f"one release. The releases beside this one read version {new} as it is."
            appended = seen.name in work.appended
            writes_now = new if appended and writes == new - 1 else writes
        elif new is not None:
            told = (
                f"two releases. This one lists version {new} and writes {writes}; the second says `writes={new}`, when"
                " every host runs this one."
            )
            writes_now = writes
        else:
            continue
        work.notes.append(f"{seen.name}: {told}")
        if writes_now == writes:
            continue
        try:
            edited = _set_writes(work, seen, writes_now) or edited
        except NotEditableError as error:
            work.problems.append(
                f"{seen.name}: {error}. Say `writes={writes_now}` ({place(work.settings, work.patch, seen)})."
            )
            work.refused = True
    return edited


def _set_writes(work: _Work, seen: Seen, version: int) -> bool:
    # The edits of other schemas' numbers leave the places of calls alone, unless they make a number longer.
    source, found = opened(work.settings, work.patch, seen)
    changed = SchemaCall(source, found).set_writes(version)
    work.patch.edit(Path(seen.file), source.edited)
    return changed


def _reads(lock: SchemaLock, version: int, seen: Seen) -> bool:
    """Whether a release reads the records that this tree makes of a version."""
    if version in lock.listed:
        return True
    return version > lock.newest >= seen.min_readers[version] and lock.versions[lock.newest].tagged


def _undecided(work: _Work, seen: Seen) -> str:
    return (
        f"{seen.name}: a version line says `...` ({place(work.settings, work.patch, seen)}). Put in what it stands for,"
        " and run `serde-check fix` again; until then the declaration is refused, and neither lock nor test is written."
    )


def _keep(work: _Work, sight: Sight) -> None:
    """The lock, and a test for each schema that has a new version in it and no other test."""
    folder = work.settings.lock_folder
    for name, text in sight.lock.items():
        work.patch.write(folder / name, text)
    for seen in sight.seen:
        if f"{seen.name}.json" not in sight.lock or not seen.registry or not seen.numbers or seen.view:
            continue
        plain = re.sub(r"\W", "_", seen.name)
        file = work.settings.root / "tests" / f"test_serde_{plain}.py"
        if seen.min_readers and not file.exists() and not _covered(work.settings, seen.registry):
            work.patch.write(file, _test(seen.name, seen.registry))


def _test(name: str, registry: str) -> str:
    module, _, attribute = registry.partition(":")
    return f'''"""What `{name}` promises, tried on made-up values."""

from {module} import {attribute}
from versioned_serde.testing import assert_laws

SCHEMA = next(each for each in {attribute}.schemas if each.name == "{name}")


def test_laws() -> None:
    assert_laws(SCHEMA)
'''


def _covered(settings: Settings, registry: str) -> bool:
    """Whether the pytest plug-in tests a registry's schemas already."""
    return any(registry in each for each in _pytest_registries(settings.root))


def _pytest_registries(root: Path) -> Iterable[Collection[str]]:
    project = root / "pyproject.toml"
    if project.is_file():
        pytest = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}).get("pytest", {})
        for table in (pytest, pytest.get("ini_options", {})):
            said = table.get("serde_registries", ())
            yield said.split() if isinstance(said, str) else said
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        parser = ConfigParser(interpolation=None)
        try:
            parser.read(root / name, encoding="utf-8")
        except (ConfigError, UnicodeDecodeError):
            continue
        yield parser.get(section, "serde_registries", fallback="").split()
