"""`serde-backfill verify`: counts what there is."""

from __future__ import annotations

import json
from typing import Any

import click

from versioned_serde.backfill.record import Progress
from versioned_serde.backfill.report import plain_progress
from versioned_serde.backfill.run import census
from versioned_serde.backfill.state import State
from versioned_serde.backfill.throttle import Pace
from versioned_serde.cli.backfill._options import (
    FORMAT,
    NAME,
    carrying_out,
    chosen,
    pace_of_reads,
    paused,
    places,
    settings_of,
)
from versioned_serde.cli.backfill._telling import Told
from versioned_serde.cli.backfill._texts import table_of_counts
from versioned_serde.cli.backfill.command import CLEAN, FINDINGS, INCOMPLETE
from versioned_serde.cli.backfill.run import carried_out
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-backfill verify orders
  serde-backfill verify orders --to 3      # exit with 1 if anything is older than version 3
  serde-backfill verify orders --rate 2000 # of a store that is busy
  serde-backfill verify orders --format json

It goes through all records, and writes nothing but how far it is. Fence hosts that write older versions first: a census
says what was there, not what comes.
"""


@click.command(epilog=_EPILOG)
@NAME
@places
@click.option("--to", type=click.IntRange(min=1), metavar="VERSION", help="Nothing may be older than it.")
@carrying_out
@pace_of_reads
@FORMAT
@click.option("--quiet", is_flag=True, help="Tell nothing of how far it is.")
def command(name: str | None, form: str, quiet: bool, reads: float | None, **said: Any) -> int:
    """Takes a census of all records: how many there are by version, min_reader, and whether they are mixed."""
    with chosen(name, said, strict=True) as found:
        place, asked = found.place(), found.wanted.name
        run = f"{(asked or found.schema.name).removesuffix('.census')}.census"
        if warning := paused(State(place), run):
            click.echo(warning, err=True)

        def work(told: Told) -> Progress:
            # The rate of the table is one of writes, which a store has to be spared more than reads.
            with settings_of(found, told, Pace(reads, health=found.health)) as settings:
                return census(found.schema, found.store, name=run, state=place, settings=settings)

        ended = carried_out(work, quiet=quiet or form == "json", lines=False)
        if isinstance(ended, int):
            return ended
        older = sum(number for (version, _, _), number in ended.counts.items() if version < (found.wanted.to or 0))
        if form == "json":
            write(json.dumps(plain_progress(ended) | {"older": older}, indent=2, ensure_ascii=False) + "\n")
        else:
            write(table_of_counts(ended.counts, ended.unreadable))
            if older:
                write(f"{older:,} records are older than version {found.wanted.to}.\n")
        if not ended.complete:
            click.echo("Stopped. Start it again, and it goes on where it was.", err=True)
            return INCOMPLETE
        return FINDINGS if older or ended.unreadable else CLEAN
