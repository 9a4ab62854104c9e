"""Which findings of a run count, and which do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from versioned_serde.check.comments import comments_of
from versioned_serde.check.finding import Finding, Ignored
from versioned_serde.check.fingerprints import fingerprints
from versioned_serde.check.known import KnownFindings
from versioned_serde.check.policy import Ignore, Policy
from versioned_serde.check.rules.manners import (
    expired_ignore,
    ignore_without_reason,
    known_finding_gone,
    malformed_ignore,
    stale_ignore,
)
from versioned_serde.check.rules.rule import UnknownRuleError, called


def filtered(
    findings: Sequence[Finding],
    policy: Policy,
    *,
    today: date,
    sources: Mapping[str, str] | None = None,
    known: KnownFindings | None = None,
    against: Sequence[str] = (),
) -> tuple[tuple[Finding, ...], tuple[Ignored, ...]]:
    """The findings that count, and those that do not, each in the order in which they were found.

    Findings about ignores come after the others, then those about known findings. They cannot be ignored; severities
    and known findings hold for them too.

    Args:
        findings: of one run.
        policy: of the project.
        today: the day of the run.
        sources: Python files in which comments count: path, as findings name it -> content.
        known: findings from before.
        against: names of the releases that the run was held against.
    """
    judged = [each for finding in findings if (each := policy.judged(finding)) is not None]
    in_comments, about = _in_comments(sources or {})
    waved: dict[int, Ignored] = {}
    for ignore in (*in_comments, *policy.ignores):
        matching = [at for at, each in enumerate(judged) if ignore.matches(each, policy.root)]
        if (problem := _problem(ignore, today, bool(matching))) is not None:
            about.append(problem)
        else:
            for at in matching:
                waved.setdefault(
                    at, Ignored(finding=judged[at], by=ignore.by, reason=ignore.reason, until=ignore.until)
                )
    kept = [each for at, each in enumerate(judged) if at not in waved]
    kept += (each for finding in about if (each := policy.judged(finding)) is not None)
    ignored = [waved[at] for at in sorted(waved)]
    if known is not None:
        # Those that count come first, so that their marks do not depend on the others.
        marks = fingerprints([*kept, *(each.finding for each in ignored)], against, policy.root)
        gone = sorted(told for mark, told in known.told.items() if mark not in marks)
        before = [each for each, mark in zip(kept, marks, strict=False) if mark in known.told]
        kept = [each for each, mark in zip(kept, marks, strict=False) if mark not in known.told]
        ignored += (Ignored(finding=each, by="baseline", reason="known from before") for each in before)
        if gone and (told := policy.judged(_gone(gone))) is not None:
            kept.append(told)
    return tuple(kept), tuple(ignored)


def _in_comments(sources: Mapping[str, str]) -> tuple[list[Ignore], list[Finding]]:
    """The ignores in comments, and what is wrong with comments that are none."""
    found: list[Ignore] = []
    about: list[Finding] = []
    for comment in (each for path, text in sources.items() for each in comments_of(path, text)):
        if not comment.rules:
            message = "This comment begins like an ignore and cannot be understood."
            about.append(malformed_ignore.RULE.finding(message, place=comment.place))
        for name in comment.rules:
            try:
                rules = called(name)
            except UnknownRuleError as error:
                about.append(stale_ignore.RULE.finding(str(error), place=comment.place))
                continue
            found.append(
                Ignore(
                    rules=frozenset(each.name for each in rules),
                    text=f"`{name}`",
                    place=comment.place,
                    comment=comment,
                    reason=comment.reason,
                    until=comment.until,
                )
            )
    return found, about


def _problem(ignore: Ignore, today: date, matching: bool) -> Finding | None:
    """Why an ignore does not count, or counts for nothing."""
    if not ignore.reason:
        return ignore_without_reason.RULE.finding(
            f"The ignore of {ignore.text} gives no reason, so it does not count.", place=ignore.place
        )
    if ignore.until is not None and ignore.until < today:
        return expired_ignore.RULE.finding(
            f"The ignore of {ignore.text} held until {ignore.until}, because: {ignore.reason}", place=ignore.place
        )
    if not matching:
        return stale_ignore.RULE.finding(f"The ignore of {ignore.text} matches no finding.", place=ignore.place)
    return None


def _gone(told: Sequence[str]) -> Finding:
    what = "A known finding is" if len(told) == 1 else f"{len(told)} known findings are"
    return known_finding_gone.RULE.finding(f"{what} gone: {'; '.join(told)}")
