"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

from typing import Any, Final

from versioned_serde.check.finding import Finding
from versioned_serde.check.fingerprints import fingerprints
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.indented import indented
from versioned_serde.check.reports.texts import NO_PLACE, about, in_repository, one_line

NAME = "gitlab"
_SEVERITIES: Final = {"error": "critical", "warning": "major", "note": "info"}


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """A JSON array. GitLab demands a place, so what has none is put where the settings are."""
    marks = fingerprints(outcome.findings, outcome.against)
    return indented([_issue(*each) for each in zip(outcome.findings, marks, strict=True)]) + "\n"


def _issue(each: Finding, mark: str) -> dict[str, Any]:
    place = each.place or NO_PLACE
    subject = about(each)
    lines = {"begin": place.line or 1} | ({"end": place.end_line} if place.end_line else {})
    return {
        "description": one_line(f"{subject}: {each.message}" if subject else each.message),
        "check_name": each.rule,
        "fingerprint": mark,
        "severity": _SEVERITIES[each.severity],
        "location": {"path": in_repository(place), "lines": lines},
    }
