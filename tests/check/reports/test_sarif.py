from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator, ValidationError

from tests.check.reports.outcomes import ALL, AWFUL, CLEAN, HARD, KNOWN, USUAL, WRITES, outcomes
from versioned_serde.check.finding import Place
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.sarif import report
from versioned_serde.check.rules.rule import all_rules

SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
VALIDATOR = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)


def run(outcome: Outcome) -> dict[str, Any]:
    content = json.loads(report(outcome))
    VALIDATOR.validate(content)
    (found,) = content["runs"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", [name for name in ALL if name != "many"])
def test_it_is_as_its_schema_says(name: str) -> None:
    results = run(ALL[name])["results"]
    assert len(results) == len(ALL[name].findings) + len(ALL[name].ignored)


def test_a_report_that_is_not_valid_would_be_seen() -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate(json.loads(report(USUAL).replace("ruleId", "rule")))


def test_a_result() -> None:
    result, *_ = run(USUAL)["results"]
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "shop/serde.py"},
                "region": {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 16},
            },
            "logicalLocations": [{"fullyQualifiedName": "shop.order"}],
        }
    ]
    assert result["properties"] == {
        "version": 2,
        "direction": "forward",
        "witness": '{"buyer": "ada"}',
        "help": WRITES.help,
    }


def test_rules_have_their_texts() -> None:
    found = run(USUAL)
    rules = found["tool"]["driver"]["rules"]
    rule = next(each for each in rules if each["id"] == "write-before-read")
    texts = all_rules()["write-before-read"]
    assert rule["shortDescription"]["text"] == texts.finds
    assert texts.example in rule["help"]["markdown"]
    assert texts.instead in rule["help"]["markdown"]
    assert texts.instead in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert [rules[each["ruleIndex"]]["id"] for each in found["results"]] == [
        each["ruleId"] for each in found["results"]
    ]


def test_a_rule_is_listed_once_and_only_if_it_was_hit() -> None:
    rules = [each["id"] for each in run(USUAL)["tool"]["driver"]["rules"]]
    assert rules == ["field-deleted", "schema-removed", "stale-ignore", "write-before-read"]
    assert run(CLEAN)["tool"]["driver"]["rules"] == []


def test_a_fingerprint_survives_when_lines_move() -> None:
    moved = replace(WRITES, place=Place(path="shop/serde.py", line=200, column=3))
    other = replace(WRITES, schema="shop.cart")
    first, second, third = (run(Outcome(findings=(each,)))["results"][0] for each in (WRITES, moved, other))
    assert first["partialFingerprints"] == second["partialFingerprints"]
    assert first["partialFingerprints"] != third["partialFingerprints"]


def test_ignored_findings_are_suppressed() -> None:
    *counting, comment, baseline = run(USUAL)["results"]
    assert not [each for each in counting if "suppressions" in each]
    assert comment["suppressions"] == [{"kind": "inSource", "justification": "nobody sent it: 100% (until 2027-01-31)"}]
    assert baseline["suppressions"] == [{"kind": "external", "justification": KNOWN.reason}]


def test_github_demands_a_location() -> None:
    results = run(Outcome(findings=(replace(WRITES, place=None),)))["results"]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "pyproject.toml"}


def test_braces_are_no_place_for_an_argument_and_paths_are_uris() -> None:
    result, *_ = run(AWFUL)["results"]
    assert "{{0}}" in result["message"]["text"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%2C%20b%3Ac%25/%C3%BC%0A%3F.py"
    assert HARD.place is not None


def test_many_results_have_many_fingerprints() -> None:
    results = json.loads(report(ALL["many"]))["runs"][0]["results"]
    assert len({each["partialFingerprints"]["serdeCheck/v1"] for each in results}) == len(results) == 10_000


@given(outcomes)
def test_any_outcome_is_valid(outcome: Outcome) -> None:
    assert report(outcome).isascii()
    assert len(run(outcome)["results"]) == len(outcome.findings) + len(outcome.ignored)
