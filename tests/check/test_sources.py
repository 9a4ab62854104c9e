"""What source rules look at."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import Field

from tests.check.comparing import NAME, compared, declared
from versioned_serde.check.release import Release
from versioned_serde.check.sources import Module, Sources, modules_of


@dataclass
class Line:
    sku: Annotated[str, Field(min_length=1)]


@dataclass
class Order:
    lines: list[Line]


@dataclass
class LongLine:
    sku: Annotated[str, Field(min_length=2, max_length=9)]
    more: Annotated[int, Field(ge=0)] = 0


@dataclass
class LongOrder:
    lines: list[LongLine]

    def __post_init__(self) -> None:
        assert self.lines


SOURCES = Sources(comparison=compared(declared(Order), declared(LongOrder)), modules=())


def test_the_models_are_all_that_records_hold() -> None:
    assert SOURCES.models == {LongOrder: NAME, LongLine: NAME}


def test_behaviour_is_compared_where_both_have_it() -> None:
    found = [(each.path, each.gone, each.come[0].partition(" ")[0], len(each.come)) for each in SOURCES.behaviours()]
    assert found == [
        ("lines.sku", ("min_length=1",), "max_length=9", 2),
        ("the top", (), "__post_init__", 1),
    ]


def test_what_a_release_beside_does_already_is_not_new() -> None:
    comparison = SOURCES.comparison
    both = Release.of_declared("v2", list(comparison.declared.values()))
    known = replace(comparison, beside=[both], supported=comparison.beside)
    assert not list(Sources(comparison=known, modules=()).behaviours())
    twice = replace(comparison, beside=[*comparison.beside, *comparison.beside])
    assert len(list(Sources(comparison=twice, modules=()).behaviours())) == 2


def test_modules_are_known_by_their_files(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def")
    (tmp_path / "alone.py").write_text("x = 1")
    here = Path(__file__)
    found = modules_of([tmp_path / "broken.py", tmp_path / "alone.py", here], {here: "tests/here.py"})
    assert [(each.path, bool(each.namespace), each.name) for each in found] == [
        ((tmp_path / "broken.py").as_posix(), False, ""),
        ((tmp_path / "alone.py").as_posix(), False, ""),
        ("tests/here.py", True, __name__),
    ]
    assert [len(each.tree.body) > 0 for each in found] == [False, True, True]
    assert Sources(comparison=SOURCES.comparison, modules=found).packages == {__name__.partition(".")[0]}


def test_places_count_columns_from_one() -> None:
    module = Module("a.py", "\n  \nif x:\n    y", {})
    (node,) = (each for each in ast.walk(module.tree) if isinstance(each, ast.Name) and each.id == "y")
    place = module.at(node)
    assert (place.path, place.line, place.column) == ("a.py", 4, 5)
