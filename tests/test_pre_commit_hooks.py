"""The hooks, as pre-commit takes them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = {each["id"]: each for each in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))}
PROGRAM = '#!/bin/sh\necho "called with <$*>"\nexit 1\n'


def pre_commit(
    *arguments: str | Path, cwd: Path, path: str = "", home: Path | None = None
) -> subprocess.CompletedProcess[str]:
    who = {f"GIT_{role}_{what}": "shop@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "PATH": f"{path}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(home or cwd)}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def git(*arguments: str, cwd: Path) -> None:
    who = ("-c", "user.name=shop", "-c", "user.email=shop@example.org")
    subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True)  # noqa: S607  git of the PATH


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    checked = pre_commit("validate-manifest", MANIFEST, cwd=tmp_path)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_a_manifest_that_is_not_valid_would_be_seen(tmp_path: Path) -> None:
    broken = tmp_path / "hooks.yaml"
    broken.write_text(MANIFEST.read_text().replace("entry:", "entries:"))
    assert pre_commit("validate-manifest", broken, cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(("hook", "arguments"), [("serde-check", ""), ("serde-check-lock", "lock")])
def test_a_hook_runs_the_program_of_the_services_environment(tmp_path: Path, hook: str, arguments: str) -> None:
    hooks, service, programs = (tmp_path / name for name in ("hooks", "service", "programs"))
    for folder in (hooks, service, programs):
        folder.mkdir()
    shutil.copy(MANIFEST, hooks)
    (service / "shop.py").write_text("registry = None\n")
    for folder in (hooks, service):
        git("init", "-q", cwd=folder)
        git("add", "-A", cwd=folder)
        git("commit", "-q", "-m", "one", cwd=folder)
    program = programs / "serde-check"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    ran = pre_commit("try-repo", hooks, hook, "--all-files", cwd=service, path=str(programs), home=tmp_path / "home")
    assert ran.returncode == 1, ran
    assert f"called with <{arguments}>" in ran.stdout  # once, and without the names of files
    assert ran.stdout.count("called with") == 1


def test_hooks_know_what_they_depend_on() -> None:
    for each in HOOKS.values():
        assert each["types_or"] == ["python", "json", "toml"]
        assert each["language"] == "system"
