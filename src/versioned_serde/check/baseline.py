"""Other releases, read from where their locks are: a git ref, a folder, a file. Nothing is imported or checked out."""

from __future__ import annotations

from versioned_serde.check.git import commits, files
from versioned_serde.check.release import Release
from versioned_serde.check.settings import Settings
from versioned_serde.settings import SettingsError


def baseline(name: str, settings: Settings) -> Release:
    """A release by what it is called.

    Args:
        name: a file of a lock or a folder of them, if there is such a path; otherwise a git ref, such as `v1.4.0`.
        settings: say where the lock is in the repository.

    Raises:
        SettingsError: there is nothing of that name.
        LockError: its lock cannot be read.
    """
    path = settings.root / name
    if path.is_file():
        return Release.of_texts(name, {path.name: path.read_text(encoding="utf-8")})
    if path.is_dir():
        folder = path / settings.lock if (path / settings.lock).is_dir() else path
        return Release.of_texts(
            name, {each.name: each.read_text(encoding="utf-8") for each in sorted(folder.glob("*.json"))}
        )
    return Release.of_texts(name, _of_git(name, settings))


def _of_git(ref: str, settings: Settings) -> dict[str, str]:
    if ref.startswith("-"):
        raise SettingsError(f"`{ref}` is not a release.")
    commit = commits(settings.root, (ref,))[ref]
    if not commit:
        raise SettingsError(
            f"`{ref}` is no git ref here, and no file or folder.",
            hint="A shallow clone lacks it: fetch it first, for example with `git fetch --tags`, or `fetch-depth: 0`.",
        )
    return files(settings.root, commit, settings.lock)
