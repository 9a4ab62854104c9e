"""Instructions per call, under `valgrind --tool=callgrind`: a gauge that noise does not move, to compare commits.

Each row and record gets a fresh process with a fixed hash seed. In it, each side is called a number of times and then
twice as often; the difference, divided, is one call, with one turn of a `for`. Start and warm-up drop out.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks import results
from benchmarks.measuring import Cell
from benchmarks.row import Comparison, Row, all_rows, rows_of
from versioned_serde.native import SWITCH

ROOT = Path(__file__).parents[1]
_USUAL = ("A", "B", "D", "E", "F", "G", "H", "J")
_WARM_UP = 300
"""Calls before anything is counted: CPython specializes code as it runs, and counts of how often it ran decide it."""
_FEW = 4
_BOUNDARY = "sched_yield"
"""A function of the C library that a process calls when told to and never else: callgrind ends a part there."""
_EXAMPLES = """\
examples:
  python -m benchmarks.counts                              the usual goals, S, M and L; some minutes
  python -m benchmarks.counts --row A --record M           one row, one record
  python -m benchmarks.counts --row A --json before.json   also to a file, to compare with another commit's
  python -m benchmarks.counts --against before.json        also what changed since then
"""


def call(comparison: Comparison, calls: int) -> None:
    """What runs under callgrind: parts of `calls` and twice as many calls of ours, then of theirs."""
    gc.disable()
    for side in (comparison.ours, comparison.theirs):
        names = dict(side.names)
        exec(f"def run(times):\n    for _ in range(times):\n        {side.statement}", names)  # noqa: S102 - as `Side`
        run = names["run"]
        run(_WARM_UP if calls > _FEW else calls)
        os.sched_yield()
        run(calls)
        os.sched_yield()
        run(2 * calls)
        os.sched_yield()


def counted(cell: Cell, row: Row, calls: int) -> tuple[int, int]:
    """Instructions of one call, ours and theirs.

    Raises:
        CalledProcessError: the process failed; its standard error says how.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", "--quiet", f"--dump-before={_BOUNDARY}"]
        command += [f"--callgrind-out-file={folder}/out", sys.executable, "-m", "benchmarks.counts", "--call", *cell]
        environment = {**os.environ, "PYTHONHASHSEED": "0", SWITCH: "1" if row.pure else os.environ.get(SWITCH, "")}
        run = subprocess.run(
            [*command, str(calls)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise subprocess.CalledProcessError(run.returncode, " ".join(command), stderr=run.stderr)
        assert not Path(folder, "out.7").exists()  # nobody else has called it
        parts = [_total(Path(folder, f"out.{number}")) for number in range(1, 7)]
    # Each dump holds what ran since the one before: of a side, the way to its first boundary, then both counts.
    _, our_once, our_twice, _, their_once, their_twice = parts
    return (our_twice - our_once) // calls, (their_twice - their_once) // calls


def _total(part: Path) -> int:
    found = re.search(r"^totals: (\d+)$", part.read_text(), flags=re.MULTILINE)
    assert found is not None
    return int(found[1])


def _calls(record: str) -> int:
    """Fewer of what takes long under callgrind, which is fifty times slower."""
    return _FEW if record in ("L", "demo") else 100


def _text(figures: dict[str, int], before: dict[str, int] | None) -> str:
    ours, theirs = figures["ours"], figures["theirs"]
    text = f"{ours:>12,} {theirs:>12,} {ours / theirs:>8.3f}"
    if before is not None:
        text += f"{ours / before['ours'] - 1:>+10.1%}"
    return text


def _cells(asked: argparse.Namespace) -> Iterator[tuple[Cell, Row]]:
    for module, row in all_rows():
        for record in row.records:
            if row.key in (asked.rows or _USUAL) and (asked.records is None or record in asked.records):
                yield (module, row.key, record), row


def main(arguments: Sequence[str] | None = None) -> None:
    made = argparse.ArgumentParser(
        prog="python -m benchmarks.counts",
        description=(__doc__ or "").partition("\n")[0],
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--row",
        "--goal",
        action="append",
        dest="rows",
        metavar="ROW",
        help="only this row; see `python -m benchmarks --help`",
    )
    made.add_argument("--record", action="append", dest="records", help="only this record: S, M, L, R or demo")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the counts there, too")
    made.add_argument("--against", type=Path, metavar="FILE", help="a file that --json wrote: show what changed")
    made.add_argument("--call", nargs=4, metavar=("MODULE", "ROW", "RECORD", "CALLS"), help=argparse.SUPPRESS)
    asked = made.parse_args(arguments)
    if asked.call:
        module, key, record, calls = asked.call
        call(rows_of(module)[key].compare(record), int(calls))
        return
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed; it counts the instructions. On Debian or Ubuntu: apt install valgrind")
    cells = list(_cells(asked))
    if not cells:
        sys.exit("No such row has such a record; `python -m benchmarks --help` lists the rows.")
    before = json.loads(asked.against.read_text())["counts"] if asked.against else {}
    found: dict[str, dict[str, dict[str, int]]] = {}
    console = Console(stderr=True)
    print(f"{'instructions of one call':<28}{'ours':>12} {'theirs':>12} {'ratio':>8}{'change' if before else '':>10}")
    for cell, row in track(cells, "counting", console=console, disable=not console.is_terminal, transient=True):
        _, key, record = cell
        ours, theirs = counted(cell, row, _calls(record))
        figures = found.setdefault(key, {})[record] = {"ours": ours, "theirs": theirs}
        print(f"{key:<20}{record:<8}{_text(figures, before.get(key, {}).get(record))}", flush=True)
    if asked.json:
        results.write_json(asked.json, {**results.circumstances(), "counts": found})


if __name__ == "__main__":
    main()
