"""An unchanged tree is not checked again; a changed one is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.check.project import RENAMED, Project

CLEAN = "Nothing found, held against v1.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A service that was checked, and found clean."""
    project = Project(tmp_path / "shop")
    project.says()
    project.release("v1")
    assert project.run("--against", "v1").out == CLEAN
    return project


def broken_behind_its_back(project: Project) -> None:
    """The same size and time, and no Python: who imports it again notices."""
    before = project.source.stat()
    project.source.write_text("(" * before.st_size)
    os.utime(project.source, ns=(before.st_atime_ns, before.st_mtime_ns))
    shutil.rmtree(project.source.parent / "__pycache__", ignore_errors=True)  # to Python it is the same module


def test_an_unchanged_tree_is_not_imported_again(project: Project) -> None:
    broken_behind_its_back(project)
    ran = project.run("--against", "v1")
    assert (ran.code, ran.out) == (0, CLEAN)
    assert project.run("--against", "v1", "--no-cache").code == 2
    assert project.run("--against", "v1", "--format", "json").code == 2  # that was never said


def test_what_is_noted_stays_out_of_version_control(project: Project) -> None:
    assert (project.root / ".serde-check-cache/.gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda project: project.says(first="buyer", lines=RENAMED, writes=2),
        lambda project: (project.root / "serde-lock/shop.order.json").write_text("{}"),
        lambda project: (project.root / "serde-lock/shop.order.json").unlink(),
        lambda project: (project.root / "pyproject.toml").write_text(
            (project.root / "pyproject.toml").read_text() + "severity.nothing = 'error'\n"
        ),
    ],
    ids=["the code", "the lock", "a file less in the lock", "the settings"],
)
def test_a_change_is_seen(project: Project, change: Callable[[Project], None]) -> None:
    change(project)
    assert project.run("--against", "v1").code != 0


@pytest.mark.parametrize("where", ["a tag that moved", "a new module beside"])
def test_what_may_matter_is_looked_at_again(project: Project, where: str) -> None:
    broken_behind_its_back(project)
    if where == "a tag that moved":
        project.git("commit", "-q", "--allow-empty", "-m", "later")
        project.git("tag", "-f", "v1")
    else:
        (project.root / "shadow.py").write_text("")
    assert project.run("--against", "v1").code == 2


def test_findings_are_never_recalled(project: Project) -> None:
    project.says(first="buyer", lines=RENAMED, writes=2)
    for _ in range(2):
        assert project.run("--against", "v1").code == 1


def test_a_damaged_note_is_none(project: Project) -> None:
    (project.root / ".serde-check-cache/clean.json").write_text("[1")
    assert project.run("--against", "v1").out == CLEAN
