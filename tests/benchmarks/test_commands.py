"""The commands: help, a tiny run, what is written, and instruction counts with a stand-in for valgrind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import counts, curves, descriptor_sets, page, results
from benchmarks.measuring import Effort
from benchmarks.row import Comparison, Row, Side, all_rows
from tests.benchmarks.test_results import check_goals

TINY = Effort(processes=2, rounds=1, seconds=1e-6)


@pytest.mark.parametrize(
    "main", [command.main, counts.main, curves.main, descriptor_sets.main], ids=lambda main: main.__module__
)
def test_help(main: Callable[[list[str]], None], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert "python -m benchmarks" in capsys.readouterr().out


def test_help_shows_examples_and_rows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    text = capsys.readouterr().out
    assert "python -m benchmarks --quick" in text
    for _, row in all_rows():
        assert row.title in text


def test_a_partial_run_prints_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "FULL", TINY)
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(curves, "main", lambda arguments: pytest.fail("drew the curves"))
    command.main(["--goal", "D", "--goal", "F", "--record", "S"])
    text, progress = capsys.readouterr()
    assert progress.splitlines() == ["process 1 of 2", "process 2 of 2"]
    assert text.count("  S  ") == 2
    assert "goal 0.55" in text
    assert "Nothing was written" in text
    assert not (tmp_path / "results").exists()


def test_a_record_that_a_row_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="such a record"):
        command.main(["--goal", "A", "--record", "R"])


def test_a_full_run_writes_results_tables_and_curves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(module, row) for module, row in all_rows() if row.key in ("A", "checksum", "rich-json")]
    drawn: list[object] = []
    monkeypatch.setattr(command, "FULL", TINY)
    monkeypatch.setattr(command, "_STARTS", 1)
    monkeypatch.setattr(command, "all_rows", lambda: iter(rows))
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(curves, "main", drawn.append)
    monkeypatch.setattr(descriptor_sets, "main", drawn.append)
    (tmp_path / "page.md").write_text(page.BEGIN.format("figures") + page.END.format("figures"))
    command.main([])
    goals = json.loads((tmp_path / "results" / "goals.json").read_text())
    check_goals(goals)
    assert goals["goals"].keys() == {"A"}
    assert goals["goals"]["A"].keys() == {"S", "M", "L"}
    stored = json.loads((tmp_path / "results" / "rows.json").read_text())
    assert stored["rows"].keys() == {"A", "checksum", "rich-json"}
    assert "| A | " in (tmp_path / "page.md").read_text()
    assert drawn == [[], []]


def test_a_side_that_is_wrong_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def compare(record: str) -> Comparison:
        return Comparison(Side("pass"), Side("pass"))

    row = Row("missing", "no / such", compare)
    with pytest.raises(subprocess.CalledProcessError):
        command.measure([(("structs", "missing", "S"), row)], TINY, lambda done, name: None)


def test_the_import_is_measured() -> None:
    assert isinstance(command.import_milliseconds(), float)


def test_without_valgrind_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(SystemExit, match="apt install valgrind"):
        counts.main([])


STAND_IN = f"""#!{sys.executable}
import os, sys
from pathlib import Path
(out,) = [word.partition("=")[2] for word in sys.argv if word.startswith("--callgrind-out-file=")]
assert os.environ["PYTHONHASHSEED"] == "0"
assert "--call" in sys.argv
calls = int(sys.argv[-1])
for number, total in enumerate((9999, 7 + 300 * calls, 7 + 600 * calls, 5555, 7 + 600 * calls, 7 + 1200 * calls), 1):
    Path(f"{{out}}.{{number}}").write_text(f"events: Ir\\nsummary: 1\\n\\ntotals: {{total}}\\n")
"""


@pytest.fixture
def valgrind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name which says that a call of ours takes 300 instructions and one of theirs 600."""
    path = tmp_path / "bin" / "valgrind"
    path.parent.mkdir()
    path.write_text(STAND_IN)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(path.parent))
    return path


@pytest.mark.usefixtures("valgrind")
def test_counts_are_differences_of_two_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "counts.json"
    counts.main(["--row", "A", "--json", str(file)])
    content = json.loads(file.read_text())
    assert content["counts"] == {"A": {size: {"ours": 300, "theirs": 600} for size in ("S", "M", "L")}}
    assert list(content) == ["machine", "versions", "date", "counts"]
    assert capsys.readouterr().out.count(" 300 ") == 3


@pytest.mark.usefixtures("valgrind")
def test_counts_are_compared_with_those_of_another_commit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "before.json"
    file.write_text(json.dumps({"counts": {"A": {"S": {"ours": 400, "theirs": 600}}}}))
    counts.main(["--row", "A", "--record", "S", "--record", "M", "--against", str(file)])
    first, second = capsys.readouterr().out.splitlines()[1:]
    assert first.endswith("-25.0%")
    assert second.endswith("0.500")


@pytest.mark.usefixtures("valgrind")
def test_no_such_row() -> None:
    with pytest.raises(SystemExit, match="No such row"):
        counts.main(["--row", "Z"])


def test_a_failure_under_valgrind_is_told(valgrind: Path) -> None:
    valgrind.write_text(f"#!{sys.executable}\nimport sys\nsys.exit('broken')\n")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        counts.main(["--row", "A"])
    assert "broken" in failed.value.stderr


def test_what_runs_under_valgrind_calls_each_side(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(os, "sched_yield", lambda: called.append("|"))
    comparison = Comparison(Side("call('o')", call=called.append), Side("call('t')", call=called.append))
    counts.call(comparison, 2)
    assert "".join(called) == "oo|oo|oooo|tt|tt|tttt|"
