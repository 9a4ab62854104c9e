"""`serde-check compare` with Avro schemas and OpenAPI documents, as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.openapi.documents import answered, document, sent, thing
from versioned_serde.cli.check.command import main

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}]}
WITH_NOTE = {**ORDER, "fields": [*ORDER["fields"], {"name": "note", "type": "string"}]}
AMBIGUOUS = {**ORDER, "fields": [{"name": "a", "type": "int", "default": 0}]}
AMBIGUOUS_NOW = {
    **ORDER,
    "fields": [*AMBIGUOUS["fields"], {"name": "b", "type": "int", "default": 0, "aliases": ["a"]}],
}
API = document(answered(thing(a={"type": "string", "enum": ["x"]})))
WIDER_API = document(answered(thing(a={"type": "string", "enum": ["x", "y"]})))


def compared(folder: Path, suffix: str, old: Any, new: Any, *options: str) -> int:
    files = []
    for name, content in (("old", old), ("new", new)):
        (folder / f"{name}{suffix}").write_text(json.dumps(content))
        files.append(str(folder / f"{name}{suffix}"))
    return main(["compare", "--format", "json", *options, *files])


@pytest.mark.parametrize(
    ("suffix", "old", "new", "options", "code", "verdict"),
    [
        (".avsc", ORDER, ORDER, [], 0, {"backward": "compatible", "forward": "compatible"}),
        (".avsc", ORDER, WITH_NOTE, [], 1, {"backward": "incompatible", "forward": "compatible"}),
        (".json", ORDER, WITH_NOTE, [], 1, {"backward": "incompatible", "forward": "compatible"}),
        (".avsc", ORDER, WITH_NOTE, ["--direction", "forward"], 0, {"forward": "compatible"}),
        (".avsc", AMBIGUOUS, AMBIGUOUS_NOW, ["--direction", "backward"], 1, {"backward": "undecided"}),
        (".json", API, API, [], 0, {"backward": "compatible", "forward": "compatible"}),
        (".json", API, WIDER_API, [], 1, {"backward": "compatible", "forward": "incompatible"}),
        (".json", API, WIDER_API, ["--direction", "backward"], 0, {"backward": "compatible"}),
        (".yaml", API, WIDER_API, [], 1, {"backward": "compatible", "forward": "incompatible"}),
        (
            ".json",
            API,
            document(sent({})),
            ["--kind", "openapi"],
            1,
            {"backward": "compatible", "forward": "incompatible"},
        ),
    ],
    ids=range(10),
)
def test_verdicts_and_exit_codes(
    suffix: str,
    old: Any,
    new: Any,
    options: list[str],
    code: int,
    verdict: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert compared(tmp_path, suffix, old, new, *options) == code
    assert json.loads(capsys.readouterr().out)["verdict"] == verdict


def test_what_cannot_be_read_is_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, ".avsc", ORDER, {"type": "record"}) == 2
    error = capsys.readouterr().err
    assert error.startswith("Error: `")
    assert 'new.avsc` is no Avro schema: "name" is' in error
    assert compared(tmp_path, ".json", API, {"openapi": "3.0.0"}) == 2
    assert "this is not OpenAPI 3.0.0" in capsys.readouterr().err


def test_two_files_of_different_kinds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compared(tmp_path, ".json", API, ORDER) == 2
    assert "are not two contracts of one kind" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["avro-name-changed", "openapi-deployment-order"])
def test_rules_are_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    assert capsys.readouterr().out.startswith(f"# {name}\n")
