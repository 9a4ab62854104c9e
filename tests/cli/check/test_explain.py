from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from versioned_serde.check.rules.rule import Rule, all_rules
from versioned_serde.cli.check.command import main
from versioned_serde.cli.check.explain import command, explained

RULE = all_rules()["write-before-read"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_all_rules_in_a_line_each() -> None:
    lines = run().stdout.splitlines()
    assert len(lines) == len(all_rules())
    starts = {line.index(rule.finds) for line, rule in zip(lines, all_rules().values(), strict=True)}
    assert len(starts) == 1, "the texts stand below each other"


def test_one_rule_as_markdown() -> None:
    text = run("write-before-read").stdout
    assert text == explained(RULE)
    assert text.startswith(f"# write-before-read\n\n{RULE.finds} Severity: error.\n\n**Why**\n\n{RULE.why}\n")
    assert f"\n**Example**\n\n{RULE.example}\n\n**Instead**\n\n{RULE.instead}\n" in text
    assert text.endswith("\n**References**\n\n- docs/explanation/two-phases.md\n")


def test_names_that_a_rule_has_elsewhere() -> None:
    rule = Rule(
        name="r", severity="note", finds="F.", why="W.", example="E", instead="I.", aliases=("FIELD_NO_DELETE", "X1")
    )
    assert explained(rule, "###").startswith("### r\n")
    assert explained(rule).endswith("\nAlso known as `FIELD_NO_DELETE`, `X1`.\n")


def test_json() -> None:
    (one,) = json.loads(run("write-before-read", "--format", "json").stdout)
    assert one["name"] == "write-before-read"
    assert one["instead"] == RULE.instead
    assert [each["name"] for each in json.loads(run("--format", "json").stdout)] == list(all_rules())


def test_a_rule_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "write-before-reed"]) == 2
    assert "There is no rule `write-before-reed`. Did you mean `write-before-read`" in capsys.readouterr().err


def test_a_terminal_shows_no_markup() -> None:
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "versioned_serde.cli.check.command", "explain", "write-before-read"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with subprocess.Popen(arguments, stdout=theirs, stdin=subprocess.DEVNULL, env=environment) as process:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    text = shown.decode()
    assert "\x1b[" in text
    assert "**Why**" not in text
    assert "Why" in re.sub(r"\x1b\[[\d;]*m", "", text)
