"""The composite action, its steps run as GitHub's runner runs them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SHOP = """
from dataclasses import dataclass

from versioned_serde import Registry, Schema, Version


@dataclass
class Order:
    buyer: str


registry = Registry(Schema("shop.order", Order, Version(1, codec="json", framing="envelope")))
"""
PROGRAM = """\
#!/bin/sh
for each in "$@"; do printf '<%s>' "$each" >> called; done
echo >> called
echo "::error::found"
exit {code}
"""


class Job:
    """A checkout with a `serde-check` that says how it was called."""

    def __init__(self, folder: Path, code: int = 0) -> None:
        self.folder = folder
        self.summary = folder / "summary"
        self.path = folder / "bin"
        self.path.mkdir()
        program = self.path / "serde-check"
        program.write_text(PROGRAM.format(code=code))
        program.chmod(0o755)

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Runs the steps with some inputs, as `with:` gives them; the last step that ran."""
        given = {name: each["default"] for name, each in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}

        def filled(text: str) -> str:
            return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], text)

        ran: subprocess.CompletedProcess[str] | None = None
        for step in ACTION["runs"]["steps"]:
            assert step["shell"] == "bash"
            environment = {name: filled(value) for name, value in step["env"].items()}
            ran = subprocess.run(
                ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # as the runner calls it
                cwd=self.folder / filled(step["working-directory"]),
                env={"PATH": f"{self.path}:/usr/bin:/bin", "GITHUB_STEP_SUMMARY": str(self.summary)} | environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if ran.returncode:
                break
        assert ran is not None
        return ran

    def calls(self, folder: str = ".") -> list[str]:
        return (self.folder / folder / "called").read_text().splitlines()


def test_without_inputs(tmp_path: Path) -> None:
    job = Job(tmp_path)
    ran = job.run()
    assert (ran.returncode, ran.stdout) == (0, "::error::found\n")
    assert job.calls() == ["<--format><github>", "<--format><markdown>"]
    assert job.summary.read_text() == "::error::found\n"


def test_with_inputs(tmp_path: Path) -> None:
    (tmp_path / "services" / "shop").mkdir(parents=True)
    job = Job(tmp_path)
    job.run(
        against="v1.4.0 origin/main\nv1.5.0", format="text", working_directory="services/shop", args="compare a\n b"
    )
    releases = "<--against><v1.4.0><--against><origin/main><--against><v1.5.0>"
    assert job.calls("services/shop")[0] == f"<compare><a><b>{releases}<--format><text>"


@pytest.mark.parametrize(("code", "runs"), [(0, 2), (1, 2), (3, 2), (2, 1)])
def test_the_job_ends_as_the_check_does(tmp_path: Path, code: int, runs: int) -> None:
    job = Job(tmp_path, code)
    assert job.run().returncode == code
    assert len(job.calls()) == runs


def test_no_input_is_run(tmp_path: Path) -> None:
    job = Job(tmp_path)
    evil = '$(touch pwned) `touch pwned` "; touch pwned; " * ~'
    job.run(against=evil, args=evil, format=evil)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bin", "called", "summary"]
    assert "<$(touch><pwned)>" in job.calls()[0]
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]


def test_without_the_program(tmp_path: Path) -> None:
    job = Job(tmp_path)
    (job.path / "serde-check").unlink()
    ran = job.run()
    assert ran.returncode == 2
    assert ran.stdout.startswith("::error title=serde-check::serde-check is not installed. Install")


def test_every_input_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name, each in ACTION["inputs"].items():
        assert each["description"]
        assert f"${{{{ inputs.{name} }}}}" in text


def test_the_program_itself(tmp_path: Path) -> None:
    job = Job(tmp_path)
    (job.path / "serde-check").write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -m versioned_serde.cli.check.command "$@"\n'
    )
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "pyproject.toml").write_text('[tool.serde-check]\nregistries = ["shop:registry"]\n')
    (shop / "shop.py").write_text(SHOP)
    ran = job.run(working_directory="shop", against="serde-lock")
    assert ran.returncode == 2, "there is no such folder yet"
    assert not job.summary.exists()
    subprocess.run([job.path / "serde-check", "lock"], cwd=shop, check=True, capture_output=True)
    assert job.run(working_directory="shop", against="serde-lock").returncode == 0
    (shop / "serde-lock").rename(shop / "released")
    ran = job.run(working_directory="shop", against="released")
    assert ran.returncode == 1
    assert ran.stdout.startswith("::error file=shop.py,line=")
    clean, found, *_ = job.summary.read_text().split("\n")
    assert clean == "### serde-check: nothing found, held against serde-lock"
    assert found == "### serde-check: 1 error, held against released"
