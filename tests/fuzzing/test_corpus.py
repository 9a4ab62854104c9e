"""The corpus of the fuzzer, replayed: it holds what gave another outcome than all before it."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzzing import __main__ as fuzzing
from tests.fuzzing.targets import CODECS, CODINGS, FRAMINGS, KINDS, Target, targets

TARGETS = targets()


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_nothing_but_our_errors_comes_of_the_corpus(target: Target) -> None:
    for data in [*target.seeds, b"", *(file.read_bytes() for file in sorted((fuzzing.CORPUS / target.name).glob("*")))]:
        assert target.run(data)


def test_the_seeds_are_read() -> None:
    for name, target in TARGETS.items():
        if name != "inspect":
            assert any(
                re.search("a value|a payload|records|a tag|read and never written", target.run(seed))
                for seed in target.seeds
            ), name


def test_the_corpus_is_small_and_has_a_target() -> None:
    files = [file for file in fuzzing.CORPUS.rglob("*") if file.is_file()]
    assert len(files) > 100
    assert sum(file.stat().st_size for file in files) < 500_000
    assert {file.parent.name for file in files} <= TARGETS.keys()


def test_every_plug_in_is_fuzzed() -> None:
    for codec in CODECS:
        assert any(name.startswith(f"{codec}-") for name in TARGETS), (
            f"no model in tests/fuzzing/records.py fits {codec}"
        )
    for kind in KINDS:
        assert any(name.endswith(f"-{kind}") for name in TARGETS), f"no model in tests/fuzzing/records.py is of {kind}"
    assert {f"coding-{name}" for name in CODINGS} <= TARGETS.keys()
    assert {f"framing-{name}" for name in FRAMINGS} <= TARGETS.keys()


def test_a_target_fails_for_what_is_no_error_of_ours(tmp_path: Path) -> None:
    def run(data: bytes) -> str:
        raise ValueError(data)

    (tmp_path / "one").write_bytes(b"found")
    with pytest.raises(ValueError, match="found"):
        fuzzing._replay([Target("broken", run, ())], [tmp_path / "one"])


def test_files_can_be_replayed_and_targets_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one").write_bytes(b"\x05")
    assert fuzzing.main(["--target", "delimited", "--replay", str(tmp_path / "one")]) == 0
    assert "StreamError" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"There is no target else\. There are avro-dataclass, "):
        fuzzing.main(["--target", "else"])


def test_what_gives_another_outcome_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target("lengths", lambda data: f"{len(data) % 3}", ())
    monkeypatch.setattr(fuzzing, "CORPUS", tmp_path / "corpus")
    monkeypatch.setattr(fuzzing, "WORK", tmp_path)
    (tmp_path / "lengths").mkdir()
    for number, data in enumerate((b"aaaa", b"a", b"bb", b"x" * 2_000)):
        (tmp_path / "lengths" / str(number)).write_bytes(data)
    fuzzing.keep(target)
    assert {file.read_bytes() for file in (tmp_path / "corpus" / "lengths").iterdir()} == {b"a", b"bb"}


def test_without_atheris_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=r"atheris, which is not installed.*pip install"):
        fuzzing.main(["--target", "tag"])


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_a_crash_is_found_and_leaves_a_file(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from tests.fuzzing import one, targets\n"
        "def run(data):\n"
        "    if data[:1] == b'x':\n"
        "        raise ValueError\n"
        "targets.targets = lambda: {'broken': targets.Target('broken', run, ())}\n"
        "one.main('broken', 8_000, sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, f"-artifact_prefix={tmp_path}/", "-max_total_time=20"]
    run = subprocess.run(command, cwd=fuzzing.ROOT, capture_output=True, check=False)
    assert run.returncode
    (crash,) = tmp_path.iterdir()
    assert crash.read_bytes()[:1] == b"x"
