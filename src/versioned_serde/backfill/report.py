"""What is told of a run: as JSON, and as a page. It holds keys and numbers, and nothing of what records hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from versioned_serde.backfill.control import PAUSE, STOP
from versioned_serde.backfill.lease import Counts
from versioned_serde.backfill.quarantine import Quarantined
from versioned_serde.backfill.record import Looker, Progress, Run, find, names, now, timeline
from versioned_serde.backfill.settlement import entries
from versioned_serde.backfill.state import State
from versioned_serde.errors import MissingExtraError

FORMAT: Final = 1
_FIRST_KEYS: Final = 10
_BARS: Final = 60
_WIDTH: Final = 600
_HEIGHT: Final = 120


def plain_progress(progress: Progress) -> dict[str, Any]:
    """How far a run is, as JSON has it."""
    run = progress.run
    return {
        "run": run.name,
        "generation": run.generation,
        "kind": run.kind,
        "schema": run.schema,
        "to": run.to or None,
        "lower": run.lower,
        "purge": run.purge,
        "state": state_of(progress),
        "began_at": run.began_at,
        "ended_at": run.ended_at or None,
        "shards": len(run.ends),
        "shards_done": progress.done,
        "estimate": progress.estimate,
        "books": progress.books.plain(),
        "balanced": progress.books.balanced,
        "rate_asked": progress.asked.rate,
        "counts": plain_counts(progress.counts),
        "unreadable": dict(sorted(progress.unreadable.items())),
    }


def state_of(progress: Progress) -> str:
    """`done`, or what is asked of it: `stopped`, `paused` or `under way`. Whether anybody works on it, nobody knows."""
    if progress.complete:
        return "done"
    return {STOP: "stopped", PAUSE: "paused"}.get(progress.asked.what, "under way")


def plain_counts(counts: Counts) -> list[dict[str, Any]]:
    """Counts as JSON has them, in the order of versions."""
    return [
        {"version": version, "min_reader": low, "mixed": mixed, "records": number}
        for (version, low, mixed), number in sorted(counts.items())
    ]


def reported(state: State, run: Run) -> dict[str, Any]:
    """All that is told of a run, as JSON has it."""
    points = timeline(state, run)
    census = _census(state, run)
    return {
        "format": FORMAT,
        "made_at": now(),
        **plain_progress(Looker(state, run).progress()),
        "quarantine": _reasons(entries(state, run.id)),
        "timeline": [{"seconds": seconds, "scanned": scanned} for seconds, scanned in points],
        "census": None if census is None else plain_progress(census),
    }


def page(report: dict[str, Any]) -> str:
    """The report as one HTML page that needs nothing else.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  only a page needs it
    except ImportError as error:  # pragma: no cover - tested in an environment without it
        raise MissingExtraError(
            "The page needs jinja2, which is not installed.", hint="pip install 'versioned-serde[backfill]'"
        ) from error
    text = files("versioned_serde.backfill").joinpath("report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    filters: dict[str, Callable[..., str]] = {
        "number": lambda value: f"{value:,}",
        "rate": _rate,
        "moment": _moment,
        "span": span,
    }
    environment.filters |= filters
    points = [(each["seconds"], each["scanned"]) for each in report["timeline"]]
    return environment.from_string(text).render(
        report=report, books=report["books"], chart=_chart(points), took=_took(report), width=_WIDTH, height=_HEIGHT
    )


def span(seconds: float) -> str:
    """Seconds for people: `1 h 02 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def _reasons(found: Iterable[Quarantined]) -> dict[str, Any]:
    reasons: dict[str, dict[str, Any]] = {}
    for entry in found:
        told = reasons.setdefault(entry.reason, {"reason": entry.reason, "records": 0, "keys": []})
        told["records"] += 1
        told["keys"] = sorted([*told["keys"], entry.key])[:_FIRST_KEYS]
    ordered = sorted(reasons.values(), key=lambda told: (-told["records"], told["reason"]))
    return {"records": sum(told["records"] for told in ordered), "reasons": ordered}


def _census(state: State, run: Run) -> Progress | None:
    """The last census of the same schema, which says what there is: a rewrite alone knows what it did."""
    if run.kind == "census":
        return None
    runs = [find(state, name) for name in names(state)]
    found = [each for each in runs if each.kind == "census" and each.schema == run.schema]
    return Looker(state, max(found, key=lambda each: each.began_at)).progress() if found else None


def _chart(points: list[tuple[float, int]]) -> dict[str, Any] | None:
    """Records a second over time, as bars; None before there is a span of time to show."""
    points = sorted(dict([(0.0, 0), *points]).items())
    last = points[-1][0]
    if last <= 0:
        return None
    bars = [0.0] * _BARS
    wide = last / _BARS
    for (start, before), (end, after) in pairwise(points):
        # What was done between two looks is spread over the time between them.
        for bar in range(int(start / wide), min(int(end / wide) + 1, _BARS)):
            shared = max(0.0, min(end, (bar + 1) * wide) - max(start, bar * wide))
            bars[bar] += max(after - before, 0) * shared / (end - start)
    rates = [records / wide for records in bars]
    top = max(*rates, 1e-9)
    step = _WIDTH / _BARS
    return {
        "top": top,
        "average": points[-1][1] / last,
        "seconds": last,
        "bars": [
            {
                "x": round(number * step, 2),
                "width": round(step - 1, 2),
                "y": round(_HEIGHT * (1 - rate / top), 2),
                "height": round(_HEIGHT * rate / top, 2),
                "rate": rate,
                "from": span(number * wide),
            }
            for number, rate in enumerate(rates)
        ],
    }


def _took(report: dict[str, Any]) -> float | None:
    if report["ended_at"] is None:
        return None
    took: timedelta = datetime.fromisoformat(report["ended_at"]) - datetime.fromisoformat(report["began_at"])
    return took.total_seconds()


def _rate(records: float) -> str:
    return f"{records:,.0f}" if records >= 10 else f"{records:.2g}"


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S %Z")
