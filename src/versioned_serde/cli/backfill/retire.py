"""`serde-backfill retire`: whether the reader of a version may go."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from versioned_serde.backfill.project import Project, project
from versioned_serde.backfill.reads import from_prometheus, from_scrapes
from versioned_serde.backfill.retirement import Evidence, Found, Reads, certificate, conditions, found
from versioned_serde.backfill.settings import Wanted, tables, wanted
from versioned_serde.backfill.state import State
from versioned_serde.cli.backfill._options import FORMAT, places
from versioned_serde.cli.backfill.command import CLEAN, FINDINGS
from versioned_serde.cli.output import write
from versioned_serde.errors import BackfillError
from versioned_serde.settings import SettingsError

_EPILOG = """\b
Examples:
  serde-backfill retire check shop.order 1 --fence-confirmed-at 2026-11-20T08:00:00Z \\
      --prometheus http://prometheus:9090 --cleared "the cache=2026-11-23T08:00:00Z"
  serde-backfill retire check shop.order 1 ... --certificate shop.order.1.json
  serde-check fix --retire 1 --certificate shop.order.1.json
"""
_CHECK_EPILOG = """\b
It looks at the last `serde-backfill verify` of every backfill that pyproject.toml declares for the schema.

\b
Side places, where records may be beside the stores, are declared with the backfill:
  [tool.serde-backfill.orders]
  side-places = ["the cache", "the queue"]

\b
Exit code 0 if all conditions hold, 1 if not.
"""
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is no time; write 2026-11-20T08:00:00Z.", param, ctx)
        return time if time.tzinfo is not None else self.fail(f"`{value}` has no time zone; add Z.", param, ctx)


class _Span(click.ParamType[timedelta]):
    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        parts = re.findall(r"(\d+)([dhms])", value)
        if not parts or "".join(number + unit for number, unit in parts) != value:
            self.fail(f"`{value}` is no span; write 3d, 72h or 90m.", param, ctx)
        return timedelta(**{_UNITS[unit]: int(number) for number, unit in parts})


class _Cleared(click.ParamType[tuple[str, datetime]]):
    name = "place=time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, datetime]:
        place, equals, time = value.rpartition("=")
        if not equals or not place:
            self.fail(f"`{value}` is not of the form PLACE=TIME.", param, ctx)
        return place, _Time().convert(time, param, ctx)


@click.group(epilog=_EPILOG)
def command() -> None:
    """Says whether the reader of a version may go, and certifies it."""


@command.command("check", epilog=_CHECK_EPILOG)
@click.argument("name", metavar="SCHEMA")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--fence-confirmed-at", "fenced", type=_Time(), help="Since when no live host writes the version.")
@click.option("--bake", type=_Span(), default=timedelta(days=3), help="How long the fence has to stand; 3d if unset.")
@click.option("--prometheus", metavar="URL", help="The server that has the metrics of all live hosts.")
@click.option(
    "--scrapes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    nargs=2,
    metavar="BEFORE AFTER",
    help="Instead: two folders of what each host exposed at `/metrics`, a file each.",
)
@click.option("--cleared", type=_Cleared(), multiple=True, help="A side place, and when it was clear; repeatable.")
@click.option("--certificate", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write it, if all hold.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@places
@FORMAT
def check(
    name: str,
    version: int,
    fenced: datetime | None,
    bake: timedelta,
    prometheus: str | None,
    scrapes: tuple[Path, Path] | None,
    cleared: tuple[tuple[str, datetime], ...],
    file: Path | None,
    force: bool,
    form: str,
    **said: Any,
) -> int:
    """Holds all that is known against the conditions under which VERSION of SCHEMA may go, with all that are older."""
    if file is not None and file.exists() and not force:
        raise click.UsageError(f"`{file}` is there already; say --force to write over it.")
    with ExitStack() as stack:
        declared = _of_schema(name, said, stack)
        side_places = tuple(dict.fromkeys(place for each in declared for place in each.wanted.side_places))
        if strange := [place for place, _ in cleared if place not in side_places]:
            raise SettingsError(
                f"`{strange[0]}` is not declared as a side place.",
                hint=f"Declared are: {', '.join(side_places) or 'none'}. Add it to `side-places` of the backfill.",
            )
        scans = {_place(each): _scan(each) for each in declared}
        evidence = Evidence(
            fenced_at=fenced,
            bake=bake,
            found=[scan for scan in scans.values() if scan is not None],
            reads=_reads(name, version, bake, prometheus, scrapes),
            side_places=side_places,
            cleared=dict(cleared),
        )
        unscanned = [place for place, scan in scans.items() if scan is None]
        return _told(declared[0], version, evidence, unscanned, file, form)


def _told(
    declared: Project, version: int, evidence: Evidence, unscanned: list[str], file: Path | None, form: str
) -> int:
    found_ = conditions(version, evidence, unscanned=unscanned)
    holds = all(each.holds for each in found_)
    if form == "json":
        content = {"schema": declared.schema.name, "version": version, "may_go": holds}
        write(json.dumps(content | {"conditions": [asdict(each) for each in found_]}, indent=2) + "\n")
    else:
        for each in found_:
            write(f"{'yes' if each.holds else 'NO':<4}{each.told}{' ' + each.next_step if each.next_step else ''}\n")
        write(f"The reader of version {version} may {'go' if holds else 'not go yet'}.\n")
    if not holds:
        return FINDINGS
    if file is not None:
        file.write_text(certificate(declared.schema, version, evidence).text(), encoding="utf-8")
        click.echo(f"Certified in {file}.", err=True)
    return CLEAN


def _of_schema(schema: str, said: dict[str, Any], stack: ExitStack) -> list[Project]:
    """The backfills of the schema: one for each place of its records."""
    rest = {key: value for key, value in said.items() if key != "folder"}
    declared = tables(said["folder"])
    if said.get("schema") or said.get("store"):
        asked: list[Wanted] = [wanted(declared, None, rest, strict=True)]
    else:
        asked = [wanted(declared, name, rest, strict=True) for name in declared]
    opened = [stack.enter_context(project(each)) for each in asked]
    chosen = [each for each in opened if each.schema.name == schema]
    if not chosen:
        known = sorted({each.schema.name for each in opened})
        raise SettingsError(
            f"No backfill is declared for the schema `{schema}`.", hint=f"Declared are: {', '.join(known) or 'none'}."
        )
    return chosen


def _place(declared: Project) -> str:
    return declared.wanted.name or declared.wanted.store or declared.schema.name


def _scan(declared: Project) -> Found | None:
    """What the last census of the place found; None if there was none."""
    run = f"{declared.wanted.name or declared.schema.name}.census"
    try:
        return found(_place(declared), State(declared.place()), declared.schema.name, run)
    except BackfillError:
        return None


def _reads(
    schema: str, version: int, bake: timedelta, prometheus: str | None, scrapes: tuple[Path, Path] | None
) -> Reads | None:
    if prometheus is not None and scrapes is not None:
        raise click.UsageError("Say --prometheus or --scrapes, not both.")
    if prometheus is not None:
        # A little more than the bake, so that the answer is not too short by the time that it took.
        return from_prometheus(prometheus, schema, version, bake + timedelta(minutes=1))
    return None if scrapes is None else from_scrapes(*scrapes, schema, version)
