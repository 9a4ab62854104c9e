"""The reference leaves no public name out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import versioned_serde
from versioned_serde import errors

DOCS = Path(__file__).parents[1] / "docs"
API = (DOCS / "reference" / "api.md").read_text()
ERRORS = (DOCS / "reference" / "errors.md").read_text()
ERROR_CLASSES = {
    name: found
    for name, found in vars(errors).items()
    if isinstance(found, type) and found.__module__ == errors.__name__
}


@pytest.mark.parametrize("name", sorted(set(versioned_serde.__all__) - ERROR_CLASSES.keys()))
def test_a_public_name_is_in_the_reference(name: str) -> None:
    assert re.search(rf"^::: versioned_serde\.[a-z_.]+\.{name}$", API, flags=re.MULTILINE)


def test_the_tree_of_errors_is_that_of_the_classes() -> None:
    tree = ERRORS.split("```")[1].removeprefix("text\n")
    above: list[str] = []
    drawn: set[tuple[str, str]] = set()
    for line in filter(None, tree.splitlines()):
        found = re.match(r"([ │├└─]*)(\w+)", line)
        assert found is not None
        depth = len(found[1]) // 4
        above = [*above[:depth], found[2]]
        drawn.add((above[-2] if depth else "", found[2]))
    bases = {
        (base.__name__ if base.__name__ in ERROR_CLASSES else "", name)
        for name, found in ERROR_CLASSES.items()
        for base in found.__bases__
    }
    assert drawn == bases


@pytest.mark.parametrize("name", sorted(name for name in ERROR_CLASSES if name.endswith("Error")))
def test_an_error_can_be_imported_from_the_package(name: str) -> None:
    assert name in versioned_serde.__all__
