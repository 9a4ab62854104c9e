"""`serde-check can-rollback`: may an older release be deployed now?"""

from __future__ import annotations

from pathlib import Path

import click

from versioned_serde.check.baseline import baseline
from versioned_serde.check.certificates import certificates
from versioned_serde.check.checking import findings
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.settings import Settings
from versioned_serde.cli.check.command import CLEAN, FINDINGS
from versioned_serde.settings import SettingsError

_EPILOG = """\b
Examples:
  serde-check can-rollback --to v1.4.0 --live v1.5.0
"""


@click.command(epilog=_EPILOG)
@click.option("--to", "target", required=True, metavar="RELEASE", help="The release to go back to.")
@click.option("--live", multiple=True, required=True, metavar="RELEASE", help="A release that runs; repeatable.")
@click.option("--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
def command(target: str, live: tuple[str, ...], project: Path) -> int:
    """Says whether a release goes beside what runs, and reads all that may be stored; exits with 1 if not."""
    settings = Settings.load(project)
    release = baseline(target, settings)
    if not release.schemas and not release.parameters:
        raise SettingsError(f"{target} has no lock, so nothing is known of it.")
    comparison = Comparison(
        now=release,
        beside=[baseline(each, settings) for each in live],
        certificates=certificates(settings.lock_folder),
    )
    broken = [each for each in findings(comparison) if each.severity == "error"]
    for each in broken:
        click.echo(f"No, because of {each.schema}: {each.message}")
    if not broken:
        click.echo(f"Yes: {target} goes with {', '.join(live)}, and reads what they may have written.")
    return FINDINGS if broken else CLEAN
