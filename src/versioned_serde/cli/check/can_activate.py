"""`serde-check can-activate`: does every release that runs read a version?"""

from __future__ import annotations

from pathlib import Path

import click

from versioned_serde.check.baseline import baseline
from versioned_serde.check.release import ParameterLock, Release, SchemaLock
from versioned_serde.check.settings import Settings
from versioned_serde.cli.check.command import CLEAN, FINDINGS
from versioned_serde.settings import SettingsError

_EPILOG = """\b
Examples:
  serde-check can-activate shop.order 2 --live v1.5.0 --live v1.4.2
  serde-check can-activate shop.heartbeat 2 --live v1.5.0

It answers from the locks of those releases; whether they are all that run, only you know.
"""


@click.command(epilog=_EPILOG)
@click.argument("name", metavar="SCHEMA")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--live", multiple=True, required=True, metavar="RELEASE", help="A release that runs; repeatable.")
@click.option("--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def command(name: str, version: int, live: tuple[str, ...], project: Path) -> int:
    """Says whether VERSION of a schema or parameter may be written now, and if not, who is behind."""
    settings = Settings.load(project)
    releases = [baseline(each, settings) for each in live]
    behind = [each for each in releases if not _copes(each, releases, name, version)]
    for each in behind:
        lock = each.schemas.get(name)
        reads = f"reads {lock.readable()}" if lock else "does not tolerate it"
        click.echo(f"No: {each.name} {reads}.")
    if not behind:
        click.echo(f"Yes: {', '.join(each.name for each in releases)} cope{'s' * (len(releases) == 1)} with it.")
    return FINDINGS if behind else CLEAN


def _copes(release: Release, releases: list[Release], name: str, version: int) -> bool:
    """Whether a release reads the version as those declare it that do."""
    owners: list[SchemaLock] = [each.schemas[name] for each in releases if name in each.schemas]
    if owners:
        known = [each for each in owners if version in each.versions]
        if not known:
            raise SettingsError(f"No release that runs has a version {version} of {name}.", hint="Prepare it first.")
        lock = release.schemas.get(name)
        # One that does not declare the schema never meets its records.
        return lock is None or all(lock.reads(each, version) for each in known)
    emitters: list[ParameterLock] = [each.parameters[name] for each in releases if name in each.parameters]
    values = [each.versions[version] for each in emitters if version in each.versions]
    if not values:
        raise SettingsError(f"No release that runs has a version {version} of {name}.", hint="Is the name right?")
    parameter = release.parameters.get(name)
    return parameter is None or all(map(parameter.accepts, values))
