"""The locks of other teams' schemas: fetched from where they are kept, and stored beside the service's own lock."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from versioned_serde.check.release import Release, SchemaLock
from versioned_serde.errors import LockError
from versioned_serde.lock.files import parsed
from versioned_serde.settings import SettingsError

FOLDER = "imported"
"""In the folder of the lock; a file is called `<schema>.json`."""
_FORMAT = 1
_SECONDS = 120
"""How long git may take: a server that does not answer must not hang the command."""
_TRANSPORTS = "file:git:http:https:ssh"
"""Those by which git only fetches; others run commands that stand in the address."""
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:|[\w.-]+:(?![/\\])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imported:
    """Another team's schema.

    Attributes:
        source: where it came from, as it was said: a file, a folder, or a git repository, perhaps with `@REF`.
        commit: the commit, if it came from git.
        lock: the content of the owner's lock.
    """

    source: str
    commit: str | None
    lock: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The schema's name."""
        return str(self.lock["name"])

    @property
    def schema(self) -> SchemaLock:
        """The owner's declaration."""
        return Release.of_texts(self.source, {f"{self.name}.json": json.dumps(self.lock)}).schemas[self.name]

    def text(self) -> str:
        """The file, as `stored` reads it."""
        content = {"format": _FORMAT, "what": "import", "source": self.source, "commit": self.commit, "lock": self.lock}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def stored(lock: Path) -> dict[str, Imported]:
    """What has been imported, by name.

    Args:
        lock: the folder of the service's own lock.

    Raises:
        LockError: a file is none that was imported.
    """
    found: dict[str, Imported] = {}
    for file in sorted((lock / FOLDER).glob("*.json")):
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            if content["what"] != "import" or content["format"] != _FORMAT:
                raise ValueError("it is not an import of this release's format")
            owner = _owner(json.dumps(content["lock"]), file.stem)
            found[file.stem] = Imported(content["source"], content["commit"], owner)
        except (ValueError, KeyError, TypeError) as error:
            raise LockError(
                f"`{FOLDER}/{file.name}` cannot be read: {error}",
                hint="Import it again with `serde-check lock --import`.",
            ) from None
    return found


def fetched(name: str, source: str, root: Path) -> Imported:
    """Another team's schema, from where its lock is kept. No code of theirs is run or checked out.

    Args:
        name: the schema's name.
        source: a file of a lock; a folder that has it, or has a `serde-lock` that does; or a git repository: an
            address, perhaps with `@` and a tag, branch or commit.
        root: the folder to which a relative path is relative.

    Raises:
        SettingsError: there is no such lock.
    """
    path = root / source
    if path.is_file():
        return Imported(source, None, _checked(path.read_text(encoding="utf-8", errors="replace"), name, source))
    if path.is_dir():
        for file in (path / f"{name}.json", path / "serde-lock" / f"{name}.json"):
            if file.is_file():
                return Imported(
                    source, None, _checked(file.read_text(encoding="utf-8", errors="replace"), name, source)
                )
    return _of_git(name, source, root)


def changes(before: Imported | None, now: Imported) -> list[str]:
    """What is different in the owner's declaration since it was imported last, for people."""
    if before is None:
        return [f"imported from {now.source}"]
    told = [
        f"`{key}` was {_shown(before.lock.get(key))}, is {_shown(now.lock.get(key))}"
        for key in ("writes", "listed", "keys", "reserved")
        if before.lock.get(key) != now.lock.get(key)
    ]
    old, new = before.lock["versions"], now.lock["versions"]
    for number in sorted({*old, *new}, key=int):
        if number not in old:
            told.append(f"version {number} is new: {', '.join(new[number]['steps']) or 'another form'}")
        elif number not in new:
            told.append(f"version {number} is gone")
        elif old[number] != new[number]:
            told.append(f"version {number} is another one")
    return told


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _owner(text: str, name: str) -> dict[str, Any]:
    """The lock of an owner.

    Raises:
        ValueError: it is none, or another one.
    """
    content = parsed(text)
    if content.get("what") != "schema" or content.get("name") != name:
        raise ValueError(f"It is the lock of `{content.get('name')}`, not of the schema `{name}`.")
    if content.get("view"):
        raise ValueError("It is a view itself; import the schema from its owner.")
    Release.of_texts(name, {name: text})
    return content


def _checked(text: str, name: str, source: str) -> dict[str, Any]:
    try:
        return _owner(text, name)
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"What `{source}` has as the lock of `{name}` cannot be used. {error}") from None


def _of_git(name: str, source: str, root: Path) -> Imported:
    address, ref = _address(source, root)
    if address.startswith("-") or ref.startswith("-"):
        raise SettingsError(f"`{source}` is no repository.")
    if not _REMOTE.match(address) and not (root / address).exists():
        raise SettingsError(f"`{source}` is no file, no folder and no address of a repository.")
    local = not _REMOTE.match(address)
    with tempfile.TemporaryDirectory() as folder:
        _git(folder, "init", "--quiet", "--template=", ".")
        where = str((root / address).resolve()) if local else address
        _git(folder, "fetch", "--quiet", "--depth=1", "--no-tags", "--", where, ref, about=source)
        commit = _git(folder, "rev-parse", "FETCH_HEAD^{commit}").strip()
        files = _git(folder, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")
        found = [
            file
            for file in files
            if Path(file).name == f"{name}.json" and Path(file).parent.name not in (FOLDER, "retired")
        ]
        locks = [file for file in found if Path(file).parent.name == "serde-lock"] or found
        if len(locks) != 1:
            told = f"has {', '.join(locks)}; name the file's own folder" if locks else f"has no `{name}.json`"
            raise SettingsError(f"`{source}` {told}.")
        text = _git(folder, "show", f"{commit}:{locks[0]}")
    return Imported(source, commit, _checked(text, name, source))


def _address(source: str, root: Path) -> tuple[str, str]:
    """A repository, and the ref in it: what stands behind the last `@` that is no part of the address."""
    address, _, ref = source.rpartition("@")
    if not address or (root / source).exists() or re.search(r"[:\\]", ref):
        return source, "HEAD"
    if "://" in source and "/" not in address.partition("://")[2]:
        return source, "HEAD"  # the `@` behind a user's name
    return address, ref


def _git(folder: str, *arguments: str, about: str = "") -> str:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": _TRANSPORTS, "LC_ALL": "C"}
    for each in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):  # as hooks have them
        environment.pop(each, None)
    try:
        ran = subprocess.run(  # noqa: S603  git itself, with no more arguments of others than an address and a ref
            ["git", *arguments],  # noqa: S607  the user's own git, as in their shell
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise SettingsError("git is not installed.", hint="Name the lock's file instead.") from None
    except subprocess.TimeoutExpired:
        raise SettingsError(f"git took more than {_SECONDS} s for `{about}`.") from None
    if ran.returncode:
        told = ran.stderr.strip().partition("\n")[0]
        raise SettingsError(f"git could not read `{about or arguments[0]}`: {told}")
    return ran.stdout
