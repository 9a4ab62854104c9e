"""The glossary names what exists, and the code keeps to its words."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
PATHS = sorted(set(re.findall(r"`(versioned_serde\.[A-Za-z_.]+)`", GLOSSARY)))
ROWS = [
    re.split(r"(?<!\\)\|", line)[1:-1]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and not line.startswith("| word ")
]
FORBIDDEN = {"util", "utils", "helper", "helpers", "manager", "handler", "processor", "data", "info"}


def resolved(path: str) -> Any:
    """The module, or the attribute of the longest module that the path begins with."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: Any = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise AssertionError(path)


def words(name: str) -> set[str]:
    """`FooBar_baz` -> foo, bar, baz."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


@pytest.mark.parametrize("path", PATHS)
def test_a_name_in_the_glossary_can_be_imported(path: str) -> None:
    resolved(path)


@pytest.mark.parametrize("row", [row for row in ROWS if len(row) == 3], ids=lambda row: row[0].strip())
def test_a_word_of_the_code_says_where_it_is(row: list[str]) -> None:
    assert re.fullmatch(r" `versioned_serde\.[A-Za-z_.]+` ", row[2])


def test_the_glossary_has_words() -> None:
    assert len(PATHS) > 40
    assert len(ROWS) > 60


def named(path: Path) -> set[str]:
    classes = {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)}
    return {path.stem, path.parent.name, *classes}


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_and_no_class_has_a_name_that_says_nothing(path: Path) -> None:
    assert not [name for name in named(path) if words(name) & FORBIDDEN]


def test_such_a_name_would_be_found() -> None:
    for name in ("FileManager", "data_store", "HTTPHandler", "utils"):
        assert words(name) & FORBIDDEN
    assert not words("DataclassKind") & FORBIDDEN
