"""What several verbs print in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from versioned_serde.backfill.lease import Counts
from versioned_serde.backfill.record import Progress
from versioned_serde.backfill.report import state_of


def table_of_counts(counts: Counts, unreadable: Mapping[str, int]) -> str:
    """Records by version, min_reader and whether they are mixed; what is not readable, by its reason."""
    rows = [
        (str(version), str(low), "yes" if mixed else "no", f"{number:,}")
        for (version, low, mixed), number in sorted(counts.items())
    ]
    rows += [(f"unreadable: {why}", "", "", f"{number:,}") for why, number in sorted(unreadable.items())]
    return table(("version", "readable from", "mixed", "records"), rows) if rows else "No records.\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; the last one to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    last = len(head) - 1
    return "".join(
        "  ".join(
            f"{cell:>{widths[at]}}" if at == last else f"{cell:<{widths[at]}}" for at, cell in enumerate(line)
        ).rstrip()
        + "\n"
        for line in lines
    )


def told(progress: Progress) -> str:
    """A run, in a few lines."""
    run, books = progress.run, progress.books
    what = f"census of {run.schema}" if run.kind == "census" else f"{run.schema} to version {run.to}"
    what += ", newer lowered" * run.lower + ", purging" * run.purge
    shards = f"{progress.done} of {len(run.ends)} shards"
    about = "" if progress.estimate is None or progress.complete else f" of about {progress.estimate:,}"
    rate = "" if progress.asked.rate is None else f", at most {progress.asked.rate:g} records/s"
    time = f"began {run.began_at[:19]}" + (f", ended {run.ended_at[:19]}" if run.ended_at else "")
    outcomes = ", ".join(f"{name} {number:,}" for name, number in books.plain().items() if name != "scanned" and number)
    lines = [
        f"{run.name}: {state_of(progress)}, {shards}{rate}",
        f"  {what}; {time}",
        f"  scanned {books.scanned:,}{about}" + (f": {outcomes}" if run.kind == "rewrite" and outcomes else ""),
    ]
    if not books.balanced:
        lines.append("  THE BOOKS DO NOT BALANCE")
    return "\n".join(lines) + "\n"
