"""`serde-backfill quarantine`: the records that could not be rewritten."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import click

from versioned_serde.backfill.books import Outcome
from versioned_serde.backfill.quarantine import Quarantine, plain
from versioned_serde.backfill.record import Looker, Run
from versioned_serde.backfill.settlement import entries, retry
from versioned_serde.cli.backfill._options import FORMAT, NAMED, chosen_run, places
from versioned_serde.cli.backfill._texts import table
from versioned_serde.cli.backfill.command import CLEAN, FINDINGS
from versioned_serde.cli.output import write
from versioned_serde.errors import BackfillError
from versioned_serde.rewriting import Target

_EPILOG = """\b
Examples:
  serde-backfill quarantine ls
  serde-backfill quarantine show orders/17
  serde-backfill quarantine retry          # all of them, with this release

A record in quarantine is as it was: nothing was written over it.
"""


@click.group(epilog=_EPILOG)
def command() -> None:
    """Records that could not be rewritten, and why."""


@command.command("ls", epilog="\b\nExamples:\n  serde-backfill quarantine ls --name orders --format json")
@NAMED
@places
@FORMAT
def ls(name: str | None, form: str, **said: Any) -> int:
    """Lists them. Exit code 1 if there are any."""
    with chosen_run(name, said) as (_, state, run):
        _rewriting(run)
        found = sorted(entries(state, run.id), key=lambda entry: entry.key)
        if form == "json":
            write(json.dumps([plain(each) for each in found], indent=2, ensure_ascii=False) + "\n")
        elif not found:
            write("The quarantine is empty.\n")
        else:
            rows = [(each.key, each.reason, each.seen_at, f"{each.size:,}") for each in found]
            write(table(("key", "reason", "seen at", "bytes"), rows))
        return FINDINGS if found else CLEAN


@command.command("show", epilog="\b\nExamples:\n  serde-backfill quarantine show orders/17")
@click.argument("key")
@NAMED
@places
@FORMAT
def show(key: str, name: str | None, form: str, **said: Any) -> None:
    """Says what is wrong with the record KEY. Nothing of what it holds is shown."""
    with chosen_run(name, said) as (_, state, run):
        entry = Quarantine(state, _rewriting(run).id).get(key)
        if entry is None:
            raise _no_such(run, key)
        if form == "json":
            write(json.dumps(plain(entry), indent=2, ensure_ascii=False) + "\n")
        else:
            told = plain(entry)
            write("".join(f"{field:<8} {value}\n" for field, value in told.items()))


@command.command(
    "retry",
    epilog="\b\nExamples:\n  serde-backfill quarantine retry\n  serde-backfill quarantine retry orders/17 orders/18",
)
@click.argument("keys", nargs=-1)
@NAMED
@places
@FORMAT
def again(keys: tuple[str, ...], name: str | None, form: str, **said: Any) -> int:
    """Tries the records KEYS again as this release declares them; all, without keys. Exit code 1 if any stay."""
    with chosen_run(name, said) as (found, state, run):
        if found.schema.name != _rewriting(run).schema:
            raise BackfillError(
                f"The run is about {run.schema}, and the schema here is {found.schema.name}.",
                run=run.name,
                hint="Name the backfill that declares it, or say --schema.",
            )
        if not Looker(state, run).progress().complete:
            raise BackfillError(
                "The run is not complete, and would count what is tried again a second time.",
                run=run.name,
                hint="Let it end first: `serde-backfill run`.",
            )
        there = [entry.key for entry in entries(state, run.id)]
        for key in keys:
            if key not in there:
                raise _no_such(run, key)
        target = Target(run.to, lower=run.lower, purge=run.purge)
        outcomes: Counter[str] = Counter()
        for tried in retry(found.schema, found.store, state, run.id, target, keys or there):
            outcomes[tried.outcome.value] += 1
            if form == "json":
                write(json.dumps({"key": tried.key, "outcome": tried.outcome.value}, ensure_ascii=False) + "\n")
            else:
                write(f"{tried.outcome.value:<12} {tried.key}\n")
        if form == "text" and not outcomes:
            write("The quarantine is empty.\n")
        return FINDINGS if outcomes[Outcome.QUARANTINED.value] else CLEAN


def _rewriting(run: Run) -> Run:
    if run.kind == "census":
        raise BackfillError(
            "A census has no quarantine.", run=run.name, hint="It counts by reason what is not readable."
        )
    return run


def _no_such(run: Run, key: str) -> BackfillError:
    return BackfillError(
        f"`{key}` is not in the quarantine of `{run.name}`.",
        run=run.name,
        hint="`serde-backfill quarantine ls` lists it.",
    )
