"""`serde-backfill plan`: what a run would do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import click

from versioned_serde.backfill.books import Books
from versioned_serde.backfill.counting import Counted, counted
from versioned_serde.backfill.project import Project
from versioned_serde.backfill.report import plain_counts
from versioned_serde.backfill.retrying import retried
from versioned_serde.backfill.run import rehearsed
from versioned_serde.cli.backfill._options import (
    FORMAT,
    NAME,
    aim,
    carrying_out,
    chosen,
    pace,
    places,
    shards_of,
    target,
)
from versioned_serde.cli.backfill._texts import table_of_counts
from versioned_serde.cli.backfill.command import CLEAN, FINDINGS
from versioned_serde.cli.output import write
from versioned_serde.rewriting import Target

_EPILOG = """\b
Examples:
  serde-backfill plan orders
  serde-backfill plan orders --dry-run     # reads and rewrites everything in memory
  serde-backfill plan orders --to 3 --format json

It writes nothing at all. Exit code 1 if something has to be done first, or if a dry run finds what cannot be rewritten.
"""
_HOW = {
    "starts": "all records, by their tags",
    "all": "all records",
    "sample": "a sample from all over the store",
}


@dataclass(slots=True)
class Plan:
    """What a run would do, as far as it can be known here.

    Attributes:
        listed: whether this release lists the version.
        first: what has to be done before.
        notes: what is good to know.
    """

    listed: bool
    first: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@click.command(epilog=_EPILOG)
@NAME
@places
@target
@carrying_out
@pace
@click.option("--dry-run", is_flag=True, help="Rewrite all records in memory, and say what became of them.")
@FORMAT
def command(name: str | None, form: str, dry_run: bool, **said: Any) -> int:
    """Says what the backfill NAME would do, and what has to be done first."""
    with chosen(name, said, strict=True) as found:
        to = aim(found)
        plan = planned(found, to)
        shards = len(retried(lambda: found.store.partition(shards_of(found.wanted)))) + 1
        there = counted(found.schema, found.store)
        books = None
        if dry_run and plan.listed and not found.schema.view:
            aimed = Target(to, lower=found.wanted.lower, purge=found.wanted.purge)
            books = rehearsed(found.schema, found.store, aimed, batch=found.wanted.batch)
        write(
            _json(found, plan, to, shards, there, books)
            if form == "json"
            else _text(found, plan, to, shards, there, books)
        )
        return FINDINGS if plan.first or (books is not None and books.quarantined) else CLEAN


def planned(found: Project, to: int) -> Plan:
    """What can be known from the declaration."""
    schema = found.schema
    plan = Plan(to in schema.versions)
    if schema.view:
        plan.first.append("This is a view of another team's schema: the team that owns it rewrites its records.")
    if not plan.listed:
        plan.first.append(
            f"Prepare version {to}: this release lists {', '.join(map(str, schema.versions))}. A release that lists"
            " it, and still writes the older one, has to be on every host."
        )
        return plan
    line = next(line for line in schema.lines if line.number == to)
    if line.raised_by:
        plan.notes.append(
            f"Records of version {to} are readable from version {line.min_reader} on, because of"
            f" {', '.join(f'`{each}`' for each in line.raised_by)}: every host that reads them has to list it."
        )
    if schema.writes < to:
        plan.first.append(
            f"Fence old writers first: this release still writes version {schema.writes}, so older records come back"
            f" while the run goes on. Activate version {to} on every host, then start."
        )
    if found.wanted.lower and schema.writes > to:
        plan.first.append(
            f"Roll back writers first: this release writes version {schema.writes}, so newer records come back while"
            f" the run goes on. Have every host write version {to} at most, then start."
        )
    return plan


def _json(found: Project, plan: Plan, to: int, shards: int, there: Counted, books: Books | None) -> str:
    content = {
        "schema": found.schema.name,
        "to": to,
        "lower": found.wanted.lower,
        "purge": found.wanted.purge,
        "listed": plan.listed,
        "writes": found.schema.writes,
        "first": plan.first,
        "notes": plan.notes,
        "shards": shards,
        "counted": there.how,
        "records": there.records,
        "counts": plain_counts(there.counts),
        "unreadable": dict(sorted(there.unreadable.items())),
        "dry_run": None if books is None else books.plain(),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _text(found: Project, plan: Plan, to: int, shards: int, there: Counted, books: Books | None) -> str:
    text = f"{found.schema.name} to version {to}, in {shards} shards\n\n"
    text += f"{there.records:,} records were looked at: {_HOW[there.how]}.\n"
    text += table_of_counts(there.counts, there.unreadable)
    if books is not None:
        told = ", ".join(f"{what} {number:,}" for what, number in books.plain().items() if number)
        text += f"\nA dry run: {told or 'no records'}. Nothing was written.\n"
    for head, lines in (("First", plan.first), ("Note", plan.notes)):
        text += "".join(f"\n{head}: {line}\n" for line in lines)
    return text
