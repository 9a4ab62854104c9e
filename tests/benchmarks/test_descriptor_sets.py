"""The bench of descriptor sets, with few messages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import descriptor_sets


def test_both_tools_are_measured_and_find_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    descriptor_sets.main(["--messages", "7"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("findings")[0].split()[-2:] for line in lines[:6]] == [
        [tool, found] for found in ("0", "0", "7") for tool in ("serde-check", "buf")
    ]
    assert lines[6] == "Nothing was written: only a full run does that."


def test_a_command_that_fails_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        descriptor_sets.run([sys.executable, "-c", "import sys; sys.exit(3)"], tmp_path)


def test_the_sets_have_as_many_messages_as_asked_for() -> None:
    texts = [text for _, text in descriptor_sets.sources(300, "nothing")]
    assert sum(text.count("message Order") for text in texts) == 300
