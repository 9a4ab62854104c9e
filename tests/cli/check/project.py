"""A service in a folder of its own, under version control, for the tests of the program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_SETTINGS = """\
[tool.serde-check]
registries = ["{module}:registry"]
"""
MODEL = """\
@dataclass
class Order:
    {attributes}
"""
_SOURCE = """\
from dataclasses import dataclass

from versioned_serde import Parameter, Registry, Schema, Version, add, rename


{model}

orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    {lines}
    writes={writes},
)
heartbeat = Parameter("shop.heartbeat", {{1: 5.0}}, kind="at_most", writes=1)
registry = Registry(orders, heartbeat)
"""
RENAMED = 'Version(2, rename("customer", "buyer")),'


@dataclass(frozen=True)
class Ran:
    """What a run of the program came to."""

    code: int
    out: str
    err: str


class Project:
    """The folder of a service."""

    def __init__(self, root: Path, module: str = "service") -> None:
        self.root = root
        self.module = module
        root.mkdir(parents=True, exist_ok=True)
        (root / "pyproject.toml").write_text(_SETTINGS.format(module=module))
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.org")

    def says(self, *, first: str = "customer", lines: str = "", writes: int = 1) -> None:
        """Writes the service's module: an order of a first attribute and a total."""
        attributes = f"{first}: str\n    total: int"
        source = _SOURCE.format(model=MODEL.format(attributes=attributes), lines=lines, writes=writes)
        self.source.write_text(source.replace("    \n", ""))

    @property
    def source(self) -> Path:
        """The module."""
        return self.root / f"{self.module}.py"

    def release(self, tag: str) -> None:
        """Locks, commits and tags."""
        assert self.run("lock").code == 0
        self.git("add", "-A")
        self.git("commit", "-q", "-m", tag)
        self.git("tag", tag)

    def git(self, *arguments: str) -> None:
        git = shutil.which("git")
        assert git is not None
        subprocess.run([git, *arguments], cwd=self.root, check=True, capture_output=True)

    def run(self, *arguments: str) -> Ran:
        """Runs the program in the folder, as a user does."""
        command = [sys.executable, "-m", "versioned_serde.cli.check.command", *arguments]
        ran = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False, timeout=120)
        assert "Traceback" not in ran.stderr, ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr)
