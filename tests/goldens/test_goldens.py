from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.goldens import __main__ as command
from tests.goldens import frozen, previous
from tests.goldens.reading import unread
from tests.goldens.samples import release, samples

ROOT = Path(__file__).parents[2]
CURRENT = command.current()


@pytest.mark.parametrize("name", frozen.releases())
def test_every_record_that_a_release_has_frozen_is_read(name: str) -> None:
    records = frozen.read(name)
    older = [sample for sample in samples() if release(sample.since) <= release(name)]
    assert {each.sample for each in records} == {sample.name for sample in older}
    newer = {sample.name for sample in samples()} - {each.sample for each in records}
    assert unread(records) == [f"{missing}: no record" for missing in newer]


def test_this_release_has_frozen_its_records() -> None:
    # Compressed bytes may change with the build of a library; what is in them may not.
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert version.startswith(CURRENT)
    made = {(each.sample, each.record): each for sample in samples() for each in frozen.made(sample)}
    kept = {(each.sample, each.record): each for each in frozen.read(CURRENT)}
    assert made.keys() == kept.keys(), "run `make golden`"
    for name, each in made.items():
        same = replace(each, payload="") == replace(kept[name], payload="")
        assert same, f"{name}: the value or the headers changed"
        if ".none" in each.sample or ".plain." not in each.sample:
            assert each.payload == kept[name].payload, f"{name}: the bytes changed"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """This tree, as if it were an earlier release."""
    for part in ("src/versioned_serde", "tests/goldens", "tests/protos"):
        leave = shutil.ignore_patterns("*.so", "*.c", "*.cpp", "__pycache__", "records.jsonl")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=leave)
    return tmp_path


def test_an_earlier_release_that_is_like_this_one_reads_its_records(copy: Path) -> None:
    passed, text = previous.read_with(copy, frozen.HERE / CURRENT / frozen.RECORDS)
    assert passed, text


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("envelope/binary.py", 'MAGIC = b"\\xfe\\xc1"', 'MAGIC = b"\\xfe\\xc2"'),
        ("codecs/msgpack.py", "id = 2", "id = 5"),
        ("tree.py", 'COMPLEMENT = "$kept"', 'COMPLEMENT = "$keep"'),
    ],
)
def test_an_earlier_release_that_reads_other_bytes_is_noticed(copy: Path, file: str, old: str, new: str) -> None:
    source = copy / "src/versioned_serde" / file
    text = source.read_text()
    assert text.count(old) == 1
    source.write_text(text.replace(old, new))
    passed, told = previous.read_with(copy, frozen.HERE / CURRENT / frozen.RECORDS)
    assert not passed
    assert "golden." in told


def test_the_release_before_reads_what_this_one_writes(tmp_path: Path) -> None:
    # Before the first release there is none, and the copy above stands for it.
    for tag in previous.tags()[-1:]:
        passed, text = previous.read_with(previous.tree_of(tag, tmp_path), frozen.HERE / CURRENT / frozen.RECORDS)
        assert passed, text


def test_the_tree_of_a_tag_is_what_it_was(tmp_path: Path) -> None:
    tree = previous.tree_of("HEAD", tmp_path)
    assert (tree / "src/versioned_serde/schema.py").exists()
    assert not (tree / ".git").exists()


def test_records_of_a_release_that_is_out_are_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "is_tagged", lambda name: True)
    before = (frozen.HERE / CURRENT / frozen.RECORDS).read_bytes()
    assert command.main() == 1
    assert (frozen.HERE / CURRENT / frozen.RECORDS).read_bytes() == before
