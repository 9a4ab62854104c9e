"""`serde-check fix`, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.check.fix.project import Project, inside
from versioned_serde.check.fix import looking
from versioned_serde.cli.check import fix as verb
from versioned_serde.cli.check.command import main
from versioned_serde.lock.certificate import Certificate, version_digest

TEXT = """\
from dataclasses import dataclass

from versioned_serde import Registry, Schema, Version


@dataclass
class Order:
    customer: str


registry = Registry(Schema("shop.order", Order, Version(1, codec="json", framing="envelope")))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(looking, "started", inside)
    monkeypatch.chdir(tmp_path)
    return Project.made(tmp_path, TEXT)


def test_the_diff_the_check_and_the_writing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix"]) == 0
    assert capsys.readouterr().out == "Nothing to do.\n"
    changed = project.change(("    customer: str\n", "    customer: str\n    note: str | None = None\n"))
    assert main(["fix", "--diff"]) == 0
    shown = capsys.readouterr()
    assert (
        '+registry = Registry(Schema("shop.order", Order, Version(1, codec="json", framing="envelope"), Ver'
        in shown.out
    )
    assert "one release" in shown.err
    assert main(["fix", "--check"]) == 1
    assert project.text == changed
    capsys.readouterr()
    assert main(["fix"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["wrote serde-lock/shop.order.json", "wrote shop/serde.py"]
    assert main(["fix", "--check"]) == 0


def test_what_is_open_is_told(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.change(("customer", "buyer"))
    assert main(["fix"]) == 1
    assert "Not done: shop.order: a version line says `...` (shop/serde.py:11)" in capsys.readouterr().err
    assert main(["fix", "--yes"]) == 1


def test_the_safe_answers(project: Project) -> None:
    project.change(("customer", "buyer"))
    assert main(["fix", "--yes", "shop.order"]) == 0
    assert 'Version(2, rename("customer", "buyer")), writes=1' in project.text


def test_a_person_is_asked(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["2", "1 +", "'?'", "lambda order: order['buyer']"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda text: next(answers))
    monkeypatch.setattr(verb, "_is_terminal", lambda: True)
    project.change(("customer", "buyer"))
    assert main(["fix"]) == 0
    assert "add(\"buyer\", fill='?'), remove(\"customer\", was=str, fill=lambda order: order['buyer'])" in project.text
    out = capsys.readouterr().out
    assert '  1  rename("customer", "buyer")\n' in out
    assert "That is not one expression of Python" in out


def test_retiring(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.change(("    customer: str\n", "    customer: str\n    note: str | None = None\n"))
    assert main(["fix"]) == 0
    lock = json.loads((project.root / "serde-lock" / "shop.order.json").read_text())
    now = datetime.now(UTC)
    text = Certificate("shop.order", 1, version_digest(lock["versions"]["1"]), now, now, now, {}).text()
    (project.root / "census.json").write_text(text)
    capsys.readouterr()
    assert main(["fix", "--retire", "1", "--certificate", "census.json"]) == 0
    assert "shop.order: version 1 is not read any more." in capsys.readouterr().out
    assert 'Version(2, codec="json", framing="envelope", min_reader=1), writes=2' in project.text
    assert main(["fix", "--retire", "2", "--certificate", "census.json"]) == 2
    assert main(["fix", "--retire", "1"]) == 2
    (project.root / "census.json").write_text("[]")
    assert main(["fix", "--retire", "1", "--certificate", "census.json"]) == 2
    assert "`census.json` cannot be used" in capsys.readouterr().err


def test_a_project_without_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--project", str(tmp_path)]) == 2
    assert "[tool.serde-check]" in capsys.readouterr().err


def test_against_a_release(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """What the lock has and no release does is a draft: it may still change."""
    released = project.root / "released"
    (project.root / "serde-lock").rename(released)
    project.change(("    customer: str\n", "    customer: str\n    note: str | None = None\n"))
    assert main(["fix", "--against", "released"]) == 0
    project.change(("note: str | None = None", "note: str | None = None\n    gift: bool = False"))
    assert main(["fix", "--against", "released"]) == 0
    assert 'Version(2, add("gift"), add("note")), writes=2' in project.text
    assert main(["fix", "--against", "nowhere"]) == 2


def test_a_library_that_is_not_installed() -> None:
    program = (
        "import sys; sys.modules['libcst'] = None; from versioned_serde.cli.check.command import main; main(['fix'])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stderr == "Error: `serde-check fix` needs `libcst`. pip install 'versioned-serde[check]'\n"


def test_in_a_repository_the_last_commit_is_the_release(project: Project) -> None:
    def committed() -> None:
        identity = ("-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
        for arguments in (("add", "."), (*identity, "commit", "--quiet", "--message=more")):
            subprocess.run(["git", *arguments], cwd=project.root, check=True)  # noqa: S607  as everybody has it

    subprocess.run(["git", "init", "--quiet"], cwd=project.root, check=True)  # noqa: S607  as above
    committed()
    project.change(("    customer: str\n", "    customer: str\n    note: str | None = None\n"))
    assert main(["fix"]) == 0
    project.change(("    customer: str\n", "    customer: str\n    gift: bool = False\n"))
    assert main(["fix"]) == 0
    assert 'Version(2, add("gift"), add("note")), writes=2' in project.text
    committed()
    project.change(("    customer: str\n", "    customer: str\n    size: int = 0\n"))
    assert main(["fix"]) == 0
    assert 'Version(2, add("gift"), add("note")), Version(3, add("size")), writes=3' in project.text
