"""`serde-check check`: is the lock fresh, and does this release go with those beside it?"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from versioned_serde.check.baseline import baseline, default_baseline
from versioned_serde.check.certificates import certificates
from versioned_serde.check.checking import findings, in_order, in_sources, witnessed
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.freshness import freshness
from versioned_serde.check.ignores import filtered
from versioned_serde.check.known import KnownFindings
from versioned_serde.check.moves import Service
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.plan import plan
from versioned_serde.check.plan_text import markdown
from versioned_serde.check.policy import Policy
from versioned_serde.check.project import load_registries, places, shown, sources
from versioned_serde.check.proof import proved, proved_by_code
from versioned_serde.check.release import Release
from versioned_serde.check.reports.report import formats
from versioned_serde.check.rules.lock.declaration_refused import RULE as REFUSED
from versioned_serde.check.rules.rule import of_family
from versioned_serde.check.settings import Settings
from versioned_serde.check.sources import Sources, parsed_modules
from versioned_serde.cli.check.command import CLEAN, exit_code
from versioned_serde.cli.output import write
from versioned_serde.errors import DeclarationError

_OF_RELEASES = {module.RULE.name for family in ("releases", "shapes") for module in of_family(family)}
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
def command(
    against: tuple[str, ...],
    live: tuple[str, ...],
    supported: tuple[str, ...],
    project: Path,
    form: str,
    prove: str | None,
    known: Path | None,
    adopt: Path | None,
) -> int:
    """Checks the lock, and holds this release against those that run beside it."""
    format_ = formats().get(form)
    if format_ is None:
        raise click.UsageError(f"There is no format `{form}`; known are {', '.join(sorted(formats()))}.")
    if known is not None and adopt is not None:
        raise click.UsageError("--baseline and --write-baseline exclude each other.")
    settings = Settings.load(project)
    outcome = checked(settings, against, live, supported, known, prove)
    if adopt is not None:
        found = KnownFindings.of(outcome.findings, outcome.against, shown(settings.root))
        adopt.write_text(found.text(), encoding="utf-8")
        number = len(outcome.findings)
        click.echo(f"wrote {shown(adopt.resolve())}, with {number} finding{'s' if number != 1 else ''}")
        return CLEAN
    write(format_.report(outcome, colour=sys.stdout.isatty()))
    return exit_code(outcome)


def checked(
    settings: Settings,
    against: tuple[str, ...],
    live: tuple[str, ...],
    supported: tuple[str, ...],
    known: Path | None = None,
    prove: str | None = None,
) -> Outcome:
    """What a check of a project comes to.

    Args:
        settings: of the project.
        against: releases to hold it against, as on the command line.
        live: the same.
        supported: the same.
        known: a file of known findings.
        prove: `lock` or `code`: who is given the records that show errors.

    Raises:
        SettingsError: a release or registry cannot be found.
        PolicyError: the settings name a rule or severity that does not exist.
        KnownFindingsError: `known` is none.
        LockError: a release's lock cannot be read.
        ProofError: an old release's code cannot be asked.
    """
    policy = Policy.of(settings.severity or {}, settings.ignore, shown(settings.root))
    before = KnownFindings.parsed(known.read_text(encoding="utf-8"), str(known)) if known is not None else None
    try:
        comparison = compared(settings, against, live, supported)
    except DeclarationError as error:
        return Outcome(findings=(REFUSED.finding(str(error), schema=error.schema, version=error.version),))
    declared = list(comparison.declared.values())
    files = sources(settings)
    broken = witnessed(comparison, findings(comparison))
    code = in_sources(
        Sources(comparison=comparison, modules=parsed_modules(files, {each: shown(each) for each in files}))
    )
    names = tuple(each.name for each in comparison.others)
    kept, ignored = filtered(
        [*freshness(declared, settings.lock_folder, comparison.places), *broken, *code],
        policy,
        today=datetime.now(tz=UTC).date(),
        sources={shown(each): each.read_text(encoding="utf-8", errors="replace") for each in files},
        known=before,
        against=names,
    )
    # After the filter: what a reader said is no part of a finding that is known from before.
    told = [_proven(each, comparison, settings, prove) for each in kept] if prove else kept
    breaking = {each.rule for each in broken}
    return Outcome(
        findings=tuple(in_order(list(told))),
        ignored=ignored,
        against=names,
        plan=_planned(comparison, settings)
        if any(each.severity == "error" and each.rule in breaking for each in kept)
        else "",
    )


def _proven(finding: Finding, comparison: Comparison, settings: Settings, by: str) -> Finding:
    """The finding, with what the reader said to its record."""
    if finding.severity != "error" or finding.rule not in _OF_RELEASES:
        return finding
    if by == "code":
        folders = [each.relative_to(settings.root).as_posix() for each in settings.import_path]
        proof = proved_by_code(
            finding, comparison, registries=settings.registries, repository=settings.root, folders=folders
        )
    else:
        proof = proved(finding, comparison)
    if proof is None and finding.witness is not None:
        return finding  # such as a parameter's value, which no reader takes
    if proof is None:
        return replace(finding, message=f"{finding.message} No record was found that proves it.")
    told = f"Proven with a record of version {proof.witness.version}" if proof.shown else "Not proven"
    return replace(finding, message=f"{finding.message} {told}: {proof.result}. {proof.told}")


def _planned(comparison: Comparison, settings: Settings) -> str:
    """The safe way, where the direct one breaks something."""
    if not comparison.beside:
        return ""
    before = comparison.beside[0]
    service = Service(name=settings.root.name, before=before, target=comparison.now)
    return markdown(plan([service], comparison.gone()), {service.name: before.name})


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
        now=Release.of_declared("this release", declared, settings.lock_folder),
        beside=[baseline(each, settings) for each in beside],
        supported=[baseline(each, settings) for each in dict.fromkeys((*further, *settings.supported))],
        declared={each.name: each for each in declared},
        places=places(settings, [each.name for each in declared]),
        certificates=certificates(settings.lock_folder),
    )
