"""The lock: one file for each schema and parameter, written, and compared with what is declared now.

A version that is in the lock is frozen. One that is not is a draft: it may still change, and locking it is all that it
needs. So the lock is written in the change that declares the version, and looked at in review like any other file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from versioned_serde.errors import LockError
from versioned_serde.lock.description import FORMAT, described, digest
from versioned_serde.lock.given_up import GIVEN_UP, given_up, taken_up
from versioned_serde.lock.suggestion import suggestion
from versioned_serde.parameter import Parameter
from versioned_serde.schema import Schema

Declared = Schema[Any] | Parameter[Any]
Rule = Literal["unreadable", "edited", "undeclared", "changed", "withdrawn", "reused", "unlocked", "stale", "unclaimed"]
_REFRESHED: tuple[Rule, ...] = ("unlocked", "stale")
"""What writing the lock puts right."""
_HEAD = ("id", "writes", "listed", "written", "keys", "reserved", "behaviour", "kind", "tolerates")
"""What may differ from release to release."""
_GROWING = ("reserved", "written")
"""What of it only ever gets more."""
_FORM = ("codec", "codec_id", "coding", "coding_id", "framing", "checksum")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in which the declaration and the lock differ.

    Attributes:
        schema: name of the schema or parameter.
        version: the version concerned, or None for the whole.
        rule: a stable word. `unreadable`: the file is not a lock. `edited`: somebody edited the file. `undeclared`: the
            model changed and no version says so. `changed`: a locked version is no longer what it was. `withdrawn`: a
            locked version above the newest listed one is gone. `reused`: an attribute has a name that an older version
            used. `unlocked`: the version is not in the lock yet. `stale`: the lock is right and older than the
            declaration. `unclaimed`: nothing of that name is declared.
        message: what differs and what to do.
    """

    schema: str
    version: int | None
    rule: Rule
    message: str

    @property
    def refreshed(self) -> bool:
        """Whether `write_lock` puts it right."""
        return self.rule in _REFRESHED

    def __str__(self) -> str:
        version = "" if self.version is None else f" version {self.version}"
        return f"{self.schema}{version}: {self.message}"


def check_lock(
    declared: Iterable[Declared], folder: Path, descriptions: Mapping[str, dict[str, Any]] | None = None
) -> list[Difference]:
    """In what the declaration and the lock differ.

    Args:
        declared: a registry, or schemas and parameters of several; all that the folder holds files of.
        folder: the lock, such as `serde-lock`; it need not exist.
        descriptions: name -> `described`, from whoever has it already.
    """
    known = descriptions or {}
    found: list[Difference] = []
    names = set()
    for each in declared:
        names.add(each.name)
        found += _findings(each, known.get(each.name) or described(each), _path(folder, each.name), drafts_from=None)
    for path in sorted(folder.glob("*.json")):
        if path.stem not in names:
            found.append(
                Difference(
                    path.stem,
                    None,
                    "unclaimed",
                    f"it is in the lock, and nothing declares it. Delete `{path.name}` once no release reads it any"
                    " more; if it got another name, take that back: the name is in the records.",
                )
            )
    return found


def write_lock(declared: Iterable[Declared], folder: Path, *, drafts: Mapping[str, int] | None = None) -> list[Path]:
    """Locks what is declared. What is in the lock already stays as it is.

    Args:
        declared: as for `check_lock`.
        folder: as for `check_lock`; it is made if it does not exist.
        drafts: name -> lowest version that no release has had yet, although it is in the lock: that one and those above
            are locked anew.

    Returns:
        The files that changed.

    Raises:
        LockError: a locked version is not what it was; nothing was written.
    """
    drafts = drafts or {}
    texts: dict[Path, str] = {}
    refused: list[Difference] = []
    for each in declared:
        path, now = _path(folder, each.name), described(each)
        draft = drafts.get(each.name)
        findings = [finding for finding in _findings(each, now, path, draft) if not finding.refreshed]
        refused += findings
        if not findings:
            texts[path] = _text(_merged(now, _load(path) if path.exists() else now, draft))
    if refused:
        raise LockError("\n".join(map(str, refused)))
    folder.mkdir(parents=True, exist_ok=True)
    changed = [path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in changed:
        path.write_text(texts[path], encoding="utf-8")
    return changed


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _load(path: Path) -> dict[str, Any]:
    """A file of the lock.

    Raises:
        ValueError: it is none.
    """
    return parsed(path.read_text(encoding="utf-8"))


def parsed(text: str) -> dict[str, Any]:
    """The content of a file of the lock.

    Raises:
        ValueError: it is none.
    """
    content = json.loads(text)
    if type(content) is not dict or type(content.get("versions")) is not dict:
        raise ValueError("It is not a lock.")
    if content.get("format") != FORMAT:
        raise ValueError(f"It has the format {content.get('format')!r}, and this release knows {FORMAT}.")
    if not all(number.isdecimal() for number in content["versions"]):
        raise ValueError("Its versions are not numbered.")
    return content


def _merged(now: dict[str, Any], locked: dict[str, Any], draft: int | None) -> dict[str, Any]:
    """What is declared now, with what is locked as it is, also versions that are not listed any more."""
    if now.get("view"):
        return now
    versions = {**now["versions"], **_frozen(locked, draft)}
    grown = {key: sorted({*now[key], *_kept(key, locked, draft)}) for key in _GROWING if key in now}
    head = {key: each for key, each in now.items() if key != "versions"}
    gone = given_up(locked, versions, _frozen(locked, draft)) if now["what"] == "schema" else {}
    ordered = {number: versions[number] for number in sorted(versions, key=int)}
    return {**head, **grown, **({GIVEN_UP: gone} if gone else {}), "versions": ordered}


def _kept(key: str, locked: dict[str, Any], draft: int | None) -> list[Any]:
    """What is locked of a list that only grows; a draft was never written."""
    return [each for each in locked.get(key, ()) if key != "written" or draft is None or each < draft]


def _frozen(locked: dict[str, Any], draft: int | None) -> dict[str, Any]:
    return {number: each for number, each in locked["versions"].items() if draft is None or int(number) < draft}


def _findings(declared: Declared, now: dict[str, Any], path: Path, drafts_from: int | None) -> list[Difference]:
    """The findings of one file, all of them about one schema or parameter."""
    name = declared.name
    if not path.exists():
        return [Difference(name, None, "unlocked", "it is not in the lock yet.")]
    try:
        locked = _load(path)
    except ValueError as error:
        message = f"`{path.name}` cannot be read ({error}) Restore it from version control; do not write it by hand."
        return [Difference(name, None, "unreadable", message)]
    versions = _frozen(locked, drafts_from)
    if now.get("view") and locked.get("view"):
        # What is frozen of it, the lock of its owner says; the part that is read here may be another one any time.
        told = "the lock has another part of the schema than the declaration."
        return [] if locked == now else [Difference(name, None, "stale", told)]
    if now.get("view") != locked.get("view"):
        one, other = ("a view", "a schema of its own")[:: 1 if locked.get("view") else -1]
        return [Difference(name, None, "changed", f"it was {one}, and is {other}.")]
    if locked.get("what") != now["what"]:
        return [Difference(name, None, "changed", f"it was a {locked.get('what')}, and is a {now['what']}.")]
    found = _versions(declared, now["versions"], versions)
    found += _taken_up(name, now["versions"], versions, locked) if now["what"] == "schema" else []
    if above := [int(number) for number in versions if int(number) > max(now["listed"])]:
        found.append(
            Difference(
                name,
                min(above),
                "withdrawn",
                "it is in the lock, and not listed any more, though older versions are. Records of it may exist: list"
                f" it, or, if no release has had it, {_anew(name, min(above))}.",
            )
        )
    if found:
        return found
    found += [
        Difference(name, int(number), "unlocked", "it is not in the lock yet.")
        for number in now["versions"]
        if number not in versions
    ]
    merged = _merged(now, locked, drafts_from)
    if stale := [key for key in _HEAD if merged.get(key) != locked.get(key)]:
        told = ", ".join(f"`{key}`" for key in stale)
        found.append(Difference(name, None, "stale", f"the lock has another {told} than the declaration."))
    return found


def _versions(declared: Declared, now: dict[str, Any], locked: dict[str, Any]) -> list[Difference]:
    name = declared.name
    common = [number for number in now if number in locked]
    if isinstance(declared, Parameter):
        return [
            Difference(
                name,
                int(number),
                "changed",
                f"its value is {now[number]!r}, and was locked as {locked[number]!r}. Put it back, and list the new"
                f" value as version {max(map(int, now)) + 1}.",
            )
            for number in common
            if now[number] != locked[number] or type(now[number]) is not type(locked[number])
        ]
    if edited := [number for number in common if digest(locked[number]["shape"]) != locked[number]["digest"]]:
        told = "its lines were edited. Restore them from version control; `pytest --serde-lock-update` writes the lock."
        return [Difference(name, int(edited[0]), "edited", told)]
    if not common:
        return []
    newest = common[-1]
    if now[newest]["shape"] != locked[newest]["shape"]:
        return [_undeclared(declared, int(newest), locked[newest]["shape"])]
    found: list[Difference] = []
    for number in common:
        # The steps of the first listed line lead from a version that is gone, and may be taken out.
        steps = () if int(number) == declared.versions[0] else ("steps", "added")
        keys = (*_FORM, "min_reader", "shape", *steps, "fields")
        differing = [key for key in keys if now[number].get(key) != locked[number].get(key)]
        if differing:
            found.append(_changed(declared, int(number), differing, now[number], locked[number]))
    return found or _reused(declared, newest, now, locked)


def _undeclared(schema: Schema[Any], version: int, locked: dict[str, str]) -> Difference:
    line = schema.lines[version - schema.versions[0]]
    following = version + 1
    told = suggestion(locked, line.shape, following, following in schema.versions)
    told += f" If no release has had version {version} yet, {_anew(schema.name, version)}."
    return Difference(schema.name, None, "undeclared", told)


def _changed(
    schema: Schema[Any], version: int, differing: list[str], now: dict[str, Any], locked: dict[str, Any]
) -> Difference:
    key = differing[0]
    if key == "shape":
        lines = sorted(set(now[key].items()) ^ set(locked[key].items()))
        what = f"the steps lead back to another shape than was locked, in {_listing({path for path, _ in lines})}"
    elif key == "fields":
        lines = sorted(set(now.get(key, {}).items()) ^ set(locked.get(key, {}).items()))
        what = f"other fields of the message carry {_listing({path for path, _ in lines})}"
    else:
        what = f"`{key}` is {json.dumps(now[key])}, and was locked as {json.dumps(locked[key])}"
    advice = "A version's bytes never change: put it back, and declare the change as a version of its own"
    if key == "min_reader" and version == schema.versions[0]:
        advice = f"Say `min_reader={locked[key]}` in its line: retiring older versions changes no bytes"
    told = f"{what}. {advice}. If no release has had this version yet, {_anew(schema.name, version)}."
    return Difference(schema.name, version, "changed", told)


def _reused(schema: Schema[Any], newest: str, now: dict[str, Any], locked: dict[str, Any]) -> list[Difference]:
    """The attributes of drafts that have the name of one that only versions had which are not listed any more."""
    used = {path for each in locked.values() for path in each["shape"]} - now[newest]["shape"].keys()
    return [
        Difference(
            schema.name,
            int(number),
            "reused",
            f"{_listing(again)} had that name before, in a version that is not listed any more. Old records may still"
            " hold the old one: give the new attribute another name, and list the old one in `reserved`.",
        )
        for number, each in now.items()
        if number not in locked and (again := used & each["shape"].keys())
    ]


def _taken_up(name: str, now: dict[str, Any], frozen: dict[str, Any], locked: dict[str, Any]) -> list[Difference]:
    """The attributes of drafts that have the name of another one that a draft before gave up."""
    drafts = {number: each for number, each in now.items() if number not in frozen}
    return [
        Difference(
            name,
            int(number),
            "reused",
            f"{_listing(again)} had that name in a draft that was locked anew without it. A host that had the draft may"
            " have written it: give the new attribute another name, or the type and default that it had.",
        )
        for number, again in taken_up(drafts, locked)
    ]


def _listing(paths: Iterable[str]) -> str:
    return ", ".join(f"`{path}`" for path in sorted(paths))


def _anew(name: str, version: int) -> str:
    return f"lock it anew with `pytest --serde-lock-update --serde-lock-draft={name}:{version}`"
