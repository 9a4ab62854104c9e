from __future__ import annotations

import json

import pytest
from hypothesis import given

from tests.check.reports.outcomes import ALL, AWFUL, AWKWARD, COMPARED, PLANNED, USUAL, outcomes
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.json import report


def test_a_finding() -> None:
    content = json.loads(report(USUAL))
    assert content["against"] == ["v1.4.0"]
    assert content["findings"][1] == {
        "rule": "field-deleted",
        "aliases": ["FIELD_NO_DELETE"],
        "severity": "warning",
        "path": "order.proto",
        "line": 7,
        "column": None,
        "end_line": None,
        "end_column": None,
        "schema": "shop.Order",
        "attribute": "lines.sku",
        "version": None,
        "direction": None,
        "message": "Field 3 is gone.",
        "witness": None,
        "help": "",
    }


def test_what_is_ignored_says_why() -> None:
    first, second = json.loads(report(USUAL))["ignored"]
    assert (first["rule"], first["ignored_by"], first["reason"], first["until"]) == (
        "field-deleted",
        "comment",
        "nobody sent it: 100%",
        "2027-01-31",
    )
    assert (second["ignored_by"], second["until"]) == ("baseline", None)


def test_verdicts_and_plan() -> None:
    assert json.loads(report(COMPARED))["verdict"] == {"backward": "compatible", "forward": "undecided"}
    assert json.loads(report(PLANNED))["plan"] == PLANNED.plan
    assert "plan" not in json.loads(report(USUAL))


def test_texts_are_as_they_were() -> None:
    (finding, _) = json.loads(report(AWFUL))["findings"]
    assert finding["message"] == finding["witness"] == AWKWARD


@pytest.mark.parametrize("name", ALL)
def test_every_finding_is_in_it(name: str) -> None:
    assert len(json.loads(report(ALL[name]))["findings"]) == len(ALL[name].findings)


@given(outcomes)
def test_it_can_be_written_in_any_encoding(outcome: Outcome) -> None:
    assert report(outcome).isascii()
