"""`serde-check check`: is the lock fresh, and does this release go with those beside it?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from versioned_serde.check.baseline import baseline, default_baseline
from versioned_serde.check.certificates import certificates
from versioned_serde.check.checking import findings, in_order
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.freshness import freshness
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.project import load_registries, places
from versioned_serde.check.release import Release
from versioned_serde.check.reports.report import formats
from versioned_serde.check.rules.lock.declaration_refused import RULE as REFUSED
from versioned_serde.check.settings import Settings
from versioned_serde.cli.check.command import exit_code
from versioned_serde.errors import DeclarationError

_EPILOG = """\b
Examples:
  serde-check                                  # against what the settings say, or origin's main branch
  serde-check --against v1.4.0 --against v1.5.0
  serde-check --live v1.5.0 --supported v1.4.0 # v1.5.0 runs now; somebody may go back to v1.4.0
  serde-check --against ../release/serde-lock --format sarif > serde.sarif
"""


@click.command(epilog=_EPILOG)
@click.option("--against", multiple=True, metavar="RELEASE", help="A git ref, folder or file; repeatable.")
@click.option("--live", multiple=True, metavar="RELEASE", help="A release that runs now; --against are then supported.")
@click.option("--supported", multiple=True, metavar="RELEASE", help="A release that somebody may go back to.")
@click.option(
    "--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Its folder."
)
@click.option("--format", "form", default="text", show_default=True, metavar="NAME", help="How it is reported.")
def command(
    against: tuple[str, ...], live: tuple[str, ...], supported: tuple[str, ...], project: Path, form: str
) -> int:
    """Checks the lock, and holds this release against those that run beside it."""
    format_ = formats().get(form)
    if format_ is None:
        raise click.UsageError(f"There is no format `{form}`; known are {', '.join(sorted(formats()))}.")
    outcome = checked(Settings.load(project), against, live, supported)
    click.echo(format_.report(outcome, colour=sys.stdout.isatty()), nl=False)
    return exit_code(outcome)


def checked(settings: Settings, against: tuple[str, ...], live: tuple[str, ...], supported: tuple[str, ...]) -> Outcome:
    """What a check of a project comes to.

    Raises:
        SettingsError: a release or registry cannot be found.
        LockError: a release's lock cannot be read.
    """
    try:
        comparison = compared(settings, against, live, supported)
    except DeclarationError as error:
        return Outcome(findings=(REFUSED.finding(str(error), schema=error.schema, version=error.version),))
    declared = list(comparison.declared.values())
    found = [*freshness(declared, settings.lock_folder, comparison.places), *findings(comparison)]
    return Outcome(findings=tuple(in_order(found)), against=tuple(each.name for each in comparison.others))


def compared(
    settings: Settings, against: tuple[str, ...], live: tuple[str, ...], supported: tuple[str, ...]
) -> Comparison:
    """This tree and the releases that it is held against.

    Raises:
        DeclarationError: what the project declares cannot be right.
        SettingsError, LockError: as for `checked`.
    """
    declared = load_registries(settings)
    against = against or settings.against
    if not against and not live and (default := default_baseline(settings)) is not None:
        against = (default,)
    beside, further = (live, (*against, *supported)) if live else (against, supported)
    return Comparison(
        now=Release.of_declared("this tree", declared, settings.lock_folder),
        beside=[baseline(each, settings) for each in beside],
        supported=[baseline(each, settings) for each in dict.fromkeys((*further, *settings.supported))],
        declared={each.name: each for each in declared},
        places=places(settings, [each.name for each in declared]),
        certificates=certificates(settings.lock_folder),
    )
