"""`serde-backfill rate`: a live run gets another bound."""

from __future__ import annotations

from typing import Any, Literal

import click

from versioned_serde.backfill.control import ask
from versioned_serde.cli.backfill._options import NAME, live_run, places

_EPILOG = """\b
Examples:
  serde-backfill rate 200 orders           # all workers together, from their next batch on
  serde-backfill rate none orders          # again what it was started with
  serde-backfill rate 2000 orders.census   # a census: records that are read
"""


@click.command(epilog=_EPILOG)
@click.argument("rate", metavar="RATE|none")
@NAME
@places
def command(rate: str, name: str | None, **said: Any) -> None:
    """Lets the run NAME rewrite no more than RATE records a second, or read no more, if it is a census."""
    bound = _bound(rate)
    with live_run(name, said) as (state, run):
        ask(state, run.id, rate=bound)
        told = "as it was started with" if bound == "none" else f"at most {bound:g} records/s"
        click.echo(f"`{run.name}`: {told}, from the next batch of each worker on.")


def _bound(text: str) -> float | Literal["none"]:
    if text == "none":
        return "none"
    try:
        bound = float(text)
    except ValueError:
        bound = 0.0
    if not 0 < bound < float("inf"):
        raise click.UsageError(f"`{text}` is neither a number of records a second above 0 nor `none`.")
    return bound
