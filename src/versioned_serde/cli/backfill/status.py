"""`serde-backfill status`: how far runs are."""

from __future__ import annotations

import json
from typing import Any

import click

from versioned_serde.backfill.record import Looker, Progress, find, names
from versioned_serde.backfill.report import plain_progress
from versioned_serde.backfill.settings import tables
from versioned_serde.backfill.state import State
from versioned_serde.cli.backfill._options import FORMAT, NAME, chosen, chosen_run, places
from versioned_serde.cli.backfill._texts import told
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-backfill status                    # all runs of all backfills that are declared here
  serde-backfill status orders
  serde-backfill status --format json
"""


@click.command(epilog=_EPILOG)
@NAME
@places
@FORMAT
def command(name: str | None, form: str, **said: Any) -> None:
    """Says how far the run NAME is; without a name, how far all runs are."""
    if name is None:
        found = _all(said)
    else:
        with chosen_run(name, said) as (_, state, run):
            found = [Looker(state, run).progress()]
    if form == "json":
        write(json.dumps([plain_progress(each) for each in found], indent=2, ensure_ascii=False) + "\n")
    else:
        write("".join(map(told, found)) or "No runs.\n")


def _all(said: dict[str, Any]) -> list[Progress]:
    found: dict[str, Progress] = {}
    given = said.get("schema") and said.get("store")
    declared: list[str | None] = [] if given else list(tables(said["folder"]))
    for each in declared or [None]:
        with chosen(each, said) as project:
            state = State(project.place())
            # Backfills of one store see each other's runs.
            for run in [find(state, name) for name in names(state)]:
                if run.id not in found:
                    found[run.id] = Looker(state, run).progress()
    return sorted(found.values(), key=lambda progress: progress.run.began_at)
