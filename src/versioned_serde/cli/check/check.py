"""`serde-check check`: is the lock fresh, and does this release go with those beside it?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from versioned_serde.check.asked import Asked
from versioned_serde.check.settings import Settings
from versioned_serde.check.unchanged import note, recall
from versioned_serde.cli.check.command import CLEAN, exit_code
from versioned_serde.cli.output import write

_EPILOG = """\b
Examples:
  serde-check                                  # against what the settings say, or origin's main branch
  serde-check --against v1.4.0 --against v1.5.0
  serde-check --live v1.5.0 --supported v1.4.0 # v1.5.0 runs now; somebody may go back to v1.4.0
  serde-check --against ../release/serde-lock --format sarif > serde.sarif
  serde-check --against v1.4.0 --prove         # run the old reader on a record that it cannot read
  serde-check --write-baseline serde-known.json # adopts what is found now; later runs say --baseline
"""


@click.command(epilog=_EPILOG)
@click.option("--against", multiple=True, metavar="RELEASE", help="A git ref, folder or file; repeatable.")
@click.option("--live", multiple=True, metavar="RELEASE", help="A release that runs now; --against are then supported.")
@click.option("--supported", multiple=True, metavar="RELEASE", help="A release that somebody may go back to.")
@click.option(
    "--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".", help="Its folder."
)
@click.option("--format", "form", default="text", show_default=True, metavar="NAME", help="How it is reported.")
@click.option(
    "--prove",
    is_flag=False,
    flag_value="lock",
    type=click.Choice(["lock", "code"]),
    help="Give each error's record to the reader that the old release's lock tells of, or to that release's own code"
    " (a git ref; it runs in a child process), and report what became of it.",
)
@click.option(
    "--baseline",
    "known",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Report only what is not in this file of known findings.",
)
@click.option(
    "--write-baseline",
    "adopt",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what is found into such a file instead of reporting it.",
)
@click.option("--cache/--no-cache", default=True, show_default=True, help="Do not check an unchanged tree again.")
def command(
    against: tuple[str, ...],
    live: tuple[str, ...],
    supported: tuple[str, ...],
    project: Path,
    form: str,
    prove: Literal["lock", "code"] | None,
    known: Path | None,
    adopt: Path | None,
    cache: bool,
) -> int:
    """Checks the lock, and holds this release against those that run beside it."""
    if known is not None and adopt is not None:
        raise click.UsageError("--baseline and --write-baseline exclude each other.")
    settings, asked = Settings.load(project), Asked(against, live, supported)
    options = (form, sys.stdout.isatty(), known and known.read_bytes())
    if cache and adopt is None and (printed := recall(settings, asked, options)) is not None:
        write(printed)
        return CLEAN
    return _checked(settings, asked, form, prove, known, adopt, options if cache else None)


def _checked(
    settings: Settings,
    asked: Asked,
    form: str,
    prove: Literal["lock", "code"] | None,
    known: Path | None,
    adopt: Path | None,
    options: tuple[object, ...] | None,
) -> int:
    # Only now: all that reads models and rules takes longer to import than an unchanged tree to recognize.
    from versioned_serde.check.known import KnownFindings  # noqa: PLC0415
    from versioned_serde.check.project import shown, sources  # noqa: PLC0415
    from versioned_serde.check.reports.report import formats  # noqa: PLC0415
    from versioned_serde.check.run import checked  # noqa: PLC0415

    format_ = formats().get(form)
    if format_ is None:
        raise click.UsageError(f"There is no format `{form}`; known are {', '.join(sorted(formats()))}.")
    outcome = checked(settings, asked, known=known, prove=prove)
    if adopt is not None:
        found = KnownFindings.of(outcome.findings, outcome.against, shown(settings.root))
        adopt.write_text(found.text(), encoding="utf-8")
        number = len(outcome.findings)
        click.echo(f"wrote {shown(adopt.resolve())}, with {number} finding{'s' if number != 1 else ''}")
        return CLEAN
    printed = format_.report(outcome, colour=sys.stdout.isatty())
    write(printed)
    if options is not None and not outcome.findings:
        note(settings, asked, options, sources(settings), printed)
    return exit_code(outcome)
