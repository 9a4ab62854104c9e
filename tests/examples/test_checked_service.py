"""The service that CI checks: the shortcut is refused with the plan printed, the two releases pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.checked_service.__main__ import CHANGES, Service, main


def test_ci_refuses_the_shortcut_and_passes_the_two_releases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    told = capsys.readouterr().out
    shortcut, second, third = told.split("\n--- ")[1:]
    assert shortcut.startswith("shortcut is proposed, beside release_1: refused")
    assert "write-before-read" in shortcut
    assert "The safe way: 2 releases" in shortcut
    assert second.startswith("release_2 is proposed, beside release_1: passes")
    assert third.startswith("release_3 is proposed, beside release_2: passes")


def test_ci_refuses_a_lock_that_was_forgotten(tmp_path: Path) -> None:
    service = Service(tmp_path / "shop")
    service.write(CHANGES[0])
    service.release("v1")
    source = (service.folder / "shop.py").read_text()
    service.write("release_2")
    (service.folder / "serde-lock/shop.order.json").unlink()
    passed = service._run("bash", "ci.sh", RELEASED="v1")
    assert (passed.returncode, "not in the lock yet" in passed.stdout) == (1, True)
    service.withdraw()
    assert (service.folder / "shop.py").read_text() == source
