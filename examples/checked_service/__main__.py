"""A service whose CI refuses the shortcut and lets the two releases pass: `python -m examples.checked_service`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
CHANGES = ("release_1", "shortcut", "release_2", "release_3")
"""The changes that are proposed, in their order; a release is what passes."""


class Service:
    """The service's repository.

    Args:
        folder: where it is made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(HERE / "service", folder)
        self._git("init", "-q", "-b", "main")
        self._git("config", "user.name", "Ada")
        self._git("config", "user.email", "ada@example.org")

    def write(self, change: str) -> None:
        """Puts a change into the working tree, and locks it; `change` is a file in `releases`."""
        shutil.copyfile(HERE / "releases" / f"{change}.py", self.folder / "shop.py")
        self._run("serde-check", "lock")

    def propose(self, change: str, released: str) -> tuple[bool, str]:
        """Puts a change into the working tree, locks it, and runs the service's CI.

        Args:
            change: a file in `releases`.
            released: the tag that runs.

        Returns:
            Whether it passed, and what CI printed.
        """
        self.write(change)
        ran = self._run("bash", "ci.sh", RELEASED=released)
        return ran.returncode == 0, ran.stdout

    def withdraw(self) -> None:
        """Takes a change back that did not pass."""
        self._git("checkout", "-q", ".")
        self._git("clean", "-q", "-f", "-d")

    def release(self, tag: str) -> None:
        """Commits what is in the working tree, and tags it."""
        self._git("add", "-A")
        self._git("commit", "-q", "-m", tag)
        self._git("tag", tag)

    def _run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        # The program stands beside the Python that runs this.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "COLUMNS": "120", **more}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def _git(self, *arguments: str) -> None:
        ran = self._run("git", *arguments)
        if ran.returncode:
            raise RuntimeError(ran.stdout)


def main() -> int:
    """Proposes each change in its turn; 0 if CI refused the shortcut alone."""
    with tempfile.TemporaryDirectory() as place:
        service = Service(Path(place) / "shop")
        first = CHANGES[0]
        service.write(first)
        service.release(first)
        print(f"{first} runs.")
        refused = []
        released = first
        for change in CHANGES[1:]:
            passed, printed = service.propose(change, released)
            print(f"\n--- {change} is proposed, beside {released}: {'passes' if passed else 'refused'}\n{printed}")
            if passed:
                service.release(change)
                released = change
            else:
                service.withdraw()
                refused.append(change)
    return 0 if refused == ["shortcut"] else 1


if __name__ == "__main__":
    sys.exit(main())
