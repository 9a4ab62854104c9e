"""What the programs took, as a table of the docs page: from the files that their benches write, each when it is run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks import page, results
from benchmarks.page import line

Cells = tuple[str, ...]
"""Program, what was done, what was measured, the goal."""


def keep(name: str, found: Mapping[str, Any]) -> str:
    """Writes what a bench found, with its circumstances, to a file, and the table anew; the files' names, for a person.

    Args:
        name: of the file.
        found: goals, and what the bench measured.
    """
    file = results.FOLDER / f"{name}.json"
    results.write_json(file, {**results.circumstances(), **found})
    files = {each: results.FOLDER / f"{each}.json" for each in _TABLES}
    there = {each: json.loads(path.read_text()) for each, path in files.items() if path.exists()}
    page.renew(page.PAGE, "programs", table(there))
    return f"{file} and {page.PAGE}"


def table(benches: Mapping[str, Mapping[str, Any]]) -> str:
    """A line for each figure, with the goal and whether it was met."""
    found = benches.values()
    days = sorted({each["date"] for each in found})
    machines = sorted({each["machine"] for each in found})
    lines = [
        f"Measured on {' and '.join(days)}, on {' and '.join(machines)}.",
        "",
        line("program", "what", "measured", "goal"),
        line(*["---"] * 4),
    ]
    for name, each in benches.items():
        lines += [line(*cells) for cells in _TABLES[name](each)]
    return "\n".join([*lines, ""])


def cold(times: Mapping[str, float]) -> float:
    """Seconds of a check, without what the service pays for its models anyway."""
    return times["serde-check"] - times["the models"]


def _of_checking(found: Mapping[str, Any]) -> Iterator[Cells]:
    goals = found["goals"]
    for kind, times in found["kinds"].items():
        service = f"a service with {found['models']:,} {kind} models of ten attributes"
        yield "`serde-check`", f"{service}, after the import of its models", *_most(cold(times), goals["cold"], " s")
        yield "`serde-check`", f"{service}, nothing changed", *_most(times["unchanged"], goals["unchanged"], " s")


def _of_descriptor_sets(found: Mapping[str, Any]) -> Iterator[Cells]:
    goals = found["goals"]
    for change, tools in found["changes"].items():
        ours, other = tools["serde-check"], tools["buf"]
        told = f"two descriptor sets of {found['messages']:,} messages; {change}"
        theirs = f"buf: {other['seconds']:.1f} s, {other['megabytes']:,.0f} MB"
        yield "`serde-check compare`", f"{told}; {theirs}", *_most(ours["seconds"], goals["seconds"], " s")
        yield "", "its memory", *_most(ours["megabytes"], goals["megabytes"], " MB")


def _of_backfilling(found: Mapping[str, Any]) -> Iterator[Cells]:
    goals = found["goals"]
    for store, rates in found["stores"].items():
        told = f"{store}: {rates['ours']:,.0f} objects a second, a bare loop {rates['bare']:,.0f}"
        yield "`serde-backfill`", told, *_least(rates["ratio"], goals["of_the_loop"])
    live, rows = found["live"], found["rows"]
    sides = f"{live['alone_ms']:.2f} ms alone, {live['beside_ms']:.2f} ms beside {live['rate']:g} records a second"
    yield "`serde-backfill`", f"p95 of live traffic: {sides}", *_most(live["ratio"], goals["of_traffic"], "")
    sizes = ", ".join(
        f"{who} {rows[f'{who}_early_mb']:.0f} MB early and {rows[f'{who}_late_mb']:.0f} MB late"
        for who in ("supervisor", "worker")
    )
    told = f"{rows['records']:,.0f} rows, {rows['records'] / rows['seconds']:,.0f} a second"
    yield "`serde-backfill`", told, sizes, "memory flat"


def _most(value: float, goal: float, unit: str) -> tuple[str, str]:
    return f"**{value:.3g}{unit}**", f"{'met' if value <= goal else 'missed'}, at most {goal:g}{unit}"


def _least(value: float, goal: float) -> tuple[str, str]:
    return f"**{value:.3g}**", f"{'met' if value >= goal else 'missed'}, at least {goal:g}"


_TABLES = {"checking": _of_checking, "descriptor_sets": _of_descriptor_sets, "backfilling": _of_backfilling}
