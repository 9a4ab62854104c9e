"""The command: measures, and writes the results and the tables of the docs."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks import curves, descriptor_sets, page, results
from benchmarks.measuring import FULL, QUICK, Cell, Effort, Measured
from benchmarks.results import Found, Summary
from benchmarks.row import Row, all_rows
from versioned_serde.native import SWITCH

ROOT = Path(__file__).parents[1]
_STARTS = 11
_EXAMPLES = """\
examples:
  python -m benchmarks                        all goals and rows, curves, descriptor sets; writes results and pictures
  python -m benchmarks --quick                all goals and rows in a minute, roughly; only prints
  python -m benchmarks --row A --record S     one goal with one record; only prints
  python -m benchmarks --row checksum         one of the rows without a goal

rows:
"""


def parser(rows: Sequence[Row]) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures versioned_serde side by side with what people use now. Each side is shown to be right"
        " before it is timed. A run of everything writes benchmarks/results/ and the tables and pictures of"
        " docs/explanation/performance.md; a partial or quick run only prints.",
        epilog=_EXAMPLES + "\n".join(f"  {row.key:<20} {row.title}" for row in rows),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    keys = [row.key for row in rows]
    records = sorted({record for row in rows for record in row.records})
    made.add_argument(
        "--goal", "--row", action="append", choices=keys, dest="rows", metavar="ROW", help="only this row"
    )
    made.add_argument("--record", action="append", choices=records, dest="records", help="only this record")
    made.add_argument("--quick", action="store_true", help="one process and few rounds: rough figures")
    return made


def measure(cells: Sequence[tuple[Cell, Row]], effort: Effort, told: Callable[[int, str], None]) -> Found:
    """Several fresh processes, each of which measures all cells.

    Args:
        cells: what is measured.
        effort: how long.
        told: is called after each cell of each process, with how many there were so far, and the cell's name.

    Raises:
        CalledProcessError: a side was not right, or failed; the process has said which.
    """
    found: defaultdict[tuple[str, str], list[Measured]] = defaultdict(list)
    done = 0
    for _ in range(effort.processes):
        for pure in (False, True):
            part = [(cell, row) for cell, row in cells if row.pure == pure]
            if not part:
                continue
            asked = {"cells": [cell for cell, _ in part], "rounds": effort.rounds, "seconds": effort.seconds}
            command = [sys.executable, "-m", "benchmarks.measuring", json.dumps(asked)]
            environment = {**os.environ, SWITCH: "1" if pure else os.environ.get(SWITCH, "")}
            with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                for ((_, key, record), _), line in zip(part, process.stdout, strict=False):
                    found[key, record].append(Measured(**json.loads(line)))
                    done += 1
                    told(done, f"{key} {record}")
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, command[:3])
    summaries: dict[str, tuple[Row, dict[str, Summary]]] = {}
    for (_, key, record), row in cells:
        summaries.setdefault(key, (row, {}))[1][record] = Summary.of(found[key, record])
    return summaries


def import_milliseconds() -> float:
    """What `import versioned_serde` costs over an interpreter that imports nothing; the median of several."""

    def start(code: str) -> int:
        begin = perf_counter_ns()
        subprocess.run([sys.executable, "-c", code], check=True)
        return perf_counter_ns() - begin

    return median(start("import versioned_serde") - start("pass") for _ in range(_STARTS)) / 1e6


def _print(found: Found) -> None:
    for key, (row, cells) in found.items():
        print(f"{key}: {row.title}")
        for record, cell in cells.items():
            goal = row.goals.get(record)
            verdict = "" if goal is None else f"   goal {goal:<5} {'met' if cell.ratio <= goal else 'MISSED'}"
            times = f"{page.duration(cell.ours)} / {page.duration(cell.theirs)}"
            print(f"  {record:<5}{cell.ratio:8.3f}   ({cell.low:.3f} to {cell.high:.3f})   {times:<22}{verdict}")


def main(arguments: Sequence[str] | None = None) -> None:
    rows = list(all_rows())
    asked = parser([row for _, row in rows]).parse_args(arguments)
    cells = [
        ((module, row.key, record), row)
        for module, row in rows
        for record in row.records
        if (asked.rows is None or row.key in asked.rows) and (asked.records is None or record in asked.records)
    ]
    if not cells:
        sys.exit("None of these rows has such a record.")
    effort = QUICK if asked.quick else FULL
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(cells) * effort.processes)

        def told(done: int, name: str) -> None:
            progress.update(task, completed=done, description=name)
            if not console.is_terminal and done % len(cells) == 0:
                console.print(f"process {done // len(cells)} of {effort.processes}")

        found = measure(cells, effort, told)
    _print(found)
    if asked.quick or asked.rows or asked.records:
        print("Nothing was written: only a full run of everything does that.")
        return
    start = import_milliseconds()
    circumstances = results.circumstances()
    results.write_json(
        results.FOLDER / "rows.json", {**circumstances, "import_ms": start, "rows": results.times(found)}
    )
    results.write_json(results.FOLDER / "goals.json", {**circumstances, "goals": results.goals(found)})
    page.renew(page.PAGE, "figures", page.tables(circumstances, found, start, effort.processes))
    print(f"Written: {results.FOLDER} and {page.PAGE}. Now the curves.", flush=True)
    curves.main([])
    descriptor_sets.main([])


if __name__ == "__main__":
    main()
