"""A check of the project in this tree: everything from its settings to what is reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from versioned_serde.check.asked import Asked
from versioned_serde.check.baseline import baseline
from versioned_serde.check.certificates import certificates
from versioned_serde.check.checking import findings, in_order, in_sources, witnessed
from versioned_serde.check.comparison import Comparison
from versioned_serde.check.finding import Finding
from versioned_serde.check.freshness import freshness
from versioned_serde.check.ignores import filtered
from versioned_serde.check.imports import stored
from versioned_serde.check.known import KnownFindings
from versioned_serde.check.moves import Service
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.plan import plan
from versioned_serde.check.plan_text import markdown
from versioned_serde.check.policy import Policy
from versioned_serde.check.project import load_registries, places, shown, sources
from versioned_serde.check.proof import proved, proved_by_code
from versioned_serde.check.release import Release
from versioned_serde.check.rules.lock.declaration_refused import RULE as REFUSED
from versioned_serde.check.rules.rule import of_family
from versioned_serde.check.settings import Settings
from versioned_serde.check.sources import Sources, modules_of
from versioned_serde.errors import DeclarationError
from versioned_serde.lock.description import described

_OF_RELEASES = {module.RULE.name for family in ("releases", "shapes") for module in of_family(family)}


def checked(
    settings: Settings, asked: Asked, *, known: Path | None = None, prove: Literal["lock", "code"] | None = None
) -> Outcome:
    """What a check of a project comes to.

    Args:
        settings: of the project.
        asked: the releases to hold it against.
        known: a file of known findings.
        prove: who is given the records that show errors: the readers that locks tell of, or the old releases' own code.

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
        comparison = compared(settings, asked)
    except DeclarationError as error:
        return Outcome(findings=(REFUSED.finding(str(error), schema=error.schema, version=error.version),))
    files = sources(settings)
    broken = witnessed(comparison, findings(comparison))
    code = in_sources(Sources(comparison=comparison, modules=modules_of(files, {each: shown(each) for each in files})))
    names = tuple(each.name for each in comparison.others)
    kept, ignored = filtered(
        [*freshness(comparison, settings.lock_folder), *broken, *code],
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


def compared(settings: Settings, asked: Asked) -> Comparison:
    """This tree and the releases that it is held against.

    Raises:
        DeclarationError: what the project declares cannot be right.
        SettingsError: as for `checked`.
        LockError: the same.
    """
    declared = load_registries(settings)
    descriptions = {each.name: described(each) for each in declared}
    beside, further = asked.releases(settings)
    return Comparison(
        now=Release.of_descriptions("this release", descriptions.values(), settings.lock_folder),
        beside=[baseline(each, settings) for each in beside],
        supported=[baseline(each, settings) for each in further],
        declared={each.name: each for each in declared},
        descriptions=descriptions,
        places=places(settings, [each.name for each in declared]),
        certificates=certificates(settings.lock_folder),
        imported={name: each.schema for name, each in stored(settings.lock_folder).items()},
    )
