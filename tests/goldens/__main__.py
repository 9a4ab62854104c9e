"""Freezes the records of the release that is being made.

    python -m tests.goldens

The release is the version of pyproject.toml, without what follows its three numbers. Records of a release that has a
tag are never written again.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.goldens.frozen import HERE, RECORDS, made, write
from tests.goldens.samples import samples

ROOT = Path(__file__).parents[2]


def current() -> str:
    """The release that is being made."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return ".".join(version.split(".")[:3])


def is_tagged(name: str) -> bool:
    """Whether the release is out."""
    return bool(subprocess.run(["git", "tag", "--list", f"v{name}"], cwd=ROOT, capture_output=True, check=True).stdout)  # noqa: S607


def main() -> int:
    name = current()
    if (HERE / name / RECORDS).exists() and is_tagged(name):
        print(f"Release {name} is out, and its records are frozen. Raise the version in pyproject.toml first.")
        return 1
    records = [record for sample in samples() for record in made(sample)]
    print(f"{len(records)} records of {name} are in {write(name, records).relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
