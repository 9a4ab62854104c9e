"""The project as a process of its own sees it, which imports it with the texts that it is to have."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from versioned_serde.check.fix.probe import Seen
from versioned_serde.check.settings import Settings
from versioned_serde.lock.suggestion import Added, ObjectChange
from versioned_serde.settings import SettingsError

_PROBE = "versioned_serde.check.fix.probe"
_SECONDS = 300
"""How long importing the project may take: one that waits for something must not hang the command."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen.

    Attributes:
        seen: each declaration, in the order in which they were made.
        error: why the project could not be imported; empty if it could.
        differences: between declaration and lock, those that writing the lock does not put right.
        lock: file -> text, of what writing the lock changes.
    """

    seen: Sequence[Seen]
    error: str
    differences: Sequence[str]
    lock: Mapping[str, str]


def look(
    settings: Settings,
    texts: Mapping[Path, str],
    locks: Mapping[str, Mapping[int, Mapping[str, str]]],
    drafts: Mapping[str, int],
) -> Sight:
    """Imports the project.

    Args:
        settings: the project's.
        texts: file -> the text that it is taken to have.
        locks: schema -> version -> shape in lines: those that a release has.
        drafts: schema -> lowest version that no release has.

    Raises:
        SettingsError: the process died, or took too long.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        asked = {
            "root": str(settings.root),
            "texts": {str(file): text for file, text in texts.items()},
            "locks": locks,
            "drafts": drafts,
            "answer": str(answer),
        }
        try:
            ended = started(settings.root, json.dumps(asked))
        except subprocess.TimeoutExpired:
            raise SettingsError(f"Importing the project took more than {_SECONDS} s.") from None
        if not answer.exists():
            raise SettingsError(f"Importing the project ended the process that did it: {ended or 0}.")
        content = json.loads(answer.read_text(encoding="utf-8"))
    return Sight(list(map(_seen, content["seen"])), content["error"], content["differences"], content["lock"])


def started(folder: Path, asked: str) -> str:
    """Runs the probe in a process of its own; how it ended, if that was not well."""
    ran = subprocess.run(  # noqa: S603  this interpreter, with a module of this library
        [sys.executable, "-P", "-m", _PROBE],
        cwd=folder,
        input=asked,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=_SECONDS,
        check=False,
    )
    return ran.stderr.strip().rpartition("\n")[2] or str(ran.returncode) if ran.returncode else ""


def _seen(content: dict[str, Any]) -> Seen:
    change = [
        ObjectChange(
            each["path"],
            each["cls"],
            {name: Added(**added) for name, added in each["added"].items()},
            each["removed"],
            {name: (was, now) for name, (was, now) in each["changed"].items()},
        )
        for each in content["change"]
    ]
    readers = {int(number): reader for number, reader in content["min_readers"].items()}
    return Seen(**{**content, "change": change, "min_readers": readers})
