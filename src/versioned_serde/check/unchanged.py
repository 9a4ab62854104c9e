"""A clean check of a tree that has not changed since is clean: nothing is imported again.

What a check came from is noted in a folder of the project: the files that were imported and those beside them, the
lock, the settings, the commits of the releases, the installed packages, and the day. Files are told by size and time,
as `make` does. What a module reads while it is imported, other than Python, is not seen; `--no-cache` looks again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from versioned_serde.check.asked import Asked
from versioned_serde.check.git import commits
from versioned_serde.check.settings import Settings

FOLDER = ".serde-check-cache"


def recall(settings: Settings, asked: Asked, options: Sequence[object]) -> str | None:
    """What a clean check of the same tree printed; None if there was none.

    Args:
        settings: of the project.
        asked: the releases.
        options: all else that decides what is printed.
    """
    try:
        noted = json.loads(_file(settings).read_text(encoding="utf-8"))
        kept = noted[_key(settings, asked, options)]
        if kept["tree"] == _tree(settings, kept["files"]):
            return str(kept["printed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def note(settings: Settings, asked: Asked, options: Sequence[object], files: Iterable[Path], printed: str) -> None:
    """Notes a clean check. What cannot be written is left: it only costs time."""
    names = sorted(os.path.relpath(file, settings.root) for file in files)
    kept = {"tree": _tree(settings, names), "files": names, "printed": printed}
    place = _file(settings)
    try:
        place.parent.mkdir(exist_ok=True)
        (place.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        # One check is kept: a project is checked in one way, over and over.
        beside = place.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({_key(settings, asked, options): kept}), encoding="utf-8")
        beside.replace(place)
    except OSError:
        return


def _file(settings: Settings) -> Path:
    return settings.root / FOLDER / "clean.json"


def _key(settings: Settings, asked: Asked, options: Sequence[object]) -> str:
    beside, further = asked.releases(settings)
    refs = [each for each in (*beside, *further) if not (settings.root / each).exists()]
    folders = [_stamps(settings.root / each) for each in (*beside, *further) if (settings.root / each).exists()]
    told = [
        version("versioned-serde"),
        sys.version,
        [_stamp(Path(sysconfig.get_path(name))) for name in ("purelib", "platlib")],
        str(Path.cwd()),
        sorted(os.environ.get("PYTHONPATH", "").split(os.pathsep)),
        datetime.now(tz=UTC).date().isoformat(),  # an ignore may expire
        [beside, further, commits(settings.root, refs), folders],
        [str(each) for each in options],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _tree(settings: Settings, files: Iterable[str]) -> str:
    """A digest of all files of the project that decide what is found."""
    paths = [settings.root / file for file in files]
    beside = {path.parent for path in paths} | set(settings.import_path)
    told = [
        _stamp(settings.root / "pyproject.toml"),
        [_stamp(path) for path in paths],
        # A new module may be imported in the place of another one.
        [sorted(path.name for path in folder.glob("*.py")) for folder in sorted(beside)],
        _stamps(settings.lock_folder),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _stamp(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _stamps(path: Path) -> list[object]:
    """The stamps of a file, or of all files of a folder and below."""
    if path.is_file():
        return [str(path), _stamp(path)]
    return [[str(file), _stamp(file)] for file in sorted(path.rglob("*.json"))]
