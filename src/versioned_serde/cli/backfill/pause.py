"""`serde-backfill pause`: a live run waits."""

from __future__ import annotations

from typing import Any

import click

from versioned_serde.backfill.control import ask
from versioned_serde.cli.backfill._options import NAME, live_run, places

_EPILOG = """\b
Examples:
  serde-backfill pause orders
  serde-backfill pause orders.census
  serde-backfill resume orders             # lets it go on
"""


@click.command(epilog=_EPILOG)
@NAME
@places
def command(name: str | None, **said: Any) -> None:
    """Lets the run NAME wait, after the batches that are under way. Its workers stay."""
    with live_run(name, said) as (state, run):
        ask(state, run.id, "pause")
        click.echo(f"`{run.name}` waits after the batches under way. `serde-backfill resume {run.name}` lets it go on.")
