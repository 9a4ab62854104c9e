from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.check.reports.outcomes import ALL, AWFUL, CLEAN, HARD, USUAL, outcomes
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.gitlab import report


def issues(outcome: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(report(outcome))
    return found


def test_an_issue() -> None:
    first, second, *_ = issues(USUAL)
    assert first.pop("fingerprint") != second.pop("fingerprint")
    assert second == {
        "description": "shop.Order, `lines.sku`: Field 3 is gone.",
        "check_name": "field-deleted",
        "severity": "major",
        "location": {"path": "order.proto", "lines": {"begin": 7}},
    }
    assert first["location"] == {"path": "shop/serde.py", "lines": {"begin": 2, "end": 2}}
    assert [each["severity"] for each in issues(USUAL)] == ["critical", "major", "info", "critical"]


def test_gitlab_demands_a_place() -> None:
    *_, whole_file, nowhere = issues(USUAL)
    assert whole_file["location"] == {"path": "pyproject.toml", "lines": {"begin": 1}}
    assert nowhere["location"] == {"path": "pyproject.toml", "lines": {"begin": 1}}


def test_nothing_found_is_an_empty_list() -> None:
    assert report(CLEAN) == "[]\n"


def test_a_description_is_one_line() -> None:
    (issue, _) = issues(AWFUL)
    assert "\n" not in issue["description"]
    assert "\\x1b[31mred" in issue["description"]
    assert HARD.place is not None
    assert issue["location"]["path"] == HARD.place.path


def test_files_are_named_from_the_root_of_the_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    assert issues(USUAL)[1]["location"]["path"] == "shop/order.proto"


@pytest.mark.parametrize("name", ALL)
def test_no_two_issues_have_one_fingerprint(name: str) -> None:
    found = issues(ALL[name])
    assert len({each["fingerprint"] for each in found}) == len(found) == len(ALL[name].findings)


@given(outcomes)
def test_any_finding_is_an_issue(outcome: Outcome) -> None:
    assert report(outcome).isascii()
    for issue in issues(outcome):
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
