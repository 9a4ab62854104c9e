"""JSON, for other programs."""

from __future__ import annotations

from typing import Any

from versioned_serde.check.finding import Finding
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.indented import indented

NAME = "json"


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """`{"verdict": …, "findings": [{"rule", "aliases", "severity", "path", "line", "column", …}]}`."""
    content: dict[str, Any] = {
        "verdict": dict(outcome.verdict),
        "against": list(outcome.against),
        "findings": map(finding, outcome.findings),
        "ignored": [
            {
                **finding(each.finding),
                "ignored_by": each.by,
                "reason": each.reason,
                "until": each.until.isoformat() if each.until else None,
            }
            for each in outcome.ignored
        ],
    }
    if outcome.plan:
        content["plan"] = outcome.plan
    return indented(content) + "\n"


def finding(each: Finding) -> dict[str, Any]:
    """A finding as plain JSON; what is not known is null."""
    place = each.place
    return {
        "rule": each.rule,
        "aliases": list(each.aliases),
        "severity": each.severity,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "end_line": place.end_line if place else None,
        "end_column": place.end_column if place else None,
        "schema": each.schema,
        "attribute": each.attribute,
        "version": each.version,
        "direction": each.direction,
        "message": each.message,
        "witness": each.witness,
        "help": each.help,
    }
