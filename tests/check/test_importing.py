"""A module of the project is what its source says, whatever Python compiled before."""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path

import pytest

from versioned_serde.check.importing import importing_from

MODULE = "a_service_that_changes"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / MODULE).mkdir()
    (tmp_path / MODULE / "__init__.py").touch()
    yield tmp_path
    forget()


def forget() -> None:
    for name in [name for name in sys.modules if name.startswith(MODULE)]:
        del sys.modules[name]


def says(folder: Path, number: int, at: int) -> Path:
    """Writes the module, at so many milliseconds within one second."""
    file = folder / MODULE / "serde.py"
    file.write_text(f"writes = {number}\n")
    os.utime(file, ns=(at_ns(at), at_ns(at)))
    return file


def at_ns(milliseconds: int) -> int:
    return 1_800_000_000_000_000_000 + milliseconds * 1_000_000


def compiled_at(folder: Path, milliseconds: int) -> Path:
    (file,) = (folder / MODULE / "__pycache__").glob("serde.*.pyc")
    os.utime(file, ns=(at_ns(milliseconds), at_ns(milliseconds)))
    return file


def imported(folder: Path) -> int:
    forget()
    invalidate_caches()
    with importing_from([folder]):
        found: int = import_module(f"{MODULE}.serde").writes
    return found


def test_a_change_within_the_second_is_seen(folder: Path) -> None:
    says(folder, 1, 100)
    assert imported(folder) == 1
    compiled_at(folder, 300)
    says(folder, 2, 500)
    forget()
    sys.path.insert(0, str(folder))
    try:
        assert import_module(f"{MODULE}.serde").writes == 1, "by itself, Python does not see it"
    finally:
        sys.path.remove(str(folder))
    assert imported(folder) == 2
    compiled_at(folder, 700)
    assert imported(folder) == 2


def test_what_is_compiled_after_the_source_is_taken(folder: Path) -> None:
    says(folder, 1, 100)
    assert imported(folder) == 1
    file = compiled_at(folder, 300)
    before = file.read_bytes()
    (folder / MODULE / "serde.py").write_text("writes = 3\n")
    os.utime(folder / MODULE / "serde.py", ns=(at_ns(200), at_ns(200)))
    assert imported(folder) == 1, "it is younger than the source, and has its second and its size"
    assert file.read_bytes() == before


def test_nothing_stays_behind(folder: Path) -> None:
    path, hooks = list(sys.path), list(sys.path_hooks)
    says(folder, 1, 100)
    assert imported(folder) == 1
    assert (sys.path, sys.path_hooks) == (path, hooks)
    assert not [entry for entry in sys.path_importer_cache if entry.startswith(str(folder))]


def test_data_beside_a_module_is_read_however_old_it_is(folder: Path) -> None:
    says(folder, 1, 500)
    (folder / MODULE / "notes.txt").write_text("hello")
    os.utime(folder / MODULE / "notes.txt", ns=(at_ns(100), at_ns(100)))
    assert imported(folder) == 1
    assert pkgutil.get_data(f"{MODULE}.serde", "notes.txt") == b"hello"
