"""Text, for people: first what breaks whom, with the lines of the source, then what to do instead, then the plan."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from io import StringIO
from typing import Final

from versioned_serde.check.finding import Finding
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.excerpt import Line, Sources, excerpt
from versioned_serde.check.reports.texts import (
    BREAKS,
    VERDICTS,
    Group,
    about,
    at,
    counted,
    example,
    groups,
    one_line,
    printable,
)

NAME = "text"
_WIDTH: Final = 80
"""In cells, where no terminal says another; also the least. Wider than `_WIDEST` no sentence is easy to read."""
_WIDEST: Final = 110
_COLOURS: Final = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_OF_VERDICTS: Final = {"compatible": "bold green", "incompatible": "bold red", "undecided": "bold yellow"}


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """The whole report, as wide as the terminal if there is one."""
    if colour:
        width = min(max(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH), _WIDEST)
        return _coloured(list(_lines(outcome, width)), outcome.plan, width)
    text = "".join("".join(piece for piece, _ in line).rstrip() + "\n" for line in _lines(outcome, _WIDTH))
    return f"{text}\n{printable(outcome.plan).strip()}\n" if outcome.plan else text


def _coloured(lines: list[Line], plan: str, width: int) -> str:
    # rich takes longer to import than a check of an unchanged tree takes, and most runs are piped.
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    output = StringIO()
    console = Console(
        file=output, force_terminal=True, color_system="standard", width=width, highlight=False, legacy_windows=False
    )
    console.print(Text("\n").join(Text.assemble(*line) for line in lines), soft_wrap=True)
    if plan:
        console.print()
        console.print(Markdown(printable(plan)))
    return output.getvalue()


def _lines(outcome: Outcome, width: int) -> Iterator[Line]:
    severe = next((each.severity for each in groups(outcome.findings)), None)
    summary = counted(outcome)
    yield from _wrapped(f"{summary[0].upper()}{summary[1:]}.", width, _COLOURS[severe] if severe else "bold green")
    for direction, verdict in outcome.verdict.items():
        yield (direction, "bold"), (": ", ""), (verdict, _OF_VERDICTS[verdict])
        yield from _wrapped(f"{VERDICTS[direction, verdict]}.", width, indent="  ")
    sources = Sources()
    for group in groups(outcome.findings):
        yield ()
        yield from _group(group, sources, width)


def _group(group: Group, sources: Sources, width: int) -> Iterator[Line]:
    colour = _COLOURS[group.severity]
    count = f" ({len(group.findings)} times)" if len(group.findings) > 1 else ""
    yield (group.severity, colour), (f": {one_line(group.rule)}{count}", "bold")
    if group.direction is not None:
        yield from _wrapped(BREAKS[group.direction], width, indent="  ")
    for each in group.findings:
        yield ()
        yield from _finding(each, sources, width, colour)
    yield ()
    if group.help:
        yield from _wrapped(f"Instead: {group.help}", width, indent="  ")
    yield ("  More: ", ""), (f"serde-check explain {one_line(group.rule)}", "bold")


def _finding(each: Finding, sources: Sources, width: int, colour: str) -> Iterator[Line]:
    subject = about(each)
    yield from _wrapped(f"{subject}: {each.message}" if subject else each.message, width, indent="  ")
    if each.place is not None:
        yield (" --> ", "dim"), (at(each.place), "")
        if (line := sources.line(each.place)) is not None:
            yield from excerpt(each.place, line, width, colour)
    if shown := example(each):
        yield from _wrapped(f"For example: {shown}", width, indent="  ")


def _wrapped(text: str, width: int, style: str = "", indent: str = "") -> Iterator[Line]:
    """A text in lines; what is longer than one, such as a path, is not broken."""
    for line in textwrap.wrap(
        one_line(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ):
        yield ((line, style),)
