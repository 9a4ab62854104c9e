"""Counts are exact, also where many threads count at once."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pydantic
import pytest

import versioned_serde
from versioned_serde import Schema, Version, add, native
from versioned_serde.serializer import counters
from versioned_serde.serializer.counters import Cell, ThreadsCell, new_cell

THREADS = 6


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(work: Callable[[], None]) -> None:
    barrier = Barrier(THREADS)

    def run() -> None:
        barrier.wait()
        work()

    threads = [Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Note(pydantic.BaseModel):
    text: str


class Later(Note):
    pages: int = 1


class Newest(Later):
    mark: str = ""


ONE = Version(1, codec="json", framing="envelope")
old = Schema("a.note", Note, ONE)
bare = Schema("a.note", Note, Version(1, codec="json", framing="bare"))
new = Schema("a.note", Newest, ONE, Version(2, add("pages")), Version(3, add("mark")), writes=3)


def counted(schema: Schema[Any]) -> dict[str, int]:
    return {f"{count.version} {count.outcome}": count.value for count in schema.counts() if count.value}


@pytest.mark.usefixtures("hasty")
def test_every_outcome_is_counted_among_threads() -> None:
    """Each line of the pipelines that counts, with a switch between threads wherever one can be."""
    calls = 800
    first, newest = old.dumps(Note(text="a")), new.dumps(Newest(text="a", pages=3, mark="b" * 50))
    schemas: tuple[Schema[Any], ...] = (old, new, bare)
    before = [counted(schema) for schema in schemas]

    def work() -> None:
        for _ in range(calls):
            old.dumps(Note(text="a"))
            old.dumps(Note.model_construct(text="a"))
            new.loads(first)
            document = old.read(newest)
            document.set(Note(text="c"))
            old.write(document)
            old.loads(newest)
            bare.write(bare.read(b'{"text":"a","more":1}'))
            with pytest.raises(versioned_serde.ReadError):
                old.loads(b"?")

    at_once(work)
    grown = [
        {name: value - was.get(name, 0) for name, value in counted(schema).items() if value != was.get(name, 0)}
        for schema, was in zip(schemas, before, strict=True)
    ]
    total = calls * THREADS
    assert grown[0] == {
        "1 written": 2 * total,
        "newer read": 2 * total,
        "newer written": total,
        "newer unknown_kept": total,
        "newer unknown_dropped": total,
        "none refused": total,
    }
    assert grown[1] == {"1 read": total, "1 converted": total}
    assert grown[2] == {"1 read": total, "1 written": total, "1 unknown_kept": total}


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("kind", [Cell, new_cell, ThreadsCell])
def test_a_cell_among_threads(kind: Callable[[], Any]) -> None:
    cell = kind()

    def work() -> None:
        for _ in range(5_000):
            cell.value += 1

    for rounds in (1, 2):
        at_once(work)
        assert cell.total() == rounds * THREADS * 5_000


def _grows(node: ast.AugAssign) -> bool:
    return isinstance(node.target, ast.Attribute) and node.target.attr == "value"


def test_nothing_is_called_between_reading_a_cell_and_writing_it() -> None:
    """The interpreter could hand the GIL over there, and what another thread counted meanwhile would be lost."""
    grows = [
        (path.name, node)
        for path in Path(versioned_serde.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.AugAssign) and _grows(node)
    ]
    assert len(grows) > 8
    assert [f"{name}:{node.lineno}" for name, node in grows if not isinstance(node.value, ast.Constant)] == []


def test_cells_of_threads_that_ended_are_added_up() -> None:
    cell = ThreadsCell()

    def work() -> None:
        cell.value += 1

    for total in range(1, 9):
        thread = Thread(target=work)
        thread.start()
        thread.join()
        gc.collect()
        assert cell.total() == total
        assert len(cell._numbers) <= 2


def test_which_cell_an_interpreter_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[object, type] = {}
    for gil in (True, False):
        monkeypatch.setattr(sys, "_is_gil_enabled", lambda gil=gil: gil, raising=False)
        made[gil] = type(new_cell())
    monkeypatch.delattr(sys, "_is_gil_enabled")
    made["before 3.13"] = type(new_cell())
    usual = type(native.new_cell() or Cell())
    assert made == {True: usual, False: ThreadsCell, "before 3.13": usual}


def test_a_schema_counts_in_the_cells_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "new_cell", ThreadsCell)
    monkeypatch.setattr("versioned_serde.native._compiler", None)
    monkeypatch.setattr("versioned_serde.native._wrapper", None)
    schema = Schema("a.note", Note, ONE)

    def work() -> None:
        for _ in range(10):
            schema.loads(schema.dumps(Note(text="a")))

    at_once(work)
    assert counted(schema) == {"1 written": 10 * THREADS, "1 read": 10 * THREADS}
