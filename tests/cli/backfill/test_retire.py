"""Whether a reader may go, as the program says it; and that `serde-check` takes what it certifies."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.backfill.conftest import Run
from tests.cli.backfill.service import Service
from versioned_serde.backfill import Settings, census
from versioned_serde.cli.check.command import main as serde_check
from versioned_serde.lock.certificate import Certificate, version_digest

METRIC = 'versioned_serde_records_total{{schema="shop.order",version="1",outcome="read"}} {}\n'
DECLARATION = """\
from dataclasses import dataclass

from versioned_serde import Registry, Schema, Version, rename


@dataclass
class Order:
    buyer: str
    total: int


orders = Schema(
    "shop.order",
    Order,
    Version(1, codec="json", framing="envelope"),
    Version(2, rename("customer", "buyer")),
    writes=2,
)
registry = Registry(orders)
"""
SIDE = 'side-places = ["the cache"]\n'


def scanned(service: Service) -> None:
    with service.store() as store, store.beside("backfill") as state, ThreadPoolExecutor(1) as engine:
        settings = Settings(engine=engine, workers=1, shards=2)
        census(service.code.orders, store, name="orders.census", state=state, settings=settings)


@pytest.fixture
def scrapes(tmp_path: Path) -> tuple[str, str]:
    """What two hosts exposed a week ago and now; none of them reads the old version any more."""
    for name, ago in (("before", 168), ("after", 0)):
        for host in ("a", "b"):
            file = tmp_path / name / host
            file.parent.mkdir(exist_ok=True)
            file.write_text(METRIC.format(5))
            then = (datetime.now(UTC) - timedelta(hours=ago)).timestamp()
            os.utime(file, (then, then))
    return str(tmp_path / "before"), str(tmp_path / "after")


@pytest.fixture
def rewritten(service: Service) -> tuple[Service, str]:
    """A service whose records are rewritten and counted, and since when nobody writes the old version."""
    service.declares(SIDE)
    service.fill(20)
    assert service.backfilled().complete
    fenced = datetime.now(UTC).isoformat()
    scanned(service)
    return service, fenced


def test_all_conditions_hold_and_are_certified(
    rewritten: tuple[Service, str], scrapes: tuple[str, str], run: Run, tmp_path: Path
) -> None:
    _, fenced = rewritten
    file = tmp_path / "shop.order.1.json"
    check = ["retire", "check", "shop.order", "1", "--fence-confirmed-at", fenced, "--bake", "0s"]
    check += ["--scrapes", *scrapes, "--cleared", f"the cache={fenced}", "--certificate", str(file)]
    ran = run(*check)
    assert ran.code == 0, ran.out + ran.err
    assert "NO" not in ran.out
    assert ran.out.endswith("The reader of version 1 may go.\n")
    made = Certificate.parsed(file.read_text())
    assert [(each.place, each.records) for each in made.scans] == [("orders", 20)]
    assert made.cleared.keys() == {"the cache"}
    again = run(*check)
    assert (again.code, "is there already" in again.err) == (2, True)
    assert run(*check, "--force").code == 0


def test_serde_check_takes_the_certificate(
    rewritten: tuple[Service, str],
    scrapes: tuple[str, str],
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, fenced = rewritten
    declaration = tmp_path / "declaration_of_shop.py"
    declaration.write_text(DECLARATION)
    with (tmp_path / "pyproject.toml").open("a") as settings:
        settings.write('[tool.serde-check]\nregistries = ["declaration_of_shop:registry"]\n')
    assert serde_check(["lock"]) == 0
    lock = json.loads((tmp_path / "serde-lock" / "shop.order.json").read_text())
    file = tmp_path / "shop.order.1.json"
    check = ["retire", "check", "shop.order", "1", "--fence-confirmed-at", fenced, "--bake", "0s"]
    check += ["--scrapes", *scrapes, "--cleared", f"the cache={fenced}", "--certificate", str(file)]
    assert run(*check).code == 0
    assert Certificate.parsed(file.read_text()).objection(version_digest(lock["versions"]["1"])) == ""
    assert serde_check(["fix", "--retire", "1", "--certificate", str(file)]) == 0, capsys.readouterr()
    assert "Version(1" not in declaration.read_text()


def test_each_thing_that_is_missing_is_said_with_what_to_do(service: Service, run: Run) -> None:
    service.declares(SIDE)
    service.fill(3, bad=1)
    ran = run("retire", "check", "shop.order", "1")
    assert ran.code == 1
    for told in (
        "NO  Nobody has confirmed that no host writes version 1. Stop every build that writes version 1",
        "NO  Not scanned: orders. Run `serde-backfill verify` now",
        "NO  No host reported how often it read version 1.",
        "NO  Nobody has confirmed that the cache is clear.",
        "The reader of version 1 may not go yet.",
    ):
        assert told in ran.out
    fenced = datetime.now(UTC).isoformat()
    scanned(service)
    ran = run("retire", "check", "shop.order", "1", "--fence-confirmed-at", fenced, "--format", "json")
    content = json.loads(ran.out)
    assert (ran.code, content["may_go"]) == (1, False)
    missing = {each["name"]: each["told"] for each in content["conditions"] if not each["holds"]}
    assert missing.keys() == {"bake", "none-left", "none-unreadable", "reads", "cleared:the cache"}
    assert missing["none-left"] == "There are records of version 1 or older: 3 in orders."


def test_nothing_is_certified_that_does_not_hold(rewritten: tuple[Service, str], run: Run, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    assert run("retire", "check", "shop.order", "1", "--certificate", str(file)).code == 1
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["shop.cart", "1"], "No backfill is declared for the schema `shop.cart`. Declared are: shop.order."),
        (["shop.order", "0"], "0 is not in the range"),
        (["shop.order", "1", "--fence-confirmed-at", "yesterday"], "`yesterday` is no time"),
        (["shop.order", "1", "--fence-confirmed-at", "2026-11-20T08:00:00"], "has no time zone"),
        (["shop.order", "1", "--bake", "3 days"], "`3 days` is no span"),
        (["shop.order", "1", "--cleared", "the cache"], "not of the form PLACE=TIME"),
        (["shop.order", "1", "--cleared", "cache=2026-11-20T08:00:00Z"], "`cache` is not declared as a side place"),
        (["shop.order", "1", "--prometheus", "host:9090"], "`host:9090` is no address"),
        (["shop.order", "1", "--prometheus", "http://a", "--scrapes", ".", "."], "not both"),
    ],
)
def test_wrong_use_is_said(service: Service, run: Run, arguments: list[str], told: str) -> None:
    service.declares(SIDE)
    ran = run("retire", "check", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in " ".join(ran.err.split())
