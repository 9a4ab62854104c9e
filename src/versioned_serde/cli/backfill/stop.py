"""`serde-backfill stop`: a live run ends early."""

from __future__ import annotations

from typing import Any

import click

from versioned_serde.backfill.control import ask
from versioned_serde.cli.backfill._options import NAME, live_run, places

_EPILOG = """\b
Examples:
  serde-backfill stop orders
  serde-backfill stop orders.census
  serde-backfill run orders                # goes on where it was
"""


@click.command(epilog=_EPILOG)
@NAME
@places
def command(name: str | None, **said: Any) -> None:
    """Ends the run NAME after the batches that are under way. Started again, it goes on."""
    with live_run(name, said) as (state, run):
        ask(state, run.id, "stop")
        click.echo(f"`{run.name}` ends after the batches under way. Started again, it goes on where it was.")
