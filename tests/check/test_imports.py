"""The lock of another team's schema: from a file, a folder or a repository, and what changed in it since."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from versioned_serde import LockError, Parameter, Schema, Version, add, write_lock
from versioned_serde.check import imports
from versioned_serde.check.imports import FOLDER, Imported, changes, fetched, stored
from versioned_serde.cli.check.command import main
from versioned_serde.settings import SettingsError

NAME = "billing.charge"


@dataclass
class Charge:
    payer: str
    due: str | None = None


def charge(*more: Version, **named: Any) -> Schema[Charge]:
    return Schema(NAME, Charge, Version(1, codec="json", framing="envelope"), *more, **named)


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    identity = ("-c", "user.name=ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
    ran = subprocess.run(
        ["git", *identity, *arguments],  # noqa: S607  as everybody has it
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A team's repository: version 1 in the release v1, version 2 on its main branch."""
    folder = tmp_path / "billing"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    write_lock([charge(), Parameter("billing.beat", {1: 1.0}, kind="at_most", writes=1)], folder / "serde-lock")
    (folder / "setup.py").write_text("raise SystemExit('this must not run')\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=one")
    git(folder, "tag", "v1")
    write_lock([charge(Version(2, codec="cbor"), writes=1)], folder / "serde-lock")
    git(folder, "commit", "--quiet", "--all", "--message=two")
    return folder


def listed(imported: Imported) -> list[int]:
    return list(imported.schema.listed)


def test_a_file_and_a_folder(repository: Path, tmp_path: Path) -> None:
    for source in (f"billing/serde-lock/{NAME}.json", "billing/serde-lock", "billing", str(repository)):
        imported = fetched(NAME, source, tmp_path)
        assert (listed(imported), imported.commit, imported.source) == ([1, 2], None, source)


def test_a_repository(repository: Path, tmp_path: Path) -> None:
    (repository / "serde-lock" / f"{NAME}.json").unlink()
    newest, oldest = git(repository, "rev-parse", "HEAD"), git(repository, "rev-parse", "v1")
    for ref, commit, versions in (
        ("", newest, [1, 2]),
        ("@main", newest, [1, 2]),
        ("@v1", oldest, [1]),
        (f"@{newest}", newest, [1, 2]),
    ):
        for address in ("billing", repository.as_uri()):
            imported = fetched(NAME, f"{address}{ref}", tmp_path)
            assert (listed(imported), imported.commit) == (versions, commit)


def test_a_team_that_has_imported_it_itself_is_not_its_owner(repository: Path, tmp_path: Path) -> None:
    (repository / "serde-lock" / FOLDER).mkdir()
    git(repository, "mv", f"serde-lock/{NAME}.json", f"serde-lock/{FOLDER}/{NAME}.json")
    git(repository, "commit", "--quiet", "--message=theirs")
    with pytest.raises(SettingsError, match=r"has no `billing\.charge\.json`"):
        fetched(NAME, repository.as_uri(), tmp_path)


def test_a_lock_elsewhere_in_a_repository(repository: Path, tmp_path: Path) -> None:
    git(repository, "mv", "serde-lock", "contracts")
    git(repository, "commit", "--quiet", "--message=moved")
    assert listed(fetched(NAME, repository.as_uri(), tmp_path)) == [1, 2]
    (repository / "more").mkdir()
    (repository / "more" / f"{NAME}.json").write_bytes((repository / "contracts" / f"{NAME}.json").read_bytes())
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message=two of them")
    with pytest.raises(SettingsError, match=rf"has contracts/{NAME}\.json, more/{NAME}\.json; name the file's own"):
        fetched(NAME, repository.as_uri(), tmp_path)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("nowhere", "is no file, no folder and no address"),
        ("billing/serde-lock@v1", "git could not read"),
        ("billing@v9", "git could not read `billing@v9`"),
        ("billing@--upload-pack=touch x", "is no repository"),
        ("--upload-pack=x", "is no repository"),
        ("ext::sh -c touch% {}/owned", "git could not read `ext::sh"),
        ("billing@v0", "has no `billing.charge.json`"),
        ("billing/serde-lock/billing.beat.json", "It is the lock of `billing.beat`, not of the schema"),
        ("billing/setup.py", "cannot be used"),
    ],
)
def test_what_cannot_be_imported(repository: Path, tmp_path: Path, source: str, told: str) -> None:
    git(repository, "switch", "--quiet", "--orphan", "empty")
    git(repository, "commit", "--quiet", "--allow-empty", "--message=nothing")
    git(repository, "tag", "v0")
    git(repository, "switch", "--quiet", "main")
    with pytest.raises(SettingsError, match=told):
        fetched(NAME, source.format(tmp_path), tmp_path)
    assert not list(tmp_path.rglob("owned"))


def test_addresses() -> None:
    for source, address, ref in (
        ("https://ada@git.example.com/a.git", "https://ada@git.example.com/a.git", "HEAD"),
        ("https://ada@git.example.com", "https://ada@git.example.com", "HEAD"),
        ("https://ada@git.example.com/a.git@v1", "https://ada@git.example.com/a.git", "v1"),
        ("git@git.example.com:team/a.git", "git@git.example.com:team/a.git", "HEAD"),
        ("git@git.example.com:team/a.git@release/2", "git@git.example.com:team/a.git", "release/2"),
        ("../a@v1", "../a", "v1"),
    ):
        assert imports._address(source, Path("/nowhere")) == (address, ref)


def test_git_that_is_slow_or_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def slow(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("git", 1)

    def missing(*_: Any, **__: Any) -> None:
        raise FileNotFoundError("git")

    for run, told in ((slow, "git took more than 120 s"), (missing, "git is not installed")):
        monkeypatch.setattr(subprocess, "run", run)
        with pytest.raises(SettingsError, match=told):
            fetched(NAME, "https://git.example.com/a.git", tmp_path)


def test_a_view_is_nobodys_contract(tmp_path: Path) -> None:
    write_lock([Schema(NAME, Charge, Version(1, codec="json", framing="envelope"), view=True)], tmp_path)
    with pytest.raises(SettingsError, match="It is a view itself"):
        fetched(NAME, ".", tmp_path)


def test_what_changed(tmp_path: Path) -> None:
    def imported(schema: Schema[Any]) -> Imported:
        write_lock([schema], tmp_path / str(len(list(tmp_path.iterdir()))))
        folder = max(tmp_path.iterdir())
        return fetched(NAME, str(folder), tmp_path)

    one = imported(charge())
    two = imported(charge(Version(2, add("due")), writes=2, reserved={"fax"}))
    other = imported(charge(Version(2, codec="cbor"), writes=2))
    last = imported(Schema(NAME, Charge, Version(2, codec="cbor", framing="envelope")))
    assert changes(None, one) == [f"imported from {one.source}"]
    assert changes(one, one) == []
    assert changes(one, two) == [
        "`writes` was 1, is 2",
        "`listed` was [1], is [1, 2]",
        '`reserved` was [], is ["fax"]',
        "version 1 is another one",
        'version 2 is new: add("due")',
    ]
    assert changes(one, other)[-1] == "version 2 is new: another form"
    assert changes(other, last)[-2:] == ["version 1 is gone", "version 2 is another one"]


def test_the_verb(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "pyproject.toml").write_text("[tool.serde-check]\n")
    monkeypatch.chdir(shop)
    command = ["lock", "--import", NAME]
    assert main(command) == 2
    assert main(["lock", "--from", "x"]) == 2
    assert main([*command, "--from", "../billing@v1", "--check"]) == 1
    assert stored(shop / "serde-lock") == {}
    assert main([*command, "--from", "../billing@v1"]) == 0
    assert main([*command, "--check"]) == 0
    capsys.readouterr()
    assert main([*command, "--from", "../billing"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{NAME}: `listed` was [1], is [1, 2]",
        f"{NAME}: version 2 is new: another form",
    ]
    assert main(command) == 0
    assert capsys.readouterr().out == f"{NAME}: nothing has changed\n"
    [kept] = stored(shop / "serde-lock").values()
    assert (kept.name, kept.source, listed(kept)) == (NAME, "../billing", [1, 2])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"what": "import", "format": 2}'])
def test_a_file_that_was_not_imported(tmp_path: Path, text: str) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "a.json").write_text(text)
    with pytest.raises(LockError, match=r"`imported/a\.json` cannot be read"):
        stored(tmp_path)


def test_a_file_under_another_name(tmp_path: Path) -> None:
    write_lock([charge()], tmp_path)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "a.json").write_text(fetched(NAME, ".", tmp_path).text())
    with pytest.raises(LockError, match=r"It is the lock of `billing\.charge`"):
        stored(tmp_path)
    assert json.loads((tmp_path / FOLDER / "a.json").read_text())["what"] == "import"
