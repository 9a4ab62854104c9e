"""`serde-check lock`: locks what the project declares."""

from __future__ import annotations

from pathlib import Path

import click

from versioned_serde.check.project import load_registries, shown
from versioned_serde.check.settings import Settings
from versioned_serde.cli.check.command import CLEAN, FINDINGS
from versioned_serde.errors import LockError
from versioned_serde.lock.files import check_lock, write_lock

_EPILOG = """\b
Examples:
  serde-check lock                          # commit the folder in the same change
  serde-check lock --check                  # exit with 1 if it is not fresh; writes nothing
  serde-check lock --draft shop.order:4     # version 4 was locked, but no release has had it
"""


@click.command(epilog=_EPILOG)
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit with 1 if something would be written.")
@click.option(
    "--draft", "drafts", multiple=True, metavar="SCHEMA:VERSION", help="Lock this version anew: no release has had it."
)
@click.option(
    "--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Its folder."
)
def command(check_only: bool, drafts: tuple[str, ...], project: Path) -> int:
    """Writes the lock: one small file for each schema and parameter, to be committed with the code."""
    settings = Settings.load(project)
    declared = load_registries(settings)
    if check_only:
        differences = check_lock(declared, settings.lock_folder)
        for each in differences:
            click.echo(str(each))
        return FINDINGS if differences else CLEAN
    try:
        changed = write_lock(declared, settings.lock_folder, drafts=dict(map(_draft, drafts)))
    except LockError as error:
        click.echo(f"Nothing was written.\n{error}", err=True)
        return FINDINGS
    for file in changed:
        click.echo(f"wrote {shown(file.resolve())}")
    if not changed:
        click.echo("The lock is fresh.")
    return CLEAN


def _draft(text: str) -> tuple[str, int]:
    name, _, version = text.rpartition(":")
    if not name or not version.isdecimal():
        raise click.UsageError(f"`{text}` is not of the form SCHEMA:VERSION.")
    return name, int(version)
