"""`serde-check` itself, over releases in git: the shortcut is refused, the two releases pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.check.project import RENAMED, Project, Ran


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A service whose release v1 writes version 1."""
    project = Project(tmp_path / "shop")
    project.says()
    project.release("v1")
    return project


def rules(ran: Ran) -> list[tuple[str, str | None]]:
    content: dict[str, Any] = json.loads(ran.out)
    return [(each["rule"], each["schema"]) for each in content["findings"]]


def test_a_release_that_is_as_it_was_is_clean(project: Project) -> None:
    assert project.run("--against", "v1", "--format", "json").code == 0
    assert project.run("check", "--format", "json").code == 0  # against the last commit


def test_the_shortcut_is_refused_with_its_place_and_the_plan(project: Project) -> None:
    project.says(first="buyer", lines=RENAMED, writes=2)
    assert project.run("lock").code == 0
    ran = project.run("--against", "v1", "--format", "json")
    assert ran.code == 1
    assert rules(ran) == [("write-before-read", "shop.order")]
    content = json.loads(ran.out)
    (finding,) = content["findings"]
    line = project.source.read_text().splitlines()[finding["line"] - 1]
    assert (finding["path"], line) == ("service.py", "orders = Schema(")
    assert content["plan"].startswith("# The safe way: 2 releases")
    assert content["against"] == ["v1"]


@pytest.mark.parametrize("by", ["--prove", "--prove=code"])
def test_the_old_reader_proves_it(project: Project, by: str) -> None:
    project.says(first="buyer", lines=RENAMED, writes=2)
    assert project.run("lock").code == 0
    ran = project.run("--against", "v1", by, "--format", "json")
    (finding,) = json.loads(ran.out)["findings"]
    assert ran.code == 1
    assert bytes.fromhex(finding["witness"]).startswith(b"\xfe\xc1")
    assert (
        "Proven with a record of version 2: refused. shop.order version 2: The record needs a reader"
        in (finding["message"])
    )


def test_the_two_releases_pass(project: Project) -> None:
    project.says(first="buyer", lines=RENAMED, writes=1)
    project.release("v2")
    assert project.run("--against", "v1", "--format", "json").code == 0
    project.says(first="buyer", lines=RENAMED, writes=2)
    project.release("v3")
    assert project.run("--against", "v2", "--format", "json").code == 0
    ran = project.run("--live", "v2", "--supported", "v1", "--format", "json")
    assert (ran.code, rules(ran)) == (1, [("rollback-floor-lost", "shop.order")])


def test_a_lock_that_lags_is_one_finding_for_each_schema(project: Project) -> None:
    project.says(first="buyer", lines=RENAMED, writes=1)
    ran = project.run("--against", "v1", "--format", "json")
    assert ran.code == 1
    assert [each for each in rules(ran) if each[0].startswith("lock")] == [("lock-stale", "shop.order")]


def test_a_change_without_a_version_is_told_with_the_line_to_add(project: Project) -> None:
    project.says(first="buyer")
    ran = project.run("--against", "v1", "--format", "json")
    assert ran.code == 1
    assert ("undeclared-change", "shop.order") in rules(ran)
    assert "rename(" in ran.out


def test_what_cannot_be_declared_is_a_finding(project: Project) -> None:
    project.says(lines='Version(2, rename("nothing", "nowhere")),', writes=1)
    ran = project.run("--against", "v1", "--format", "json")
    assert (ran.code, rules(ran)) == (1, [("declaration-refused", "shop.order")])


def test_the_baseline_may_be_a_folder_or_a_file(project: Project, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (project.root / "serde-lock").rename(kept)
    project.says(first="buyer", lines=RENAMED, writes=2)
    assert project.run("lock").code == 0
    for where in (kept, kept / "shop.order.json", kept.parent):
        ran = project.run("--against", str(where), "--format", "json")
        broken = ran.code == 1 and ("write-before-read", "shop.order") in rules(ran)
        assert broken or where == kept.parent, where


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--against", "v9"], "`v9` is no git ref here"),
        (["--against", "--upload-pack=x"], "is not a release"),
        (["--format", "nothing"], "There is no format `nothing`; known are"),
        (["--project", "nowhere"], "nowhere"),
        (["frobnicate"], "No such command"),
        (["can-activate", "shop.order", "7", "--live", "v1"], "No release that runs has a version 7 of shop.order"),
        (["can-rollback", "--to", "v1"], "Missing option '--live'"),
    ],
)
def test_wrong_use_is_told_and_exits_with_2(project: Project, arguments: list[str], told: str) -> None:
    ran = project.run(*arguments)
    assert (ran.code, told in ran.err) == (2, True), ran


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("", "has a table [tool.serde-check]"),
        ("[tool.serde-check]\n", "names no registries"),
        ("[tool.serde-check]\nregistry = []\n", "Did you mean `registries`?"),
        ('[tool.serde-check]\nregistries = "a:b"\n', "`registries` in [tool.serde-check] is not a list of texts"),
        ('[tool.serde-check]\nregistries = ["service"]\n', "not of the form `module:name`"),
        ('[tool.serde-check]\nregistries = ["nowhere:registry"]\n', "No module named 'nowhere'"),
        ('[tool.serde-check]\nregistries = ["service:orders"]\n', "is a `Schema`; it has to be a `Registry`."),
        ('[tool.serde-check]\nregistries = ["service:nothing"]\n', "has no `nothing`, which `registries` names"),
        ("[tool.serde-check\n", "is no TOML"),
    ],
)
def test_settings_that_cannot_be_used_are_told(project: Project, settings: str, told: str) -> None:
    (project.root / "pyproject.toml").write_text(settings)
    ran = project.run("--against", "v1")
    assert (ran.code, told in ran.err) == (2, True), ran


def test_a_module_that_raises_is_told_with_its_place(project: Project) -> None:
    project.source.write_text("x = 1 / 0\n")
    ran = project.run("--against", "v1")
    assert ran.code == 2
    assert "raised ZeroDivisionError: division by zero" in ran.err
    assert "line 1" in ran.err


def test_locking_says_what_it_wrote_and_check_writes_nothing(project: Project) -> None:
    assert project.run("lock").out == "The lock is fresh.\n"
    project.says(first="buyer", lines=RENAMED, writes=1)
    lock = project.root / "serde-lock/shop.order.json"
    before = lock.read_text()
    assert project.run("lock", "--check").code == 1
    assert lock.read_text() == before
    assert project.run("lock").out == "wrote serde-lock/shop.order.json\n"


def test_a_locked_version_is_not_locked_anew_unless_it_is_a_draft(project: Project) -> None:
    project.source.write_text(project.source.read_text().replace("total: int", "total: float"))
    ran = project.run("lock")
    assert (ran.code, "Nothing was written." in ran.err) == (1, True)
    assert project.run("lock", "--draft", "shop.order:1").code == 0
    assert project.run("lock", "--draft", "shop.order").code == 2


def test_the_questions_before_an_activation_and_before_going_back(project: Project) -> None:
    project.says(first="buyer", lines=RENAMED, writes=1)
    project.release("v2")
    ran = project.run("can-activate", "shop.order", "2", "--live", "v1", "--live", "v2")
    assert (ran.code, ran.out) == (1, "No: v1 reads version 1.\n")
    assert project.run("can-activate", "shop.order", "2", "--live", "v2").code == 0
    assert project.run("can-activate", "shop.heartbeat", "1", "--live", "v1", "--live", "v2").code == 0
    assert project.run("can-rollback", "--to", "v1", "--live", "v2").code == 0
    project.says(first="buyer", lines=RENAMED, writes=2)
    project.release("v3")
    ran = project.run("can-rollback", "--to", "v1", "--live", "v3")
    assert (ran.code, "v1 does not read version 2, which v3 writes" in ran.out) == (1, True)
    assert project.run("can-rollback", "--to", "v2", "--live", "v3").code == 0


def test_the_plan_of_one_service(project: Project) -> None:
    project.says(first="buyer", lines=RENAMED, writes=2)
    ran = project.run("plan", "--against", "v1")
    assert ran.code == 0
    assert ran.out.startswith("# The safe way: 2 releases\n")
    assert json.loads(project.run("plan", "--against", "v1", "--format", "json").out)["releases"] == 2


def test_the_plan_of_several_services(tmp_path: Path) -> None:
    projects = [Project(tmp_path / name) for name in ("front", "back")]
    for project in projects:
        project.says()
        project.release("v1")
        project.says(first="buyer", lines=RENAMED, writes=2)
        assert project.run("lock").code == 0
    (tmp_path / "fleet.toml").write_text(
        '[services.front]\nproject = "front"\nagainst = "v1"\ncalls = ["back"]\n'
        '[services.back]\nproject = "back"\nagainst = "v1"\n'
    )
    ran = projects[0].run("plan", "--services", "../fleet.toml", "--format", "json")
    content = json.loads(ran.out)
    deploys = [(each["service"], each["release"]) for each in content["actions"] if each["action"] == "deploy"]
    assert (ran.code, deploys) == (0, [("front", 1), ("back", 1), ("front", 2), ("back", 2)])
    (tmp_path / "fleet.toml").write_text('[services.front]\nagainst = "v1"\ncalls = ["nobody"]\n')
    assert projects[0].run("plan", "--services", "../fleet.toml").code == 2
