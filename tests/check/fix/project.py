"""A small project on the disk, as the tests of `fix` change it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from versioned_serde.check.baseline import baseline
from versioned_serde.check.fix import probe
from versioned_serde.check.fix.choices import Ask
from versioned_serde.check.fix.editing import Fix
from versioned_serde.check.fix.fixing import fix
from versioned_serde.check.release import Release
from versioned_serde.check.settings import Settings

MODULE = "shop/serde.py"


@dataclass(frozen=True)
class Project:
    """A project with one module.

    Attributes:
        root: its folder.
    """

    root: Path

    @classmethod
    def made(cls, root: Path, text: str) -> Project:
        """A project whose lock is fresh."""
        (root / "shop").mkdir()
        (root / "shop" / "__init__.py").touch()
        (root / "pyproject.toml").write_text('[tool.serde-check]\nregistries = ["shop.serde:registry"]\n')
        project = cls(root)
        project.write(text)
        project.fixed().patch.apply()
        return project

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return Settings.load(self.root)

    @property
    def text(self) -> str:
        """Its module."""
        return (self.root / MODULE).read_bytes().decode()

    def write(self, text: str) -> None:
        """Gives the module another text."""
        (self.root / MODULE).write_bytes(text.encode())

    def change(self, *pairs: tuple[str, str]) -> str:
        """Replaces parts of the module; gives the text before `fix`."""
        text = self.text
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        self.write(text)
        return text

    def releases(self) -> list[Release]:
        """The release that the lock is of."""
        settings = self.settings
        return [baseline(settings.lock, settings)] if settings.lock_folder.is_dir() else []

    def fixed(self, ask: Ask | None = None, *, names: tuple[str, ...] = ()) -> Fix:
        """What `fix` would do."""
        return fix(self.settings, self.releases(), names, ask)

    def apply(self, ask: Ask | None = None) -> Fix:
        """What `fix` did."""
        made = self.fixed(ask)
        if made.writable:
            made.patch.apply()
        return made

    def changes(self, made: Fix) -> list[str]:
        """The lines of the module that go and come, as in a diff without its context."""
        text = made.patch.diff(self.root).partition(f"+++ b/{MODULE}\n")[2].partition("\n--- ")[0]
        return [line for line in text.splitlines() if line[:1] in ("+", "-")]

    def run(self, code: str) -> str:
        """What a program prints that imports the module."""
        ran = subprocess.run([sys.executable, "-c", code], cwd=self.root, capture_output=True, text=True, check=True)
        return ran.stdout


def inside(folder: Path, asked: str) -> str:
    """Runs the probe as `looking.started` does, in this process, which has imported the library already."""
    before = list(sys.meta_path), sys.dont_write_bytecode
    importlib.invalidate_caches()
    try:
        with patch.dict(sys.modules), chdir(folder):
            probe.main(asked)
    finally:
        sys.meta_path[:], sys.dont_write_bytecode = before
    return ""


class Safe:
    """Takes every safe answer."""

    def choose(self, question: str, options: list[str]) -> int:
        return 0

    def say(self, question: str, safe: str) -> str:
        return safe
