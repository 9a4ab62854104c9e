"""What a repository holds, asked of git itself; nothing is checked out."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from versioned_serde.settings import SettingsError

_SECONDS = 60
"""How long git may take: a hung one (a lock, a network file system) must not hang the check."""


def commits(root: Path, refs: Iterable[str]) -> dict[str, str]:
    """Each git ref -> its commit; empty where there is none, or no repository."""
    found: dict[str, str] = {}
    for ref in refs:
        asked = () if ref.startswith("-") else ("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
        found[ref] = ((git(root, *asked) or b"") if asked else b"").decode().strip()
    return found


def files(root: Path, commit: str, folder: str) -> dict[str, str]:
    """The JSON files of a folder, as they are in a commit: name -> content.

    Args:
        root: the folder in the repository that `folder` is relative to.
        commit: as `commits` gives it.
        folder: with slashes; what is in folders within it does not count.
    """
    listing = git(root, "ls-tree", "-z", commit, "--", f"{folder}/") or b""
    objects: dict[str, str] = {}
    for entry in listing.decode().split("\0"):
        head, _, path = entry.partition("\t")
        if path.endswith(".json"):
            objects[Path(path).name] = head.split()[2]
    return dict(zip(objects, _contents(root, list(objects.values())), strict=True))


def _contents(root: Path, objects: list[str]) -> list[str]:
    """The contents of git's objects, all at once."""
    if not objects:
        return []
    output = git(root, "cat-file", "--batch", input_="".join(f"{each}\n" for each in objects).encode()) or b""
    contents: list[str] = []
    at = 0
    for _ in objects:
        end = output.index(b"\n", at)
        size = int(output[at:end].split()[2])
        contents.append(output[end + 1 : end + 1 + size].decode("utf-8"))
        at = end + 1 + size + 1
    return contents


def git(root: Path, *arguments: str, input_: bytes | None = None) -> bytes | None:
    """What git prints, or None where it fails.

    Raises:
        SettingsError: git is not installed, or took too long.
    """
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
