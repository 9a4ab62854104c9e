"""`serde-backfill plan`: it says what would be done, and writes nothing."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.backfill.conftest import Run
from tests.cli.backfill.service import Service


def everything(root: Path) -> dict[str, str]:
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_dry_run_says_what_would_come_of_it_and_changes_not_a_byte(service: Service, run: Run) -> None:
    service.fill(30, bad=2)
    before = everything(service.root)
    ran = run("plan", "--dry-run", "--format", "json")
    assert everything(service.root) == before
    content = json.loads(ran.out)
    assert (ran.code, content["counted"], content["records"], content["shards"]) == (1, "starts", 32, 2)
    assert content["counts"] == [{"version": 1, "min_reader": 1, "mixed": False, "records": 30}]
    assert content["unreadable"] == {"no-tag": 2}
    assert content["dry_run"] == {
        "scanned": 32,
        "migrated": 30,
        "already": 0,
        "overtaken": 0,
        "deleted": 0,
        "quarantined": 2,
    }


def test_it_is_told_in_words(service: Service, run: Run) -> None:
    service.fill(30)
    ran = run("plan", "orders", "--dry-run")
    assert ran.code == 0
    assert "30 records were looked at: all records, by their tags." in ran.out
    assert "A dry run: scanned 30, migrated 30. Nothing was written." in ran.out
    assert "because of `rename('customer', 'buyer')`" in ran.out


def test_old_writers_come_first(service: Service, run: Run) -> None:
    service.says(writes=1)
    service.fill(3)
    ran = run("plan")
    assert ran.code == 1
    assert "First: Fence old writers first: this release still writes version 1" in ran.out


def test_newer_writers_come_first_where_records_are_lowered(service: Service, run: Run) -> None:
    ran = run("plan", "--to", "1", "--lower")
    assert ran.code == 1
    assert "First: Roll back writers first: this release writes version 2" in ran.out
    assert run("plan", "--to", "1").code == 0


def test_a_version_that_is_not_listed_has_to_be_prepared(service: Service, run: Run) -> None:
    ran = run("plan", "--to", "3", "--dry-run", "--format", "json")
    content = json.loads(ran.out)
    assert (ran.code, content["listed"], content["dry_run"]) == (1, False, None)
    assert content["first"][0].startswith("Prepare version 3: this release lists 1, 2.")


@pytest.mark.parametrize("verb", ["plan", "run"])
def test_somebody_has_to_say_which_version(service: Service, run: Run, verb: str) -> None:
    service.declares(text='[tool.serde-backfill.orders]\nschema = "{module}:orders"\nstore = "{module}:store"\n')
    ran = run(verb)
    assert (ran.code, "Say --to" in ran.err) == (2, True)
