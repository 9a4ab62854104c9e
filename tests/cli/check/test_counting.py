"""Which findings of a check count: settings, comments and a file of known findings, on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from versioned_serde.cli.check.command import main

SERVICE = """
from dataclasses import dataclass

from versioned_serde import Registry, Schema, Version, rename


@dataclass
class Order:
    {name}: str


registry = Registry(
    Schema("shop.order", Order, Version(1, codec="json", framing="envelope"){more})  # {comment}
)
"""
SETTINGS = '[tool.serde-check]\nregistries = ["counted_shop:registry"]\nagainst = ["old"]\n'


class Project:
    """A service whose release `old` has version 1, and which writes version 2 at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write(name="customer", more="", comment="")
        (root / "pyproject.toml").write_text(SETTINGS)
        assert self.run("lock") == 0
        (root / "serde-lock").rename(root / "old")
        self.shortcut()

    def shortcut(self, comment: str = "", settings: str = "") -> None:
        self.write(name="buyer", more=', Version(2, rename("customer", "buyer")), writes=2', comment=comment)
        (self.root / "pyproject.toml").write_text(SETTINGS + settings)
        assert self.run("lock") == 0

    def write(self, **what: str) -> None:
        (self.root / "counted_shop.py").write_text(SERVICE.format(**what))

    def run(self, *arguments: str) -> int:
        sys.modules.pop("counted_shop", None)
        return main(arguments)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.chdir(tmp_path)
    # Each run imports the module as it is then, also within the second in which it was written before.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield Project(tmp_path)
    sys.modules.pop("counted_shop", None)


def findings(project: Project, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    """The exit code, and the rules of what counts and of what is ignored."""
    capsys.readouterr()
    code = project.run("check", "--format", "json", *arguments)
    content = json.loads(capsys.readouterr().out)
    return code, [each["rule"] for each in content["findings"]], [each["rule"] for each in content["ignored"]]


def test_a_finding_counts(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings(project, capsys) == (1, ["write-before-read"], [])


def test_a_comment_ignores_it(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.shortcut(comment="serde-check: ignore[write-before-read]: nobody has orders")
    assert findings(project, capsys) == (0, [], ["write-before-read"])
    project.shortcut(comment="serde-check: ignore[write-before-read] until 2020-01-31: nobody has orders")
    assert findings(project, capsys) == (1, ["write-before-read", "expired-ignore"], [])


def test_the_settings_ignore_it(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    entry = '[[tool.serde-check.ignore]]\nrule = "write-before-read"\nschema = "{}"\nreason = "nobody has orders"\n'
    project.shortcut(settings=entry.format("shop.*"))
    assert findings(project, capsys) == (0, [], ["write-before-read"])
    project.shortcut(settings=entry.format("cart.*"))
    assert findings(project, capsys) == (1, ["write-before-read", "stale-ignore"], [])


@pytest.mark.parametrize(("severity", "code", "count"), [("warning", 1, 1), ("note", 0, 1), ("off", 0, 0)])
def test_severities(project: Project, capsys: pytest.CaptureFixture[str], severity: str, code: int, count: int) -> None:
    project.shortcut(settings=f'[tool.serde-check.severity]\nwrite-before-read = "{severity}"\n')
    assert findings(project, capsys) == (code, ["write-before-read"] * count, [])


def test_settings_that_cannot_be_meant(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.shortcut(settings='[tool.serde-check.severity]\nwrite-before-reed = "off"\n')
    assert project.run("check") == 2
    assert "There is no rule `write-before-reed`." in capsys.readouterr().err


def test_known_findings(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("check", "--write-baseline", "known.json") == 0
    assert "wrote known.json, with 1 finding\n" in capsys.readouterr().out
    assert findings(project, capsys, "--baseline", "known.json") == (0, [], ["write-before-read"])
    (project.root / "old").rename(project.root / "older")
    assert findings(project, capsys, "--baseline", "known.json", "--against", "older")[0] == 0


def test_the_folder_in_which_the_command_runs_does_not_count(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run("check", "--write-baseline", "known.json")
    (project.root / "deep").mkdir()
    monkeypatch.chdir(project.root / "deep")
    again = findings(project, capsys, "--baseline", "../known.json", "--project", "..")
    assert again == (0, [], ["write-before-read"])
    project.run("check", "--write-baseline", "../again.json", "--project", "..")
    assert (project.root / "again.json").read_text() == (project.root / "known.json").read_text()
    pattern = '[tool.serde-check.severity."counted_*"]\nwrite-before-read = "off"\n'
    (project.root / "pyproject.toml").write_text(SETTINGS + pattern)
    assert findings(project, capsys, "--project", "..") == (0, [], [])


def test_known_findings_that_are_gone(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.run("check", "--write-baseline", "known.json")
    same = findings(project, capsys, "--baseline", "known.json", "--against", "serde-lock")
    assert same == (0, ["known-finding-gone"], [])


def test_wrong_use(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.run("check", "--baseline", "missing.json") == 2
    (project.root / "known.json").write_text("{}")
    assert project.run("check", "--baseline", "known.json") == 2
    assert "`known.json` is no file of known findings." in capsys.readouterr().err
    assert project.run("check", "--write-baseline", "known.json") == 0
    assert project.run("check", "--baseline", "known.json", "--write-baseline", "known.json") == 2
    assert "--baseline and --write-baseline exclude each other." in capsys.readouterr().err
