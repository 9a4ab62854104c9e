"""`serde-backfill report`: what came of a run, for programs and people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from versioned_serde.backfill.report import page, reported
from versioned_serde.cli.backfill._options import NAME, chosen_run, places
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-backfill report orders                        # JSON
  serde-backfill report orders --html report.html     # one page that needs nothing else
  serde-backfill report orders --html report.html --force

It holds keys and numbers, and nothing of what records hold.
"""


@click.command(epilog=_EPILOG)
@NAME
@places
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page instead.")
@click.option("--force", is_flag=True, help="Write over the file, if there is one.")
def command(name: str | None, html: Path | None, force: bool, **said: Any) -> None:
    """Reports on the run NAME: its books, throughput, versions, quarantine and times."""
    with chosen_run(name, said) as (_, state, run):
        report = reported(state, run)
    if html is None:
        write(json.dumps(report, indent=2, ensure_ascii=False) + "\n")
        return
    text = page(report)
    try:
        with html.open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.UsageError(f"`{html}` is there already. Name another file, or say --force.") from None
    except OSError as error:
        raise click.UsageError(f"`{html}` cannot be written: {error.strerror}.") from None
    click.echo(f"wrote {html}")
