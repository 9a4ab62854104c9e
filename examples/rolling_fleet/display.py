"""Shows how a run goes: a live table on a terminal, a line per stage elsewhere."""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from examples.rolling_fleet.driver import Progress
from examples.rolling_fleet.schedules import Schedule, short_name
from examples.rolling_fleet.verdict import Check, failures


class Display:
    """The stages of one schedule."""

    def __init__(self, schedule: Schedule, console: Console) -> None:
        self._schedule = schedule
        self._console = console
        self._stages: list[Progress] = []
        self._live = Live(console=console, refresh_per_second=4) if console.is_terminal else None

    def watch(self, progress: Progress) -> None:
        """Takes the news of a stage."""
        if not self._stages or self._stages[-1] is not progress:
            self._tell_last()
            self._stages.append(progress)
        if self._live is not None:
            self._live.update(self._table())

    def _tell_last(self) -> None:
        """Where no table lives, a stage is told when it is over."""
        if self._live is None and self._stages:
            title, hosts, edits, read, written, failed = cells(self._stages[-1])
            line = f"  {title:24} {hosts} | edits {edits} | read {read} | written {written} | failures {failed}"
            self._console.print(line, soft_wrap=True, markup=False, highlight=False)

    def _table(self) -> Table:
        table = Table(title=self._schedule.title, title_justify="left", title_style="bold")
        for column in ("stage", "hosts", "edits", "versions read", "versions written"):
            table.add_column(column)
        table.add_column("failures", justify="right")
        for stage in self._stages:
            *words, failed = cells(stage)
            table.add_row(*words, "0" if failed == "0" else f"[red]{failed}[/]")
        return table

    def __enter__(self) -> Self:
        if self._live is None:
            self._console.print(f"{self._schedule.title}", markup=False, highlight=False)
        else:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._tell_last()
        if self._live is not None:
            self._live.stop()


def cells(stage: Progress) -> tuple[str, ...]:
    """Title, hosts, edits, versions read, versions written and failures of a stage, in words."""
    total: Counter[str] = Counter()
    for did in stage.did.values():
        total.update(did)
    hosts = ", ".join(f"{count} on {short_name(release)}" for release, count in sorted(stage.hosts.items()))
    edits = f"{total['edits']:,}" + (f" ({total['repeats']:,} again)" if total["repeats"] else "")
    failed = f"{failures(stage.did).total():,}"
    return stage.title, hosts, edits, _versions(total, "read"), _versions(total, "written"), failed


def _versions(did: Counter[str], outcome: str) -> str:
    """Such as `v1 310, v2 1,207`. `newer` is a version that the host does not know."""
    found = sorted((name.split()[1], times) for name, times in did.items() if name.split()[0] == outcome and times)
    return ", ".join(f"{'v' if version.isdigit() else ''}{version} {times:,}" for version, times in found) or "none"


def show_verdict(console: Console, checks: list[Check]) -> None:
    """The checks of a schedule, each with whether it is as theory says."""
    for check in checks:
        mark, style = ("as it should be", "green") if check.ok else ("WRONG", "bold red")
        console.print(f"  [{style}]{mark:>15}[/]  ", end="")
        console.print(check.text, markup=False, highlight=False, soft_wrap=True)
