"""The demo, made short; and that its verdict can be the other one."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from examples.rolling_fleet.__main__ import main, run
from examples.rolling_fleet.cities import Attributes, largest
from examples.rolling_fleet.driver import Setting
from examples.rolling_fleet.fleet import HostDiedError
from examples.rolling_fleet.places import KINDS, journals
from examples.rolling_fleet.schedules import RELEASE_3, RELEASE_4, Schedule, Stage
from examples.rolling_fleet.verdict import Check

ROOT = Path(__file__).parents[2]
CARELESS = "tests.examples.releases.careless"
BLIND = "tests.examples.releases.blind"
BROKEN = "tests.examples.releases.broken"


@cache
def some_cities() -> list[tuple[str, Attributes]]:
    return list(largest(2_000).items())


def checks_of(place: Path, *stages: Stage, kinds: tuple[str, ...] = KINDS, cities: int = 8) -> list[Check]:
    setting = Setting(dict(some_cities()[:cities]), dict(some_cities()[cities:]), kinds, hosts=2, seconds=1.0)
    return run(Schedule("Of a test", stages), setting, place / "run", Console(file=io.StringIO()))


def wrong(checks: list[Check]) -> set[str]:
    """What is wrong, by the words behind the numbers."""
    words = ("failed reads", "refused", "unknown attribute", "lost cities", "lost updates", "lost attributes")
    return {word for check in checks for word in words if word in check.text and not check.ok}


def test_the_safe_way_and_the_shortcut_on_both_stores(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main, ["--records", "50", "--hosts", "2", "--seconds", "0.4", "--keep", str(tmp_path / "kept")]
    )
    assert result.exit_code == 0, result.output
    safe, _, shortcut = result.output.partition("The shortcut\n")
    assert "0 failed reads (theory: none)" in safe
    assert " on release_3, 1 on release_4 " in safe
    assert "UnreadableVersionError 2 on release_1 (theory: UnreadableVersionError 2 on release_1)" in shortcut
    for kind in KINDS:
        for what in ("cities", "updates", "attributes"):
            assert f"{kind}: 0 lost {what} of " in safe
            assert f"{kind}: 0 lost {what} of " in shortcut
    assert result.output.endswith("Everything went as theory says.\n")
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"the-safe-way", "the-shortcut"}


def test_a_release_that_drops_what_it_does_not_know_is_found_out(tmp_path: Path) -> None:
    checks = checks_of(tmp_path, Stage("side by side", (RELEASE_4, CARELESS)), kinds=("sqlite",))
    assert "lost attributes" in wrong(checks)
    assert "failed reads" not in wrong(checks)


def test_a_store_that_does_not_compare_is_found_out(tmp_path: Path) -> None:
    checks = checks_of(tmp_path, Stage("at once", (BLIND,)), kinds=("directory",), cities=2)
    assert wrong(checks) == {"lost updates"}


def test_the_same_stages_with_a_careful_release_are_right(tmp_path: Path) -> None:
    assert wrong(checks_of(tmp_path, Stage("side by side", (RELEASE_4, RELEASE_3)), cities=2)) == set()


def test_a_host_that_dies_ends_the_demo(tmp_path: Path) -> None:
    with pytest.raises(HostDiedError, match=r"host-1 on broken died \(1\):[^$]*the surveyor fell into a river"):
        checks_of(tmp_path, Stage("all", (BROKEN,)))


def test_ctrl_c_ends_all_hosts(tmp_path: Path) -> None:
    place = tmp_path / "kept"
    demo = subprocess.Popen(
        [sys.executable, "-m", "examples.rolling_fleet", "--records", "10", "--keep", str(place)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    journal = journals(place / "the-safe-way") / "host-2.jsonl"
    deadline = time.monotonic() + 60
    while not journal.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    demo.send_signal(signal.SIGINT)
    output, _ = demo.communicate(timeout=60)
    assert demo.returncode == 130, output
    assert "Traceback" not in output
    assert output.endswith("Stopped; all hosts have ended.\n")
    size = journal.stat().st_size
    time.sleep(0.3)
    assert journal.stat().st_size == size


def test_it_does_not_write_into_a_directory_that_is_in_use(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("")
    result = CliRunner().invoke(main, ["--keep", str(tmp_path)])
    assert result.exit_code == 2
    assert "is not empty" in result.output
