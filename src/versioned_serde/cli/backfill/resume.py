"""`serde-backfill resume`: a run that waits goes on."""

from __future__ import annotations

from typing import Any

import click

from versioned_serde.backfill.control import ask
from versioned_serde.cli.backfill._options import NAME, live_run, places

_EPILOG = """\b
Examples:
  serde-backfill resume orders
  serde-backfill resume orders.census
"""


@click.command(epilog=_EPILOG)
@NAME
@places
def command(name: str | None, **said: Any) -> None:
    """Lets the run NAME go on that was paused, or takes back that it shall stop."""
    with live_run(name, said) as (state, run):
        ask(state, run.id, "go")
        click.echo(f"`{run.name}` goes on. If nobody works on it any more, start it: `serde-backfill run`.")
