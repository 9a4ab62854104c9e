"""Options that several verbs have, and what they mean."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from versioned_serde.backfill.control import PAUSE, asked_of
from versioned_serde.backfill.project import Project, project
from versioned_serde.backfill.record import Run, find, names
from versioned_serde.backfill.run import SHARDS_OF_A_WORKER, Settings, Tell
from versioned_serde.backfill.settings import ENGINES, Wanted, tables, wanted
from versioned_serde.backfill.state import State
from versioned_serde.backfill.throttle import Pace
from versioned_serde.errors import BackfillError, MissingExtraError
from versioned_serde.settings import SettingsError

F = TypeVar("F", bound=Callable[..., Any])
_POSITIVE = click.FloatRange(min=0, min_open=True)
_PLACES = (
    click.option("--schema", metavar="MODULE:NAME", help="The schema; of a registry, MODULE:NAME:SCHEMA."),
    click.option("--store", metavar="MODULE:NAME", help="The store of the records, or a function that opens it."),
    click.option("--state", metavar="MODULE:NAME", help="Where runs keep what they know; beside the records if unset."),
    click.option(
        "--project",
        "folder",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        help="The folder of pyproject.toml.",
    ),
)
_TARGET = (
    click.option("--to", type=click.IntRange(min=1), metavar="VERSION", help="The version that records shall have."),
    click.option("--lower", is_flag=True, help="Take newer records down to it, before a roll-back."),
    click.option("--purge", is_flag=True, help="Take out what is kept for retired versions."),
)
_CARRYING_OUT = (
    click.option("--workers", type=click.IntRange(min=1), help="How many at once; one for each processor if unset."),
    click.option("--shards", type=click.IntRange(min=1), help="Ranges of keys; 8 for each worker if unset."),
    click.option("--batch", type=click.IntRange(min=1), help="Records between two checkpoints; 200 if unset."),
    click.option(
        "--lease", type=_POSITIVE, metavar="SECONDS", help="After which a silent worker is dead; 15 if unset."
    ),
    click.option("--threads", type=click.IntRange(min=1), help="Writes of a worker at once; 1 if unset."),
    click.option("--engine", type=click.Choice(ENGINES), help="What runs the workers; processes if unset."),
    click.option("--scheduler", metavar="ADDRESS", help="Of Dask, such as tcp://scheduler:8786."),
)
_HEALTH = click.option("--health", metavar="MODULE:FUNCTION", help="Slow down while it returns False or raises.")
_PACE = (
    click.option("--rate", type=_POSITIVE, help="Most records rewritten a second, by all workers together."),
    click.option("--p95", type=_POSITIVE, metavar="SECONDS", help="Slow down while writes take longer than this."),
    _HEALTH,
)
_PACE_OF_READS = (
    click.option("--rate", "reads", type=_POSITIVE, help="Most records read a second, by all workers together."),
    _HEALTH,
)
NAME = click.argument("name", required=False)
NAMED = click.option("--name", metavar="NAME", help="Of the backfill, where several are declared.")
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


def places(function: F) -> F:
    """Adds the options that say where things are."""
    return _with(function, _PLACES)


def target(function: F) -> F:
    """Adds the options that say what records shall be."""
    return _with(function, _TARGET)


def carrying_out(function: F) -> F:
    """Adds the options of a run."""
    return _with(function, _CARRYING_OUT)


def pace(function: F) -> F:
    """Adds the options that say how fast records may be rewritten."""
    return _with(function, _PACE)


def pace_of_reads(function: F) -> F:
    """Adds the options that say how fast records may be read where none is written."""
    return _with(function, _PACE_OF_READS)


def _with(function: F, options: tuple[Callable[[F], F], ...]) -> F:
    for option in reversed(options):
        function = option(function)
    return function


@contextmanager
def chosen(name: str | None, said: dict[str, Any], *, strict: bool = False) -> Iterator[Project]:
    """The backfill that is meant, imported and opened.

    Args:
        name: as it was given.
        said: what the options say.
        strict: whether a table or the options have to declare it; else it may be the name of any run.
    """
    rest = {key: value for key, value in said.items() if key != "folder"}
    with project(wanted(tables(said["folder"]), name, rest, strict=strict)) as found:
        yield found


@contextmanager
def chosen_run(name: str | None, said: dict[str, Any]) -> Iterator[tuple[Project, State, Run]]:
    """A run that there is, by its name; without one, the only run that is no census."""
    with chosen(name, said) as found:
        state = State(found.place())
        asked = name or found.wanted.name
        known = names(state)
        if name is None and asked not in known:
            rewriting = [each for each in known if find(state, each).kind == "rewrite"]
            asked = rewriting[0] if len(rewriting) == 1 else asked
        if asked is None:
            raise BackfillError(
                "It is not clear which run is meant.",
                hint=f"Known are: {', '.join(f'`{e}`' for e in known) or 'none'}.",
            )
        yield found, state, find(state, asked)


@contextmanager
def live_run(name: str | None, said: dict[str, Any]) -> Iterator[tuple[State, Run]]:
    """A run that has not ended.

    Raises:
        BackfillError: it has.
    """
    with chosen_run(name, said) as (_, state, run):
        if run.ended_at:
            raise BackfillError(
                f"`{run.name}` ended at {run.ended_at[:19]}.", run=run.name, hint="Nothing is under way."
            )
        yield state, run


def aim(found: Project) -> int:
    """The version that records shall have.

    Raises:
        SettingsError: nobody says it.
    """
    if found.wanted.to is None:
        raise SettingsError(
            "It is not said which version records shall have.", hint="Say --to, or `to` in the backfill's table."
        )
    return found.wanted.to


def shards_of(asked: Wanted) -> int:
    """Into how many ranges of keys the records are to be parted."""
    return asked.shards or SHARDS_OF_A_WORKER * (asked.workers or os.cpu_count() or 1)


@contextmanager
def settings_of(found: Project, tell: Tell | None, pace: Pace | None = None) -> Iterator[Settings]:
    """How a run is carried out.

    Args:
        found: the backfill.
        tell: see `Settings`.
        pace: in the place of that of the backfill.

    Raises:
        SettingsError: Dask's scheduler is not named, or cannot be reached.
        MissingExtraError: Dask is not installed.
    """
    asked = found.wanted
    with ExitStack() as stack:
        engine = stack.enter_context(_dask(asked.scheduler)) if asked.engine == "dask" else None
        yield Settings(
            engine=engine,
            workers=asked.workers,
            shards=shards_of(asked),
            batch=asked.batch,
            lease=asked.lease,
            threads=asked.threads,
            pace=pace or Pace(asked.rate, asked.p95, found.health),
            tell=tell,
        )


@contextmanager
def _dask(scheduler: str | None) -> Iterator[Any]:
    if scheduler is None:
        raise SettingsError("Dask's scheduler is not named.", hint="Say --scheduler tcp://HOST:8786.")
    try:
        from versioned_serde.backfill.engines.dask import cluster  # noqa: PLC0415  an extra of its own
    except MissingExtraError as error:
        raise error from None
    with ExitStack() as stack:
        try:
            engine = stack.enter_context(cluster(scheduler))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"Dask's scheduler `{scheduler}` cannot be reached: {error}.", hint="Is it the address that it printed?"
            ) from None
        yield engine


def paused(state: State, name: str) -> str | None:
    """Says so of a run that is paused, to who starts it again."""
    if name not in names(state):
        return None
    run = find(state, name)
    if run.ended_at or asked_of(state, run.id).what != PAUSE:
        return None
    return f"The run is paused: `serde-backfill resume {name}` lets it go on."
