"""How far a run is: live on a terminal, as lines of JSON elsewhere."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from versioned_serde.backfill.record import Progress
from versioned_serde.backfill.report import plain_progress, span
from versioned_serde.cli.output import write

_WINDOW = 30.0
"""Seconds over which the rate is measured."""
_EVERY = 1.0
"""Seconds between two lines of JSON."""


class Told:
    """What was told so far, and how fast it went.

    Attributes:
        last: the last that was told; None before the run has begun.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()
        self.last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """How far it is now."""
        self.last = progress
        now = self._clock()
        self._seen.append((now, progress.books.scanned))
        while len(self._seen) > 2 and now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """Records a second; None before there is a span of time to measure."""
        if len(self._seen) < 2 or self._seen[-1][0] <= self._seen[0][0]:
            return None
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        return (after - before) / (end - start)

    @property
    def eta(self) -> float | None:
        """Seconds to the end, by what the shards that are done held; None before one is."""
        if self.last is None or self.last.estimate is None or not self.rate:
            return None
        return max(self.last.estimate - self.last.books.scanned, 0) / self.rate


@contextmanager
def telling(*, quiet: bool = False, lines: bool = True) -> Iterator[Told]:
    """Tells how far a run is, until it ends.

    Args:
        quiet: tells nothing.
        lines: whether lines of JSON are written where there is no terminal.
    """
    if quiet or not (lines or sys.stdout.isatty()):
        yield Told()
    elif sys.stdout.isatty():
        console = Console()
        with Live(console=console, auto_refresh=False) as live:
            yield _Shown(live)
    else:
        told = _Lines()
        try:
            yield told
        finally:
            told.close()


class _Shown(Told):
    def __init__(self, live: Live) -> None:
        super().__init__()
        self._live = live

    def __call__(self, progress: Progress) -> None:
        super().__call__(progress)
        self._live.update(_frame(progress, self.rate, self.eta), refresh=True)


class _Lines(Told):
    """One object for each change, at most one a second, and one for how it was at last."""

    def __init__(self) -> None:
        super().__init__()
        self._written_at = float("-inf")
        self._written: dict[str, Any] | None = None

    def __call__(self, progress: Progress) -> None:
        super().__call__(progress)
        if time.monotonic() - self._written_at >= _EVERY:
            self._write()

    def close(self) -> None:
        if self.last is not None:
            self._write()

    def _write(self) -> None:
        assert self.last is not None
        content = plain_progress(self.last)
        if content == self._written:
            return
        self._written, self._written_at = content, time.monotonic()
        rate, eta = self.rate, self.eta
        measured = {"rate": rate and round(rate, 1), "eta": None if eta is None else round(eta, 1)}
        write(json.dumps(content | measured, ensure_ascii=False) + "\n")


def _frame(progress: Progress, rate: float | None, eta: float | None) -> Group:
    books, total = progress.books, progress.estimate
    run = progress.run
    wish = "census" if run.kind == "census" else f"to version {run.to}"
    first = Text.assemble((run.name, "bold"), f"  {run.schema} {wish}  ")
    if progress.asked.what != "go":
        first.append(progress.asked.what, style="yellow")
    row = Table.grid(padding=(0, 2))
    measured = "" if rate is None else f"{rate:,.0f}/s"
    left = "" if eta is None or progress.complete else f"ETA {span(eta)}"
    share = (
        f"{books.scanned:,}" if total is None else f"{books.scanned:,} of {'' if progress.complete else '~'}{total:,}"
    )
    row.add_row(
        ProgressBar(
            total=len(run.ends), completed=_shards(progress), width=30, complete_style="blue", finished_style="green"
        ),
        share,
        measured,
        left,
        f"shards {progress.done}/{len(run.ends)}",
    )
    last = Text(
        "  ".join(f"{name} {getattr(books, name):,}" for name in ("migrated", "already", "overtaken", "deleted"))
    )
    last.append(f"  quarantined {books.quarantined:,}", style="bold red" if books.quarantined else "")
    return Group(first, row, last)


def _shards(progress: Progress) -> float:
    """How many shards are done, with parts of those under way, as far as records tell."""
    if progress.complete or not progress.estimate:
        return float(progress.done)
    return len(progress.run.ends) * min(progress.books.scanned / progress.estimate, 1.0)
