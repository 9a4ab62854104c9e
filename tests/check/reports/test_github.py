"""Commands as the runner reads them: `::name key=value,key=value::message`, unescaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given

from tests.check.reports.outcomes import ALL, AWKWARD, CLEAN, COMPARED, FIELD, HARD, NOWHERE, USUAL, WRITES, outcomes
from versioned_serde.check.finding import Finding
from versioned_serde.check.outcome import Outcome
from versioned_serde.check.reports.github import report
from versioned_serde.check.reports.texts import groups, one_line

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>.*?)::(?P<message>.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    return [_command(line) for line in text.split("\n")[:-1]]


def _command(line: str) -> tuple[str, dict[str, str], str]:
    found = COMMAND.fullmatch(line)
    assert found is not None, line
    pairs = (each.split("=", 1) for each in found["properties"].split(","))
    properties = {key: _data(value.replace("%3A", ":").replace("%2C", ",")) for key, value in pairs}
    return found["name"], properties, _data(found["message"])


def ordered(outcome: Outcome) -> list[Finding]:
    return [each for group in groups(outcome.findings) for each in group.findings]


def _data(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def test_annotations() -> None:
    assert commands(report(USUAL)) == [
        (
            "error",
            {
                "file": "shop/serde.py",
                "line": "2",
                "endLine": "2",
                "col": "10",
                "endColumn": "16",
                "title": "serde-check: write-before-read",
            },
            f"shop.order, version 2: {WRITES.message}\nInstead: {WRITES.help}",
        ),
        ("error", {"title": "serde-check: schema-removed"}, f"shop.cart: {NOWHERE.message}"),
        (
            "warning",
            {"file": "order.proto", "line": "7", "title": "serde-check: field-deleted"},
            f"shop.Order, `lines.sku`: {FIELD.message}",
        ),
        (
            "notice",
            {"file": "pyproject.toml", "title": "serde-check: stale-ignore"},
            "It matches nothing.\nInstead: Remove it.",
        ),
    ]


def test_nothing_found_is_no_annotation() -> None:
    assert report(CLEAN) == ""


def test_verdicts_are_notices() -> None:
    (backward, forward, _) = commands(report(COMPARED))
    assert backward[:2] == ("notice", {"title": "serde-check: backward"})
    assert backward[2].startswith("compatible: a reader of the new one")
    assert forward[2].startswith("undecided: whether")


def test_no_name_breaks_out_of_its_command() -> None:
    ((_, properties, message),) = commands(report(Outcome(findings=(HARD,))))
    assert properties["file"] == "a, b:c%/ü \\ud800.py"
    assert message.split("\n")[1] == f"Instead: {one_line(AWKWARD)}"
    assert "%250A" in report(Outcome(findings=(HARD,)))


def test_columns_are_those_of_one_line() -> None:
    ((_, properties, _),) = commands(report(Outcome(findings=(HARD,))))
    assert {"col", "endColumn"} & set(properties) == set()
    assert (properties["line"], properties["endLine"]) == ("3", "9")


def test_files_are_named_from_the_root_of_the_repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "services" / "shop").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "services" / "shop")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    ((_, properties, _),) = commands(report(Outcome(findings=(FIELD,))))
    assert properties["file"] == "services/shop/order.proto"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    ((_, properties, _),) = commands(report(Outcome(findings=(FIELD,))))
    assert properties["file"] == "order.proto"


@pytest.mark.parametrize("name", ALL)
def test_a_command_for_each(name: str) -> None:
    found = commands(report(ALL[name]))
    assert len(found) == len(ALL[name].findings) + len(ALL[name].verdict)


@given(outcomes)
def test_any_finding_is_one_command(outcome: Outcome) -> None:
    found = commands(report(outcome))
    told = [message.split("\n") for _, _, message in found]
    assert all(lines[0].endswith(one_line(each.message)) for lines, each in zip(told, ordered(outcome), strict=True))
    files = [properties.get("file") for _, properties, _ in found]
    assert files == [each.place and one_line(each.place.path) for each in ordered(outcome)]
