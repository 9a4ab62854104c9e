"""`serde-backfill run`: rewrites records."""

from __future__ import annotations

from collections.abc import Callable
from pickle import PicklingError
from typing import Any

import click

from versioned_serde.backfill.record import Progress
from versioned_serde.backfill.run import backfill
from versioned_serde.backfill.state import State
from versioned_serde.cli.backfill._options import (
    NAME,
    aim,
    carrying_out,
    chosen,
    pace,
    paused,
    places,
    settings_of,
    target,
)
from versioned_serde.cli.backfill._telling import Told, telling
from versioned_serde.cli.backfill.command import CLEAN, FINDINGS, INCOMPLETE
from versioned_serde.cli.verbs import INTERRUPTED
from versioned_serde.errors import BackfillError, StoreError, UnsafeStoreError

_EPILOG = """\b
Examples:
  serde-backfill run orders
  serde-backfill run orders --rate 500 --p95 0.05 --health shop.serde:is_well
  serde-backfill run orders --engine dask --scheduler tcp://scheduler:8786 --workers 32 --threads 8
  serde-backfill run --schema shop.serde:orders --store shop.serde:store --to 2
  serde-backfill run orders | tee run.jsonl   # off a terminal: a line of JSON for each change

A run that was stopped, interrupted or killed goes on where it was when it is started again. Several may be started at
once, on one machine or several: they share the work.
"""


@click.command(epilog=_EPILOG)
@NAME
@places
@target
@carrying_out
@pace
@click.option("--quiet", is_flag=True, help="Tell nothing of how far it is.")
def command(name: str | None, quiet: bool, **said: Any) -> int:
    """Starts the backfill NAME, or goes on with it."""
    with chosen(name, said, strict=True) as found:
        to, place = aim(found), found.place()
        run = found.wanted.name or f"{found.schema.name}.to-{to}"
        if warning := paused(State(place), run):
            click.echo(warning, err=True)

        def work(told: Told) -> Progress:
            with settings_of(found, told) as settings:
                return backfill(
                    found.schema,
                    found.store,
                    to=to,
                    lower=found.wanted.lower,
                    purge=found.wanted.purge,
                    name=run,
                    state=place,
                    settings=settings,
                )

        ended = carried_out(work, quiet=quiet)
        if isinstance(ended, int):
            return ended
        if not ended.complete:
            click.echo("Stopped. Start it again, and it goes on where it was.", err=True)
            return INCOMPLETE
        if ended.books.quarantined:
            told = f"Quarantined: {ended.books.quarantined:,}. `serde-backfill quarantine ls` says why."
            click.echo(told, err=True)
            return FINDINGS
        return CLEAN


def carried_out(work: Callable[[Told], Progress], *, quiet: bool, lines: bool = True) -> Progress | int:
    """How a run ended, or the exit code if it did not."""
    told = Told()
    try:
        with telling(quiet=quiet, lines=lines) as told:
            return work(told)
    except KeyboardInterrupt:
        click.echo("Interrupted. What was done stands; start it again, and it goes on where it was.", err=True)
        return INTERRUPTED
    except UnsafeStoreError:
        raise
    except (BackfillError, StoreError) as error:
        if told.last is None and isinstance(error, BackfillError):
            raise  # it has not begun: something else is under way
        click.echo(f"Error: {error}", err=True)
        return INCOMPLETE
    except (PicklingError, TypeError, AttributeError) as error:
        click.echo(f"Error: the work cannot be sent to the workers, or is wrong there: {error}", err=True)
        return INCOMPLETE
