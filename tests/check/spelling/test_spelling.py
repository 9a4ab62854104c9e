"""Refactors that change nothing on the wire: the lock stays the same, byte by byte, and nothing is found."""

from __future__ import annotations

import itertools
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.check.spelling import other_models, pydantic_models
from versioned_serde import KeylessListWarning, Schema, Version, add, check_lock, write_lock
from versioned_serde.check.checking import findings
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.release import Release

CASES = [
    pytest.param(cases.PRELUDE, *case, id=name)
    for cases in (pydantic_models, other_models)
    for name, case in cases.CASES.items()
]
CHANGES = {
    "no longer optional": ("note: str | None = None", "note: str | None"),
    "another default": ("amount: int = 1", "amount: int = 2"),
    "another type": ("id: int", "id: str"),
    "a member more": ("color: Literal['red']", "color: Literal['red', 'blue']"),
    "an open enum": ("color: Literal['red']", "color: Literal['red'] | str"),
    "another wire name": ("id: int = Field(alias='number')", "id: int = Field(alias='id')"),
    "null": ("ids: list[int]", "ids: list[int | None]"),
    # Absence of the first means an empty list; the second is computed when an instance is made, and always written.
    "a default factory instead of a default": ("ids: list[int] = []", "ids: list[int] = Field(default_factory=list)"),
}
_NUMBERS = itertools.count()


@pytest.fixture
def modules() -> Iterator[Any]:
    """Gives the `Model` of a module's text; each module has a name of its own."""
    names = []

    def model(prelude: str, text: str) -> Any:
        name = f"made_up_models_{next(_NUMBERS)}"
        names.append(name)
        module = sys.modules[name] = ModuleType(name)
        future = "from __future__ import annotations\n"
        opening = future if text.startswith(future) else ""
        exec(compile(f"{opening}{prelude}\n{text.removeprefix(future)}", name, "exec"), module.__dict__)  # noqa: S102
        return module.Model

    yield model
    for name in names:
        del sys.modules[name]


def schema(model: Any) -> Schema[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", KeylessListWarning)
        return Schema("shop.order", model, Version(1, codec="json", framing="envelope"))


def found(was: Schema[Any], now: Schema[Any], folder: Path) -> list[object]:
    """Writes the lock of one; what is then said of the other."""
    (file,) = write_lock([was], folder)
    beside = Release.of_texts("before", {file.name: file.read_text()})
    release = Release.of_declared("now", [now], folder)
    comparison = Comparison(now=release, beside=[beside], declared={now.name: now})
    return [*check_lock([now], folder), *findings(comparison)]


def test_there_are_enough() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(("prelude", "was", "now"), CASES)
def test_another_spelling_is_no_change(modules: Any, tmp_path: Path, prelude: str, was: str, now: str) -> None:
    before, after = schema(modules(prelude, was)), schema(modules(prelude, now))
    assert found(before, after, tmp_path / "lock") == []
    write_lock([after], tmp_path / "anew")
    assert (tmp_path / "anew" / "shop.order.json").read_bytes() == (tmp_path / "lock" / "shop.order.json").read_bytes()


@pytest.mark.parametrize(("was", "now"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found(modules: Any, tmp_path: Path, was: str, now: str) -> None:
    before, after = (
        schema(modules(pydantic_models.PRELUDE, f"class Model(BaseModel):\n    {each}")) for each in (was, now)
    )
    assert found(before, after, tmp_path)


def test_the_steps_of_a_moved_class_stay_as_they_were(modules: Any, tmp_path: Path) -> None:
    """A version is locked; then its model moves to another module under another name."""
    text = "class {0}(BaseModel):\n    id: int\n    note: str | None = None\nModel = {0}"
    before, after = (
        Schema(
            "shop.order",
            modules(pydantic_models.PRELUDE, text.format(name)),
            Version(1, codec="json", framing="envelope"),
            Version(2, add("note")),
            writes=2,
        )
        for name in ("Order", "Purchase")
    )
    assert found(before, after, tmp_path) == []
