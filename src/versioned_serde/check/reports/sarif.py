"""SARIF 2.1.0, which GitHub's code scanning and editors read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from versioned_serde.check.finding import Finding, Ignored, Place
from versioned_serde.check.fingerprints import fingerprints
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.indented import indented
from versioned_serde.check.reports.texts import NO_PLACE, in_repository
from versioned_serde.check.rules.rule import Rule, all_rules

NAME = "sarif"
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def report(outcome: Outcome, *, colour: bool = False) -> str:
    """One run. Ignored findings are in it, suppressed."""
    findings = [*outcome.findings, *(each.finding for each in outcome.ignored)]
    known = all_rules()
    rules = sorted({each.rule for each in findings})
    results = [
        _result(each, mark, rules.index(each.rule))
        for each, mark in zip(findings, fingerprints(findings, outcome.against), strict=True)
    ]
    for result, ignored in zip(results[len(outcome.findings) :], outcome.ignored, strict=True):
        result["suppressions"] = [_suppression(ignored)]
    driver = {
        "name": "serde-check",
        "version": version("versioned-serde"),
        "rules": [_rule(known[each]) if each in known else {"id": each} for each in rules],
    }
    # Columns of places count characters, as the code points of SARIF do.
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return indented({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    parts = [rule.why, f"**Example**\n\n{rule.example}", f"**Instead**\n\n{rule.instead}"]
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.finds},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\nInstead: {rule.instead}", "markdown": "\n\n".join(parts)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["serialization", *rule.aliases]},
    }


def _result(each: Finding, mark: str, rule: int) -> dict[str, Any]:
    names = [name for name in (each.schema, each.attribute) if name]
    location: dict[str, Any] = {"physicalLocation": _physical(each.place or NO_PLACE)}
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": ".".join(names)}]
    more = {"version": each.version, "direction": each.direction, "witness": each.witness, "help": each.help or None}
    return {
        "ruleId": each.rule,
        "ruleIndex": rule,
        "level": each.severity,
        # Doubled braces are braces; others would be places for arguments.
        "message": {"text": each.message.replace("{", "{{").replace("}", "}}")},
        # GitHub shows no result without a location, so what has none is put where the settings are.
        "locations": [location],
        "partialFingerprints": {"serdeCheck/v1": mark},
        "properties": {key: value for key, value in more.items() if value is not None},
    }


def _physical(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(in_repository(place), errors="replace")}}
    if place.line is not None:
        region = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }
        physical["region"] = {key: value for key, value in region.items() if value is not None}
    return physical


def _suppression(ignored: Ignored) -> dict[str, str]:
    kind = "inSource" if ignored.by == "comment" else "external"
    until = f" (until {ignored.until})" if ignored.until else ""
    return {"kind": kind, "justification": ignored.reason + until}
