"""The benches of the programs write what they found, and a table of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import backfilling, checking, page, programs, results

CHECKING: dict[str, Any] = {
    "goals": {"cold": 1.0, "unchanged": 0.15},
    "models": 1000,
    "kinds": {"pydantic": {"serde-check": 1.5, "the models": 0.75, "unchanged": 0.2}},
}
SETS: dict[str, Any] = {
    "messages": 40_000,
    "goals": {"seconds": 3, "megabytes": 1000},
    "changes": {
        "nothing": {
            "serde-check": {"seconds": 0.4321, "megabytes": 158.2},
            "buf": {"seconds": 28.59, "megabytes": 8218.0},
        }
    },
}
BACKFILLING: dict[str, Any] = {
    "goals": {"of_the_loop": 0.7, "of_traffic": 1.2},
    "stores": {"SQLite": {"ratio": 0.69, "ours": 3602.0, "bare": 5220.0}},
    "live": {"ratio": 1.2, "alone_ms": 1.0, "beside_ms": 1.2, "rate": 400.0},
    "rows": {
        "records": 1e6,
        "seconds": 200.0,
        **{f"{who}_{when}_mb": 61.0 for who in ("supervisor", "worker") for when in ("early", "late")},
    },
}
LINES = {
    "checking": [
        (
            "| `serde-check` | a service with 1,000 pydantic models of ten attributes, after the import of its models"
            " | **0.75 s** | met, at most 1 s |"
        ),
        (
            "| `serde-check` | a service with 1,000 pydantic models of ten attributes, nothing changed"
            " | **0.2 s** | missed, at most 0.15 s |"
        ),
    ],
    "descriptor_sets": [
        (
            "| `serde-check compare` | two descriptor sets of 40,000 messages; nothing; buf: 28.6 s, 8,218 MB"
            " | **0.432 s** | met, at most 3 s |"
        ),
        "|  | its memory | **158 MB** | met, at most 1000 MB |",
    ],
    "backfilling": [
        "| `serde-backfill` | SQLite: 3,602 objects a second, a bare loop 5,220 | **0.69** | missed, at least 0.7 |",
        (
            "| `serde-backfill` | p95 of live traffic: 1.00 ms alone, 1.20 ms beside 400 records a second"
            " | **1.2** | met, at most 1.2 |"
        ),
        (
            "| `serde-backfill` | 1,000,000 rows, 5,000 a second"
            " | supervisor 61 MB early and 61 MB late, worker 61 MB early and 61 MB late | memory flat |"
        ),
    ],
}
MARKERS = page.BEGIN.format("programs") + page.END.format("programs")


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are written: not where those of the repository are."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    (tmp_path / "page.md").write_text(MARKERS)
    return tmp_path


def test_each_bench_adds_its_lines_and_leaves_those_of_the_others(places: Path) -> None:
    kept: list[str] = []
    for name, found in (("checking", CHECKING), ("descriptor_sets", SETS), ("backfilling", BACKFILLING)):
        told = programs.keep(name, found)
        assert told == f"{places / name}.json and {places / 'page.md'}"
        assert json.loads((places / f"{name}.json").read_text())["date"]
        kept += LINES[name]
        text = (places / "page.md").read_text()
        assert [line for line in text.splitlines() if line.startswith(("| `", "|  "))] == kept


def test_a_small_run_of_the_backfill_tells_all_three_and_writes_nothing(
    places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backfilling.main(["--records", "40", "--rounds", "1", "--rows", "300", "--rate", "100", "--seconds", "0.2"])
    text = capsys.readouterr().out
    for store in ("SQLite", "SQLite, every write durable", "directory", "directory, every write durable"):
        assert f"{store}: " in text
    assert "live traffic, p95: " in text
    assert "300 rows: supervisor " in text
    assert text.endswith("Nothing was written: only a full run does that.\n")
    assert (places / "page.md").read_text() == MARKERS


def test_a_full_run_of_checking_is_kept(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "measured", lambda *_: CHECKING["kinds"]["pydantic"])
    monkeypatch.setattr(checking, "write_service", lambda *_: None)
    checking.main([])
    assert json.loads((places / "checking.json").read_text())["kinds"].keys() == {"pydantic", "dataclass"}
    assert "| **0.75 s** | met, at most 1 s |" in (places / "page.md").read_text()
