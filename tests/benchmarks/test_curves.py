"""Each curve can be measured, and its picture depends on its points alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import curves, results
from benchmarks.curves import CURVES, Curve
from benchmarks.drawing import picture

STORED: list[dict[str, Any]] = json.loads(curves.FILE.read_text())["curves"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "ROUNDS", 1)
    monkeypatch.setattr(curves, "SECONDS", 1e-6)


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_a_point_can_be_measured(curve: Curve) -> None:
    found = curve.measure(sorted(curve.points)[1])
    assert found
    assert all(figure > 0 for figure in found.values())


def test_what_grows_is_what_the_issue_asks_for() -> None:
    assert {curve.name: (min(curve.points), max(curve.points)) for curve in CURVES} == {
        "attributes": (5, 500),
        "nesting": (1, 40),
        "versions": (1, 50),
        "registry": (1, 10_000),
        "threads": (1, 8),
    }


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: str(stored["name"]))
def test_the_same_points_give_the_same_picture(stored: dict[str, Any]) -> None:
    drawn = picture(**stored)
    assert drawn == picture(**stored)
    assert drawn.startswith("<?xml")
    assert not re.search(r"\d{4}-\d\d-\d\dT", drawn)
    for line in stored["lines"]:
        assert line in drawn


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: str(stored["name"]))
def test_the_pictures_of_the_docs_are_of_the_stored_points(stored: dict[str, Any]) -> None:
    assert set(re.findall(r"curve-\w+\.svg", PAGE)) == {f"curve-{each['name']}.svg" for each in STORED}
    stored_picture = (curves.PICTURES / f"curve-{stored['name']}.svg").read_text()
    for label in (stored["title"], stored["x"], *stored["lines"]):
        assert label in stored_picture


PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "performance.md").read_text()


def test_the_command_measures_stores_and_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Curve("small", "a title", "things", "µs", (20, 10), lambda point: {"line": float(point)}, logarithmic="x")
    monkeypatch.setattr(curves, "CURVES", (small,))
    monkeypatch.setattr(curves, "FILE", tmp_path / "curves.json")
    monkeypatch.setattr(curves, "PICTURES", tmp_path)
    curves.main([])
    stored = json.loads((tmp_path / "curves.json").read_text())
    assert stored["curves"][0]["points"] == [10, 20]
    assert stored["curves"][0]["lines"] == {"line": [10.0, 20.0]}
    assert stored["machine"] == results.circumstances()["machine"]
    drawn = (tmp_path / "curve-small.svg").read_text()
    (tmp_path / "curve-small.svg").unlink()
    curves.main(["--draw"])
    assert (tmp_path / "curve-small.svg").read_text() == drawn
