"""The bench of `serde-check`, with few models."""

from __future__ import annotations

import pytest

from benchmarks import checking


def test_a_small_run_prints_what_each_kind_takes(capsys: pytest.CaptureFixture[str]) -> None:
    checking.main(["--models", "20", "--rounds", "1"])
    text = capsys.readouterr().out
    for kind in checking.KINDS:
        assert f"{kind}, 20 models: an interpreter" in text
    assert text.count("serde-check after the models' own import") == len(checking.KINDS)
