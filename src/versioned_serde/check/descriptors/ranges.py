"""Ranges of numbers, with both ends in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Range = tuple[int, int]


def missing(wanted: Range, kept: Iterable[Range]) -> list[Range]:
    """What of a range is in none of the others, ascending."""
    start, end = wanted
    found = []
    for low, high in sorted(kept):
        if high < start:
            continue
        if low > end:
            break
        if start < low:
            found.append((start, low - 1))
        start = high + 1
        if start > end:
            break
    if start <= end:
        found.append((start, end))
    return found


def shown(ranges: Sequence[Range]) -> str:
    """For people."""
    return ", ".join(str(low) if low == high else f"{low} to {high}" for low, high in ranges)
