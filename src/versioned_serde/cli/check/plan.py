"""`serde-check plan`: the safe way to get a change into the fleet."""

from __future__ import annotations

import json
from pathlib import Path

import click

from versioned_serde.check.asked import Asked
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.moves import Service
from versioned_serde.check.plan import plan
from versioned_serde.check.plan_text import as_json, markdown
from versioned_serde.check.run import compared
from versioned_serde.check.services import services
from versioned_serde.check.settings import Settings
from versioned_serde.cli.check.command import CLEAN, FINDINGS
from versioned_serde.settings import SettingsError

_EPILOG = """\b
Examples:
  serde-check plan --against v1.4.0                 # this project, from what runs to what the code says now
  serde-check plan --services fleet.toml            # several services, in the order in which they have to go
  serde-check plan --against v1.4.0 --format json

\b
A file of services:
  [services.shop]
  project = "shop"          # its folder; the lock there says what is wanted
  against = "shop-v1.4.0"   # what runs
  calls = ["billing"]       # who has to be ready before it
"""


@click.command(epilog=_EPILOG)
@click.option("--against", metavar="RELEASE", help="What runs: a git ref, folder or file.")
@click.option(
    "--services", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file of services."
)
@click.option("--project", type=click.Path(exists=True, file_okay=False, path_type=Path), default=".")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="The text is Markdown that reads well as it is.",
)
def command(against: str | None, file: Path | None, project: Path, form: str) -> int:
    """Prints the safe way: releases in their order, what to look at before each, and how to go back."""
    if file is not None:
        if against is not None:
            raise click.UsageError("With --services, the file says what each of them runs.")
        fleet, certified = services(file), {}
    else:
        settings = Settings.load(project)
        comparison = compared(settings, Asked((against,) if against else ()))
        fleet, certified = [one_service(comparison, settings.root.name)], comparison.gone()
    found = plan(fleet, certified)
    runs = {service.name: service.before.name for service in fleet}
    click.echo(json.dumps(as_json(found), indent=2) + "\n" if form == "json" else markdown(found, runs), nl=False)
    return FINDINGS if found.obstacles else CLEAN


def one_service(comparison: Comparison, name: str) -> Service:
    """The project as the only service, from the first release beside it."""
    if not comparison.beside:
        raise SettingsError("There is no release to plan from.", hint="Say --against RELEASE.")
    return Service(name=name, before=comparison.beside[0], target=comparison.now)
