"""Imports from a project's folders, by its sources.

Python takes what it compiled before for a module's if time, in whole seconds, and size of the source are the same. Two
releases mostly differ in one digit, `writes=1` and `writes=2`, and who looks at one after the other, as with
`git bisect run`, has both within a second. So compiled code that is older than its source is not taken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.abc import PathEntryFinder
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from pathlib import Path

_COMPILED = tuple(BYTECODE_SUFFIXES)


class _Loader(SourceFileLoader):
    def get_data(self, path: str) -> bytes:
        # What is raised here is to Python that there is no compiled code; it then compiles, and writes it anew.
        if path.endswith(_COMPILED) and Path(path).stat().st_mtime_ns < Path(self.path).stat().st_mtime_ns:
            raise FileNotFoundError(path)
        return super().get_data(path)


_Finder = FileFinder.path_hook(
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (_Loader, SOURCE_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)


@contextmanager
def importing_from(folders: Iterable[Path]) -> Iterator[None]:
    """Modules are looked for in these folders first, and those that are there, or below, are what their sources say."""
    wanted = [str(each) for each in folders]
    path, hooks = list(sys.path), list(sys.path_hooks)
    sys.path[:0] = wanted
    sys.path_hooks.insert(0, _hook(wanted))
    _forget(wanted)
    try:
        yield
    finally:
        sys.path[:], sys.path_hooks[:] = path, hooks
        _forget(wanted)


def _hook(folders: list[str]) -> Callable[[str], PathEntryFinder]:
    def hook(entry: str) -> PathEntryFinder:
        if not _is_in(entry, folders):
            raise ImportError(entry)
        return _Finder(entry)

    return hook


def _forget(folders: list[str]) -> None:
    """What was found out about these folders by other finders."""
    for entry in list(sys.path_importer_cache):
        if _is_in(entry, folders):
            del sys.path_importer_cache[entry]


def _is_in(entry: str, folders: list[str]) -> bool:
    return any(entry == each or entry.startswith(each + os.sep) for each in folders)
