"""Lines of a source file, with the place of a finding underlined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from versioned_serde.check.finding import Place
from versioned_serde.check.reports.texts import printable

Line = tuple[tuple[str, str], ...]
"""Pieces of a line, each with its style; an empty style is none."""
_BYTES: Final = 10_000_000
"""A larger file has no excerpt: nobody wrote it by hand."""
_TAB: Final = "    "


class Sources:
    """Files, each read when it is first asked for."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = {}

    def line(self, place: Place) -> str | None:
        """The first line of a place; None if there is no such line, or the file is no text."""
        if place.line is None:
            return None
        if place.path not in self._lines:
            self._lines[place.path] = _read(Path(place.path))
        lines = self._lines[place.path]
        return lines[place.line - 1] if 0 < place.line <= len(lines) else None


def _read(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > _BYTES:
            return []
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):  # ValueError: no UTF-8, or a zero in the path
        return []


def excerpt(place: Place, line: str, width: int, style: str) -> Iterator[Line]:
    """A line of a file as three, the last with the underline, if the place has columns.

    Args:
        place: in the file.
        line: of it, the place's first one.
        width: of the terminal, in cells.
        style: of the underline.
    """
    from rich.cells import cell_len  # noqa: PLC0415  slow to import, and most runs find nothing

    number = str(place.line)
    edge, empty = f" {number} | ", f" {' ' * len(number)} | "
    shown = [_TAB if each == "\t" else printable(each) for each in line.rstrip("\r")]
    start, end = _columns(place, len(shown))
    first, last = _window([cell_len(each) for each in shown], start, max(width - len(edge) - 2, 20))
    left, right = "…" if first else "", "…" if last < len(shown) else ""
    yield ((empty.rstrip(), "dim"),)
    yield (edge, "dim"), (left + "".join(shown[first:last]) + right, "")
    if place.column is not None and start < last:
        before = cell_len(left + "".join(shown[first:start]))
        yield (empty, "dim"), (" " * before, ""), ("^" * (cell_len("".join(shown[start : min(end, last)])) or 1), style)


def _columns(place: Place, length: int) -> tuple[int, int]:
    """From which to which character the place goes, within its first line."""
    start = min((place.column or 1) - 1, length)
    if place.end_line is not None and place.line is not None and place.end_line > place.line:
        return start, length
    return start, max(min((place.end_column or start + 2) - 1, length), start)


def _window(widths: list[int], start: int, room: int) -> tuple[int, int]:
    """From which to which character a line is shown, so that it fits and `start` is in it."""
    if sum(widths) <= room:
        return 0, len(widths)
    first = start
    before = 0
    while first > 0 and before + widths[first - 1] <= room // 3:
        first -= 1
        before += widths[first]
    if sum(widths[:start]) <= room // 2:
        first = 0
    last = first
    used = 0
    while last < len(widths) and used + widths[last] <= room:
        used += widths[last]
        last += 1
    return first, last
