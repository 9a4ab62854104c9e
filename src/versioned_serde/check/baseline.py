"""Other releases, read from where their locks are: a git ref, a folder, a file. Nothing is imported or checked out."""

from __future__ import annotations

import subprocess
from pathlib import Path

from versioned_serde.check.release import Release
from versioned_serde.check.settings import Settings, SettingsError

_SECONDS = 60
"""How long git may take: a hung one (a lock, a network file system) must not hang the check."""


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


def default_baseline(settings: Settings) -> str | None:
    """What a project without `against` is held against: the main branch of its origin, else its last commit."""
    for ref in ("origin/HEAD", "HEAD"):
        if _git(settings.root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") is not None:
            return ref
    return None


def _of_git(ref: str, settings: Settings) -> dict[str, str]:
    root = settings.root
    if ref.startswith("-"):
        raise SettingsError(f"`{ref}` is not a release.")
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if commit is None:
        raise SettingsError(
            f"`{ref}` is no git ref here, and no file or folder.",
            hint="A shallow clone lacks it: fetch it first, for example with `git fetch --tags`, or `fetch-depth: 0`.",
        )
    listing = _git(root, "ls-tree", "-z", commit.decode().strip(), "--", f"{settings.lock}/") or b""
    files: dict[str, str] = {}
    for entry in listing.decode().split("\0"):
        head, _, path = entry.partition("\t")
        if path.endswith(".json"):
            files[Path(path).name] = head.split()[2]
    if not files:
        return {}
    contents = _contents(root, list(files.values()))
    return dict(zip(files, contents, strict=True))


def _contents(root: Path, objects: list[str]) -> list[str]:
    """The contents of git's objects, all at once."""
    output = _git(root, "cat-file", "--batch", input_="".join(f"{each}\n" for each in objects).encode()) or b""
    contents: list[str] = []
    at = 0
    for _ in objects:
        end = output.index(b"\n", at)
        size = int(output[at:end].split()[2])
        contents.append(output[end + 1 : end + 1 + size].decode("utf-8"))
        at = end + 1 + size + 1
    return contents


def _git(root: Path, *arguments: str, input_: bytes | None = None) -> bytes | None:
    """What git prints, or None where it fails."""
    try:
        ran = subprocess.run(  # noqa: S603  git itself, with arguments that are none of its options
            ["git", *arguments],  # noqa: S607  the user's own git, as in their shell
            cwd=root,
            input=input_,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise SettingsError("git is not installed.", hint="Name a folder or file as the baseline instead.") from None
    except subprocess.TimeoutExpired:
        raise SettingsError(f"git took more than {_SECONDS} s for `{' '.join(arguments)}`.") from None
    return ran.stdout if ran.returncode == 0 else None
