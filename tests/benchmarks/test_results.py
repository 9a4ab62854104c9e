"""What the command writes: the files of results, and the tables of the docs page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import page, results
from benchmarks.measuring import Measured
from benchmarks.records.contents import SIZES
from benchmarks.results import Summary
from benchmarks.row import Comparison, Row, Side, all_rows


def nothing(record: str) -> Comparison:
    return Comparison(Side("pass"), Side("pass"))


GOAL = Row("A", "ours / theirs", nothing, {"S": 0.4, "M": 0.4, "L": 0.4})
OTHER = Row("other", "something / else", nothing)
REAL = Row("real", "real / records", nothing, records=("demo",))
MEASURED = [Measured(0.5, 10.0, 20.0), Measured(0.25, 5.0, 20.0), Measured(0.3, 6.0, 19.0)]
SUMMARY = Summary.of(MEASURED)
FOUND = {
    "A": (GOAL, {"S": SUMMARY, "M": Summary(0.45, 0.41, 0.46, 1500.0, 3_000_000.0)}),
    "other": (OTHER, {"S": SUMMARY}),
    "real": (REAL, {"demo": SUMMARY}),
}


def check_goals(content: dict[str, Any]) -> None:
    """That it has the form that programs rely on."""
    assert list(content) == ["machine", "versions", "date", "goals"]
    assert isinstance(content["machine"], str)
    assert {"CPython", "versioned-serde", "pydantic", "ormsgpack"} <= content["versions"].keys()
    assert all(isinstance(version, str) for version in content["versions"].values())
    assert len(content["date"].split("-")) == 3
    for cells in content["goals"].values():
        for cell in cells.values():
            assert list(cell) == ["ratio", "goal", "min", "max"]
            assert 0 < cell["min"] <= cell["ratio"] <= cell["max"]


def test_a_summary_is_the_median_of_the_processes() -> None:
    assert Summary(0.3, 0.25, 0.5, 6.0, 20.0) == SUMMARY


def test_goals_have_their_form() -> None:
    content = {**results.circumstances(), "goals": results.goals(FOUND)}
    check_goals(content)
    assert content["goals"] == {
        "A": {
            "S": {"ratio": 0.3, "goal": 0.4, "min": 0.25, "max": 0.5},
            "M": {"ratio": 0.45, "goal": 0.4, "min": 0.41, "max": 0.46},
        }
    }


def test_the_stored_goals_are_complete() -> None:
    content = json.loads((results.FOLDER / "goals.json").read_text())
    check_goals(content)
    expected = {row.key: list(SIZES) for _, row in all_rows() if row.goals}
    assert {key: list(cells) for key, cells in content["goals"].items()} == expected


def test_all_times_are_stored() -> None:
    found = results.times(FOUND)
    assert found["real"] == {
        "title": "real / records",
        "records": {"demo": {"ratio": 0.3, "min": 0.25, "max": 0.5, "ours_ns": 6.0, "theirs_ns": 20.0}},
    }


def test_a_file_is_replaced_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "goals.json"
    results.write_json(path, {"old": "µs"})
    assert json.loads(path.read_text()) == {"old": "µs"}
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("killed here"))
    with pytest.raises(pytest.fail.Exception):
        results.write_json(path, {"new": 1})
    assert json.loads(path.read_text()) == {"old": "µs"}


def test_the_tables_say_all() -> None:
    circumstances = {"machine": "a machine", "versions": {"CPython": "3.11.9"}, "date": "2026-01-31"}
    text = page.tables(circumstances, FOUND, 4.25, 3)
    for said in ("2026-01-31", "a machine", "CPython 3.11.9", "3 processes", "4.2 ms"):
        assert said in text
    lines = text.splitlines()
    assert (
        "| A | ours / theirs | **0.3** met, goal 0.4<br>0.25 to 0.5<br>6 ns / 20 ns"
        " | **0.45** missed, goal 0.4<br>0.41 to 0.46<br>1.5 µs / 3 ms |  |"
    ) in lines
    assert "| something / else | **0.3**<br>0.25 to 0.5<br>6 ns / 20 ns |  |  |" in lines
    assert "| demo | real / records | **0.3**<br>0.25 to 0.5<br>6 ns / 20 ns |" in lines


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [(70.61, "70.6 ns"), (999.4, "999 ns"), (999.6, "1 µs"), (15_337, "15.3 µs"), (6.3e6, "6.3 ms"), (2e9, "2 s")],
)
def test_a_duration_has_a_unit_that_suits(nanoseconds: float, text: str) -> None:
    assert page.duration(nanoseconds) == text


BEGIN, END = page.BEGIN.format("figures"), page.END.format("figures")


def test_only_what_is_between_the_markers_is_written(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(f"before\n{BEGIN}old\n{END}after\n")
    page.renew(path, "figures", "new")
    page.renew(path, "figures", "newer")
    assert path.read_text() == f"before\n{BEGIN}\nnewer\n{END}after\n"


@pytest.mark.parametrize("text", ["", BEGIN, END, END + BEGIN, 2 * (BEGIN + END)])
def test_a_page_without_its_markers_is_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "page.md"
    path.write_text(text)
    with pytest.raises(ValueError, match="once each"):
        page.renew(path, "figures", "new")
    assert path.read_text() == text


def test_the_page_of_the_docs_has_tables() -> None:
    text = page.PAGE.read_text()
    assert text.index(BEGIN) < text.index("### The goals") < text.index(END)
    date = json.loads((results.FOLDER / "goals.json").read_text())["date"]
    assert f"Measured on {date}, on " in text
