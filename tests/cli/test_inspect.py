from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.shop import Order, newer
from versioned_serde.cli.inspect import command, main
from versioned_serde.envelope.binary import prefix
from versioned_serde.envelope.tag import Tag, schema_id

ROOT = Path(__file__).parents[2]
REGISTRY = ("--registry", "tests.cli.shop:registry")
RECORD = newer.dumps(Order("ada", 3, "ring"))


def run(*arguments: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(command, arguments, input=data, standalone_mode=False)


def environment(**changes: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])} | changes


def start(
    *arguments: str,
    stdin: int = subprocess.DEVNULL,
    stdout: int | BinaryIO = subprocess.PIPE,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    # `-P` keeps the current directory out of the path, as it is for a console script.
    program = [sys.executable, "-P", "-m", "versioned_serde.cli.inspect", *arguments]
    return subprocess.Popen(
        program, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, cwd=cwd, env=env or environment()
    )


def test_a_record_as_text() -> None:
    result = run("-", data=RECORD)
    assert result.return_value == 0
    assert (
        result.output
        == f"""\
A record of the schema with the id {schema_id("shop.order").hex()}, version 3, {len(RECORD)} bytes.
  framing     envelope
  schema      not known here (id {schema_id("shop.order").hex()})
  version     3, for readers of version 2 and newer
  flags       checksum
  codec       1 (json)
  coding      0 (none)
  checksum    good
  tag         11 bytes
  payload     {len(RECORD) - 15} bytes
"""
    )


def test_a_record_with_its_registry_as_text() -> None:
    result = run(*REGISTRY, "-", data=RECORD)
    assert result.return_value == 0
    assert result.output.startswith(f"A record of shop.order, version 3, {len(RECORD)} bytes.\n")
    assert result.output.endswith("""\
The registry reads versions 1, 2 of shop.order.
It can read this record:
OldOrder(buyer='ada', total=3)
It keeps, but does not understand:
  gift (json, 6 bytes)
    00000000  22 72 69 6e 67 22                                "ring"
""")


def test_a_bare_record_with_its_registry_as_text() -> None:
    result = run(*REGISTRY, "--schema", "shop.order", "-", data=b'{"buyer":"ada"}')
    assert result.return_value == 0
    assert (
        result.output
        == """\
A bare record of shop.order, version 1, 15 bytes.
The registry reads versions 1, 2 of shop.order.
It can read this record:
OldOrder(buyer='ada', total=0)
"""
    )


def test_an_unknown_record_as_text() -> None:
    result = run("-", data=bytes(range(0x80, 0x80 + 20)) * 20)
    assert result.return_value == 1
    lines = result.output.splitlines()
    assert lines[:4] == [
        "Not understood: 400 bytes. It has no tag.",
        "It looks like nothing known. (This is a guess from its content.)",
        "  00000000  80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f  ................",
        "  00000010  90 91 92 93 80 81 82 83 84 85 86 87 88 89 8a 8b  ................",
    ]
    assert lines[-1] == "  ... 144 bytes more"
    assert len(lines) == 2 + 16 + 1


def test_a_damaged_record_as_text() -> None:
    result = run(*REGISTRY, "-", data=RECORD + b"x")
    assert result.return_value == 1
    lines = result.output.splitlines()
    assert lines[1:3] == [
        "The record was damaged after it was written: its CRC-32 differs.",
        "What follows is what the damaged record seems to say.",
    ]
    assert lines[-1] == (
        "It cannot read this record: shop.order: The record was damaged after it was written: its CRC-32 differs."
    )


def test_a_record_as_json() -> None:
    result = run("--format", "json", *REGISTRY, "-", data=RECORD)
    assert result.return_value == 0
    assert json.loads(result.output) == {
        "understood": True,
        "bytes": len(RECORD),
        "complete": True,
        "problem": None,
        "reason": None,
        "tag": {
            "framing": "envelope",
            "schema": "shop.order",
            "schema_id": schema_id("shop.order").hex(),
            "version": 3,
            "min_reader": 2,
            "flags": ["checksum"],
            "codec": {"id": 1, "name": "json"},
            "coding": {"id": 0, "name": "none"},
            "checksum": "good",
            "extensions": {},
            "tag_bytes": 11,
            "payload_bytes": len(RECORD) - 15,
            "inflated_bytes": len(RECORD) - 15,
            "inflation": None,
        },
        "guess": None,
        "hex": None,
        "registry": {
            "schema": "shop.order",
            "versions": [1, 2],
            "version": 3,
            "why_not": None,
            "value": "OldOrder(buyer='ada', total=3)",
            "unknown": [{"path": "gift", "held": "json", "bytes": 6, "hex": b'"ring"'.hex()}],
            "more_unknown": 0,
        },
    }


def test_an_unknown_record_as_json() -> None:
    result = run("--format", "json", "-", data=b"\x80" * 300)
    assert result.return_value == 1
    found = json.loads(result.output)
    assert (found["understood"], found["reason"], found["tag"], found["registry"]) == (False, "no-tag", None, None)
    assert found["guess"] == "nothing known"
    assert found["hex"] == "80" * 256


def test_extensions_are_shown() -> None:
    tag = Tag(schema_id("a"), 1, 1, 1, extensions=((2, b"\xab" * 100),))
    result = run("-", data=prefix(tag) + b"{}")
    assert f"  extension   2: {'ab' * 64}, 100 bytes\n" in result.output


def test_a_header_is_a_tag() -> None:
    value = '1;schema="shop.headers";version=1;min-reader=1;codec=1;coding=0'
    result = run(*REGISTRY, "--header", f"Serde-Tag: {value}", "-", data=b'{"buyer":"ada"}')
    assert result.return_value == 0
    assert result.output.endswith("""\
The registry reads version 1 of shop.headers.
It can read this record:
OldOrder(buyer='ada', total=0)
""")


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(RECORD)
    assert run(str(tmp_path / "record")).output == run("-", data=RECORD).output


def test_nobody_commands_the_terminal() -> None:
    payload = b'{"buyer":"\\u001b[31m\\u202e","\\u001b[2J\\n\\u009b":"\\u001b"}'
    result = run(*REGISTRY, "--schema", "shop.order", "-", data=payload)
    assert result.return_value == 0
    assert re.fullmatch(r"[ -~\n]*", result.output)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "nowhere cannot be read: No such file or directory."),
        (["."], ". cannot be read: Is a directory."),
        (["--registry", "json", "-"], "--registry needs the form MODULE:NAME."),
        (["--registry", "nowhere:registry", "-"], "`nowhere:registry` cannot be imported: ModuleNotFoundError:"),
        (["--registry", "json:nothing", "-"], "`json:nothing` cannot be imported: AttributeError:"),
        (["--registry", ".:a", "-"], "`.:a` cannot be imported: "),
        (["--registry", "json:dumps", "-"], "`json:dumps` is a function, not a Registry."),
        (["--registry", "tests.cli.shop:registry.nothing", "-"], "cannot be imported: AttributeError:"),
        (["--schema", "a", "-"], "--schema needs --registry."),
        (["--header", "serde-tag", "-"], "--header needs the form 'NAME: VALUE'."),
        (["--header", "a: 1", "--header", "a: 2", "-"], "The header `a` is given twice."),
        (["--format", "yaml", "-"], "Invalid value for '--format'"),
        ([], "Missing argument"),
    ],
)
def test_wrong_use_is_explained(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "tests")
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert output.out == ""


@pytest.mark.parametrize(
    "code", ["1 / 0", "raise SystemExit(0)", "import sys; sys.exit('bye')", "(", "raise RecursionError"]
)
def test_a_module_that_fails_is_wrong_use(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "failing_service.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "failing_service", raising=False)
    assert main(["--registry", "failing_service:registry", "-"]) == 2
    assert "`failing_service:registry` cannot be imported: " in capsys.readouterr().err


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    output = capsys.readouterr().out
    assert "serde-inspect --registry shop.records:registry orders/17" in output
    assert "Exit codes:" in output


def test_the_current_directory_is_searched_for_the_registry(tmp_path: Path) -> None:
    (tmp_path / "here.py").write_text("from tests.cli.shop import registry\n")
    (tmp_path / "record").write_bytes(RECORD)
    process = start("--registry", "here:registry", "record", cwd=tmp_path)
    output, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, b"")
    assert b"OldOrder(buyer='ada', total=3)" in output


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes(RECORD)
    read, write = os.pipe()
    os.close(read)
    process = start(str(tmp_path / "record"), stdout=write)
    os.close(write)
    assert process.communicate(timeout=30)[1] == b""
    assert process.returncode == 0


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    (tmp_path / "record").write_bytes(RECORD)
    with Path("/dev/full").open("wb") as full:
        process = start(str(tmp_path / "record"), stdout=full)
        assert process.communicate(timeout=30)[1] == b"Error: The output cannot be written: No space left on device.\n"
    assert process.returncode == 1


@pytest.mark.parametrize(("closed", "code"), [("<&-", 2), (">&-", 1), ("2>&-", 1)])
def test_closed_streams_are_no_trouble(closed: str, code: int) -> None:
    shell = ["sh", "-c", f'printf x | {{ "$0" -m versioned_serde.cli.inspect - {closed}; }}', sys.executable]
    result = subprocess.run(shell, capture_output=True, timeout=30, check=False, env=environment())
    assert result.returncode == code
    assert b"Traceback" not in result.stderr


def test_an_endless_file_is_read_to_the_bound() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("needs /dev/zero")
    result = run("/dev/zero")
    assert result.return_value == 1
    assert result.output.startswith("Not understood: more than 67108864 bytes. It is larger than the bound")
    assert result.output.endswith("  ... more\n")


def test_an_interrupt_ends_it_quietly() -> None:
    process = start("-", stdin=subprocess.PIPE)
    assert process.stdin is not None
    # When it has taken more than a pipe holds, it is reading.
    process.stdin.write(bytes(1_000_000))
    process.stdin.flush()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in complaints


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "record").write_bytes('{"buyer":"漢"}'.encode())
    record = str(tmp_path / "record")
    process = start(*REGISTRY, "--schema", "shop.order", record, env=environment(PYTHONIOENCODING=encoding))
    output, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, b"")
    assert ("漢" if encoding == "utf-8" else r"\u6f22") in output.decode(encoding)


@given(st.binary(max_size=100), st.sampled_from(["text", "json"]), st.booleans())
def test_any_bytes_give_an_answer(data: bytes, form: str, with_registry: bool) -> None:
    arguments = ["--format", form, *(REGISTRY if with_registry else ()), "-"]
    result = run(*arguments, data=data)
    assert result.exception is None
    assert result.return_value in (0, 1)
    if form == "json":
        json.loads(result.output)
