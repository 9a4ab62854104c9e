"""The tables of the docs page, between two markers; what is around them is written by people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import fill
from typing import Any

from benchmarks.records.contents import SIZES
from benchmarks.results import Found, Summary, write
from benchmarks.row import Row

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- `make bench` writes the {} from here -->\n", "<!-- the {} to here -->\n"


def duration(nanoseconds: float) -> str:
    """With three digits, and a unit that suits."""
    for unit, size in (("ns", 1.0), ("µs", 1e3), ("ms", 1e6)):
        if nanoseconds < 999.5 * size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds / 1e9:.3g} s"


def _cell(cell: Summary, goal: float | None) -> str:
    lines = [f"**{cell.ratio:.3g}**"]
    if goal is not None:
        lines[0] += f" {'met' if cell.ratio <= goal else 'missed'}, goal {goal:g}"
    lines.append(f"{cell.low:.3g} to {cell.high:.3g}")
    lines.append(f"{duration(cell.ours)} / {duration(cell.theirs)}")
    return "<br>".join(lines)


def line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _goals(rows: list[tuple[Row, Mapping[str, Summary]]]) -> list[str]:
    lines = [line("goal", "ours / theirs", *SIZES), line(*["---"] * (2 + len(SIZES)))]
    for row, cells in rows:
        figures = [_cell(cells[size], row.goals[size]) if size in cells else "" for size in SIZES]
        lines.append(line(row.key, row.title, *figures))
    return lines


def _sized(rows: list[tuple[Row, Mapping[str, Summary]]]) -> list[str]:
    lines = [line("ours / theirs", *SIZES), line(*["---"] * (1 + len(SIZES)))]
    for row, cells in rows:
        lines.append(line(row.title, *(_cell(cells[size], None) if size in cells else "" for size in SIZES)))
    return lines


def _special(rows: list[tuple[Row, Mapping[str, Summary]]]) -> list[str]:
    lines = [line("record", "ours / theirs", ""), line(*["---"] * 3)]
    lines += [line(record, row.title, _cell(cell, None)) for row, cells in rows for record, cell in cells.items()]
    return lines


def tables(circumstances: Mapping[str, Any], found: Found, import_milliseconds: float, processes: int) -> str:
    """All that stands between the markers."""
    rows = list(found.values())
    versions = ", ".join(f"{name} {number}" for name, number in circumstances["versions"].items())
    return "\n".join(
        [
            f"Measured on {circumstances['date']}, on {circumstances['machine']}.",
            fill(f"Versions: {versions}.", width=120),
            "",
            f"In each cell: the median ratio, the lowest and the highest, of {processes} processes, and the processor",
            "time of one call on either side.",
            "",
            "### The goals",
            "",
            *_goals([each for each in rows if each[0].goals]),
            "",
            "### Also measured, without a goal",
            "",
            *_sized([each for each in rows if not each[0].goals and each[0].records == SIZES]),
            "",
            "R is a record of rich types (datetimes, dates, UUIDs, decimals, an enum, bytes, optional nested objects);",
            "`demo` are real records, the largest cities of the demo.",
            "",
            *_special([each for each in rows if not each[0].goals and each[0].records != SIZES]),
            "",
            f"`import versioned_serde` takes {import_milliseconds:.1f} ms more than a Python that imports nothing.",
            "",
        ]
    )


def renew(page: Path, section: str, text: str) -> None:
    """Puts new tables between the markers of a section.

    Raises:
        ValueError: the page does not have both markers, once each.
    """
    opening, closing = BEGIN.format(section), END.format(section)
    before, begin, rest = page.read_text().partition(opening)
    between, end, after = rest.partition(closing)
    if not begin or not end or opening in between + after or closing in after:
        raise ValueError(f"{page} needs the lines `{opening.strip()}` and `{closing.strip()}`, once each.")
    write(page, f"{before}{begin}\n{text}\n{end}{after}")
