"""`serde-check fix`: the declaration of a changed model, with its lock and its test."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from versioned_serde.check.asked import Asked
from versioned_serde.check.baseline import baseline
from versioned_serde.check.fix.choices import is_expression
from versioned_serde.check.fix.editing import Fix
from versioned_serde.check.fix.fixing import fix
from versioned_serde.check.fix.retiring import retire
from versioned_serde.check.release import Release
from versioned_serde.check.settings import Settings
from versioned_serde.cli.check.command import CLEAN, FINDINGS
from versioned_serde.lock.certificate import Certificate

_EPILOG = """\b
Examples:
  serde-check fix                          # all schemas
  serde-check fix --diff shop.order        # look only
  serde-check fix --check                  # in CI: is everything declared?
  serde-check fix --retire 3 --certificate census.json
  serde-check fix --retire 1 shop.heartbeat # a parameter: a value that no release emits any more
"""


@click.command(epilog=_EPILOG)
@click.argument("names", metavar="[SCHEMA]...", nargs=-1)
@click.option("--against", metavar="REF", multiple=True, help="A release; versions that none has are drafts.")
@click.option("--yes", is_flag=True, help="Take the safe answer to every question that has one.")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something would be written.")
@click.option("--retire", "retired", type=click.IntRange(1), metavar="N", help="Take out the versions up to N instead.")
@click.option(
    "--certificate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --retire: what a census found; it names the schema.",
)
@click.option(
    "--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Its folder."
)
def command(
    names: tuple[str, ...],
    against: tuple[str, ...],
    yes: bool,
    diff: bool,
    check: bool,
    retired: int | None,
    certificate: Path | None,
    project: Path,
) -> int:
    """Declares what was changed in a model: its version line with the steps, the lock and a test."""
    settings = Settings.load(project)
    releases = _releases(settings, against)
    if retired is not None:
        made = _retired(settings, releases, retired, names, certificate)
    else:
        ask = _Safe() if yes else _Person() if _is_terminal() and not check else None
        made = fix(settings, releases, names, ask)
    if diff or check:
        click.echo(made.patch.diff(settings.root), nl=False)
    for note in made.notes:
        click.echo(note, err=diff)
    for problem in made.problems:
        click.echo(f"Not done: {problem}", err=True)
    changed = made.patch.changed
    if not diff and not check and made.writable:
        made.patch.apply()
        for file in changed:
            click.echo(f"wrote {file.relative_to(settings.root).as_posix()}")
    if not changed and not made.problems:
        click.echo("Nothing to do.", err=diff)
    return FINDINGS if made.problems or (check and changed) else CLEAN


def _retired(
    settings: Settings, releases: Sequence[Release], version: int, names: Sequence[str], certificate: Path | None
) -> Fix:
    text = None
    if certificate is not None:
        text = certificate.read_text(encoding="utf-8", errors="replace")
        try:
            names = names or (Certificate.parsed(text).schema,)
        except ValueError as error:
            raise click.UsageError(f"`{certificate}` cannot be used. {error}") from None
    if len(names) != 1:
        raise click.UsageError("Say of which schema or parameter: one name, or the certificate that has it.")
    return retire(settings, releases, version, names[0], text)


def _releases(settings: Settings, against: Sequence[str]) -> list[Release]:
    """The releases whose versions are frozen; without any, what the lock holds is."""
    named, _ = Asked(tuple(against)).releases(settings)
    if named:
        return [baseline(each, settings) for each in named]
    return [baseline(settings.lock, settings)] if settings.lock_folder.is_dir() else []


def _is_terminal() -> bool:
    return sys.stdin.isatty()


class _Safe:
    """Takes what is safe."""

    def choose(self, question: str, options: list[str]) -> int:
        return 0

    def say(self, question: str, safe: str) -> str:
        return safe


class _Person:
    """Asks at the terminal."""

    def choose(self, question: str, options: list[str]) -> int:
        click.echo(question)
        for number, option in enumerate(options, start=1):
            click.echo(f"  {number}  {option}")
        return int(click.prompt("Which", type=click.IntRange(1, len(options)), default=1)) - 1

    def say(self, question: str, safe: str) -> str:
        return str(click.prompt(f"{question} (Python; `...` leaves it open)", default=safe, value_proc=_expression))


def _expression(text: str) -> str:
    if not is_expression(text):
        raise click.BadParameter("That is not one expression of Python.")
    return text
