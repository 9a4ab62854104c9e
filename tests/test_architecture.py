"""The map of the code is the code's."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
PACKAGE = ROOT / "src" / "versioned_serde"
NOT_MAPPED = {"__init__.py"}
"""Of folders: they say in a line what the folder holds, and nothing else."""


def in_the_tree() -> set[str]:
    """The modules in the page's tree, by their indentation."""
    _, text, *_ = re.split(r"```(?:text)?\n", PAGE)
    first, *lines = text.splitlines()
    assert first == "src/versioned_serde/"
    folders: list[str] = []
    found: set[str] = set()
    for line in lines:
        indentation, name = re.match(r"( *)(\S+)", line).groups()  # type: ignore[union-attr]
        depth = len(indentation) // 2 - 1
        folders = folders[:depth]
        if name.endswith("/"):
            folders.append(name)
        else:
            found.add("".join((*folders, name)))
    return found


def modules() -> set[str]:
    paths = (path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py*") if path.suffix in {".py", ".pyx"})
    mapped = {path for path in paths if path == "__init__.py" or path.rpartition("/")[2] not in NOT_MAPPED}
    # Rules are found by their folders, and have a page of their own.
    return {path for path in mapped if not path.startswith("check/rules/") or path == "check/rules/rule.py"}


def test_the_tree_names_every_module_and_no_other() -> None:
    assert in_the_tree() == modules()


def test_every_path_on_the_page_exists() -> None:
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)*(?:/|\.py|\.toml))`", PAGE)
    assert len(named) > 20
    assert [path for path in named if not (PACKAGE / path).exists() and not (ROOT / path).exists()] == []


def test_the_floors_are_those_that_are_enforced() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    floors = [set(re.findall(r"[a-z_]+", layer)) for layer in layers]
    exist = [there for floor in floors if (there := {name for name in floor if list(PACKAGE.glob(f"{name}*"))})]
    _, _, section = PAGE.partition("## The floors")
    rows = re.findall(r"^\| (`.*?) \|", section.partition("\n## ")[0], flags=re.MULTILINE)
    assert [set(re.findall(r"`([a-z_]+)`", row)) for row in rows] == exist
