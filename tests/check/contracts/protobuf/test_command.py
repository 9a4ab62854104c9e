"""`serde-check compare` and `serde-check explain`, for protobuf."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.check.contracts.protobuf.side_by_side import write
from versioned_serde.check.contracts.protobuf.selection import ids, rule_modules
from versioned_serde.cli.check.command import CLEAN, FINDINGS, main
from versioned_serde.cli.verbs import USAGE

HEAD = 'syntax = "proto3";\npackage shop;\n'


@pytest.mark.parametrize("name", sorted(ids()))
def test_each_id_of_buf_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == CLEAN
    told = capsys.readouterr().out
    assert told.startswith("# protobuf-")
    assert "```" in told.partition("**Example**")[2]
    assert name in told


def test_no_id_belongs_to_two_rules_and_each_rule_is_named_like_its_module() -> None:
    aliases = [alias for module in rule_modules() for alias in module.RULE.aliases]
    assert len(aliases) == len(set(aliases)) == 64
    for module in rule_modules():
        assert module.RULE.name == module.__name__.rpartition(".")[2].replace("_", "-")
        assert tuple(module.BUF) == module.RULE.aliases


def test_a_comparison_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        tmp_path,
        {"old/a.proto": HEAD + "message M { int32 a = 1; }", "new/a.proto": HEAD + "message M { int64 a = 1; }"},
    )
    arguments = ["compare", "--format", "json", str(tmp_path / "old"), str(tmp_path / "new")]
    assert main([*arguments, "--rules", "buf:FILE,PACKAGE"]) == FINDINGS
    said = json.loads(capsys.readouterr().out)
    assert said["verdict"] == {"backward": "compatible", "forward": "incompatible"}
    (found,) = said["findings"]
    assert (found["aliases"], found["line"], found["column"], found["end_column"]) == (["FIELD_SAME_TYPE"], 3, 13, 18)


@pytest.mark.parametrize(("direction", "code"), [("backward", CLEAN), ("forward", FINDINGS), ("full", FINDINGS)])
def test_a_direction_asks_for_its_findings_alone(tmp_path: Path, direction: str, code: int) -> None:
    write(
        tmp_path,
        {"old/a.proto": HEAD + "message M { int32 a = 1; }", "new/a.proto": HEAD + "message M { int64 a = 1; }"},
    )
    sides = str(tmp_path / "old"), str(tmp_path / "new")
    assert main(["compare", "--format", "json", "--direction", direction, *sides]) == code


def test_what_breaks_both_ways_is_shown_for_either(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"old/a.proto": HEAD + "message M { int32 a = 1; }", "new/a.proto": HEAD + "message M { string a = 1; }"},
    )
    sides = str(tmp_path / "old"), str(tmp_path / "new")
    for direction in ("backward", "forward"):
        assert main(["compare", "--format", "json", "--direction", direction, *sides]) == FINDINGS


def test_what_does_not_compile_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"old/a.proto": HEAD, "new/a.proto": "message {"})
    assert main(["compare", "--format", "json", str(tmp_path / "old"), str(tmp_path / "new")]) == USAGE
    assert "line 1, column 9" in capsys.readouterr().err
