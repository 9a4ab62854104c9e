"""The code of an earlier release, run on the records of this one."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tags() -> list[str]:
    """The tags of releases, oldest first; none outside of a clone, or in one without tags."""
    told = subprocess.run(
        ["git", "tag", "--list", "v*.*.*", "--sort=v:refname"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.split()


def tree_of(tag: str, folder: Path) -> Path:
    """The files of a release, put into a folder."""
    archive = subprocess.run(["git", "archive", tag], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


def read_with(tree: Path, records: Path) -> tuple[bool, str]:
    """Whether the code of a tree reads the records as it should, and what it says."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tree / "src"), str(tree)))}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.goldens.reading", str(records)],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode == 0, ended.stdout + ended.stderr
