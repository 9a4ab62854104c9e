"""A declaration that was seen, as a place in a file that can be edited."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from versioned_serde.check.fix.declaring import NotEditableError, find
from versioned_serde.check.fix.patch import Patch
from versioned_serde.check.fix.probe import Seen
from versioned_serde.check.fix.source import Source
from versioned_serde.check.settings import Settings
from versioned_serde.settings import SettingsError


@dataclass(frozen=True, slots=True)
class Fix:
    """What `fix` came to.

    Attributes:
        patch: what is to be written.
        notes: what it means, schema by schema, such as how many releases a change takes.
        problems: what only a person can do.
        writable: whether the patch may be written; the reasons why not are among the problems.
    """

    patch: Patch
    notes: Sequence[str]
    problems: Sequence[str]
    writable: bool


def opened(settings: Settings, patch: Patch, seen: Seen) -> tuple[Source, cst.Call]:
    """The file of a declaration, and the call in it.

    Raises:
        NotEditableError: it is not in a file of the project, or not found there.
        SettingsError: the file cannot be read.
    """
    file = Path(seen.file)
    if not file.is_relative_to(settings.root) or "site-packages" in file.parts or not file.is_file():
        raise NotEditableError("its declaration is not in a file of the project")
    try:
        source = Source(patch.text(file))
    except ValueError as error:
        raise NotEditableError(str(error)) from None
    return source, find(source, seen.line, seen.column)


def place(settings: Settings, patch: Patch, seen: Seen) -> str:
    """Where a declaration stands, as people name it: file and line."""
    line = seen.line
    try:
        source, call = opened(settings, patch, seen)
        line = source.line(call)
    except (NotEditableError, SettingsError):
        pass  # then the call's last line has to do
    return f"{Path(os.path.relpath(seen.file, settings.root)).as_posix()}:{line}"
