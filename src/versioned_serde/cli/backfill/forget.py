"""`serde-backfill forget`: takes out what is known of a run."""

from __future__ import annotations

from typing import Any

import click

from versioned_serde.backfill.record import Looker, forget
from versioned_serde.cli.backfill._options import chosen_run, places
from versioned_serde.cli.backfill._texts import told
from versioned_serde.cli.backfill.command import CLEAN, FINDINGS
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-backfill forget orders
  serde-backfill forget orders.census --yes

No record is touched. What goes is how far the run is, its books, its quarantine and its timeline.
"""


@click.command(epilog=_EPILOG)
@click.argument("name")
@places
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(name: str, yes: bool, **said: Any) -> int:
    """Forgets all that is known of the run NAME."""
    with chosen_run(name, said) as (_, state, run):
        if not yes:
            write(told(Looker(state, run).progress()))
            if not click.confirm("Forget it?"):
                click.echo("Nothing is forgotten.")
                return FINDINGS
        forget(state, run)
        click.echo(f"`{run.name}` is forgotten.")
        return CLEAN
