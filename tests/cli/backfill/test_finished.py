"""What is told of a run that has ended."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.cli.backfill.conftest import Run
from tests.cli.backfill.service import BAD, PROGRESS, Service
from versioned_serde.backfill.control import ask, asked_of
from versioned_serde.backfill.record import Run as Run_
from versioned_serde.backfill.record import begin, now
from versioned_serde.backfill.state import State
from versioned_serde.cli.backfill._options import paused


@pytest.fixture
def ended(service: Service) -> Service:
    service.fill(30, bad=2)
    assert service.backfilled().complete
    return service


def test_status_tells_of_all_runs_or_of_one(ended: Service, run: Run) -> None:
    ended.backfilled("later")
    ran = run("status")
    assert ran.code == 0
    assert "orders: done, 2 of 2 shards\n  shop.order to version 2; began" in ran.out
    assert "  scanned 32: migrated 30, quarantined 2\n" in ran.out
    assert "later: done" in ran.out
    assert "later" not in run("status", "orders").out
    content = json.loads(run("status", "--format", "json").out)
    jsonschema.validate(content, {"type": "array", "minItems": 2, "maxItems": 2, "items": PROGRESS})


def test_what_has_ended_cannot_be_steered(ended: Service, run: Run) -> None:
    for arguments in (["pause"], ["resume"], ["stop"], ["rate", "5"]):
        ran = run(*arguments)
        assert (ran.code, "`orders` ended at" in ran.err) == (2, True)


def test_a_census_is_steered_by_its_name(service: Service, run: Run) -> None:
    with service.store() as store, store.beside("backfill") as state:
        begin(State(state), Run_("orders.census", "1", "census", "shop.order", 0, False, False, (("", ""),), now()))
    ran = run("rate", "5", "orders.census")
    assert (ran.code, ran.out) == (0, "`orders.census`: at most 5 records/s, from the next batch of each worker on.\n")
    assert run("pause", "orders.census").code == 0
    assert "orders.census: paused, 0 of 1 shards" in run("status").out


def test_starting_again_takes_a_stop_back_and_tells_of_a_pause(service: Service) -> None:
    with service.store() as store, store.beside("backfill") as place:
        state = State(place)
        assert paused(state, "orders") is None
        wish = Run_("orders", "1", "rewrite", "shop.order", 2, False, False, (("", ""),), now())
        run = begin(state, wish)
        assert paused(state, "orders") is None
        ask(state, run.id, "pause")
        assert paused(state, "orders") == "The run is paused: `serde-backfill resume orders` lets it go on."
        assert begin(state, wish) == run
        assert asked_of(state, run.id).what == "pause"
        ask(state, run.id, "stop")
        assert paused(state, "orders") is None
        assert begin(state, wish) == run
        assert asked_of(state, run.id).what == "go"


def test_the_quarantine_is_listed_and_shown(ended: Service, run: Run) -> None:
    ran = run("quarantine", "ls")
    assert ran.code == 1
    assert [line.split()[:2] for line in ran.out.splitlines()[1:]] == [["bad-0", "no-tag"], ["bad-1", "no-tag"]]
    ran = run("quarantine", "ls", "--format", "json")
    assert [each["key"] for each in json.loads(ran.out)] == ["bad-0", "bad-1"]
    ran = run("quarantine", "show", "bad-1", "--format", "json")
    assert set(json.loads(ran.out)) == {"key", "token", "reason", "problem", "digest", "size", "seen_at"}
    ran = run("quarantine", "show", "bad-1")
    assert (ran.code, "reason   no-tag" in ran.out, "ada" in ran.out) == (0, True, False)
    assert run("quarantine", "show", "order-00001").code == 2


def test_a_retry_takes_out_what_is_well(ended: Service, run: Run) -> None:
    code = ended.code
    assert run("quarantine", "retry", "order-00001").code == 2
    assert run("quarantine", "retry").code == 1
    with ended.store() as store:
        bad = store.get("bad-0")
        assert bad is not None
        assert bad.payload == BAD
        store.update("bad-0", bad.token, code.old.dumps(code.Order("grace", 1)), {})
    ran = run("quarantine", "retry", "bad-0", "--format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, {"key": "bad-0", "outcome": "migrated"})
    with ended.store() as store:
        bad = store.get("bad-1")
        assert bad is not None
        store.delete("bad-1", bad.token)
    ran = run("quarantine", "retry")
    assert (ran.code, ran.out) == (0, "deleted      bad-1\n")
    assert run("quarantine", "ls") == (0, "The quarantine is empty.\n", "")
    assert run("quarantine", "retry") == (0, "The quarantine is empty.\n", "")
    (content,) = json.loads(run("status", "--format", "json").out)
    jsonschema.validate(content, PROGRESS)
    assert content["books"] == {
        "scanned": 32,
        "migrated": 31,
        "already": 0,
        "overtaken": 0,
        "deleted": 1,
        "quarantined": 0,
    }


def test_a_report_is_json_or_a_page(ended: Service, run: Run) -> None:
    content = json.loads(run("report").out)
    assert content["books"]["migrated"] == 30
    assert content["quarantine"] == {
        "records": 2,
        "reasons": [{"reason": "no-tag", "records": 2, "keys": ["bad-0", "bad-1"]}],
    }
    assert run("report", "--html", "report.html").out == "wrote report.html\n"
    page = (ended.root / "report.html").read_text()
    assert "The books balance" in page
    assert "ada" not in page
    (ended.root / "report.html").write_text("mine")
    ran = run("report", "--html", "report.html")
    assert (ran.code, (ended.root / "report.html").read_text()) == (2, "mine")
    assert run("report", "--html", "report.html", "--force").code == 0
    assert (ended.root / "report.html").read_text() != "mine"
    assert run("report", "--html", "nowhere/report.html").code == 2


def test_a_run_is_forgotten_when_somebody_says_so(ended: Service, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    ran = run("forget", "orders")
    assert (ran.code, "Nothing is forgotten." in ran.out, "migrated 30" in ran.out) == (1, True, True)
    assert run("forget", "orders", "--yes").code == 0
    assert run("status").out == "No runs.\n"
    with ended.store() as store, store.beside("backfill") as state:
        assert list(state.keys()) == []
    assert run("forget", "orders", "--yes").code == 2
