"""The demo of the backfill, made short; and that it would tell of a store that loses updates."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from examples.retired_reader.__main__ import main
from versioned_serde.lock.certificate import Certificate


def test_the_run_is_killed_and_the_reader_goes(tmp_path: Path) -> None:
    arguments = ["--records", "100", "--hosts", "2", "--seconds", "0.5", "--rate", "200", "--store", "sqlite"]
    result = CliRunner().invoke(main, [*arguments, "--keep", str(tmp_path / "kept")])
    assert result.exit_code == 0, result.output
    assert result.output.count("killed (SIGKILL)") == 2
    refused = re.search(r"refused while hosts write XML: (.*)", result.output)
    assert refused is not None
    assert {"fence", "none-left", "reads"} <= set(refused[1].split(", "))
    for what in ("cities", "updates", "attributes"):
        assert f"sqlite: 0 lost {what} of " in result.output
    assert "0 failed calls of hosts, in all" in result.output
    assert "WRONG" not in result.output
    made = Certificate.parsed((tmp_path / "kept" / "atlas.city.1.json").read_text())
    assert (made.schema, made.version) == ("atlas.city", 1)
    assert {version for version, _, _ in made.counts} == {2}


def test_a_directory_that_is_there_is_left_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--keep", str(tmp_path)])
    assert result.exit_code == 2
    assert "is there already" in result.output
