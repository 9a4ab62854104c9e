"""What is told of a run, as JSON and as a page that a real browser shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.backfill.rewritten import BAD, Order, counted, fill, old, opened, rewrite
from tests.services.browser import browser
from versioned_serde.backfill.control import ask
from versioned_serde.backfill.lease import claim
from versioned_serde.backfill.record import Run, begin, find, note, now
from versioned_serde.backfill.report import page, reported, span
from versioned_serde.backfill.shard import shard_key
from versioned_serde.backfill.state import State

KEY = "bad-!<script>alert(1)</script>"
LONG = "bad-" + "customers/" * 15


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with opened(tmp_path_factory.mktemp("ended") / "shop.db") as (store, state):
        fill(store, 30, bad=12)
        store.insert(KEY, BAD, {})
        store.insert(LONG, old.dumps(Order("ada", 1))[:-1] + b"!", {})
        rewrite(store, state)
        counted(store, state)
        return reported(State(state), find(State(state), "orders"))


def test_a_report_tells_of_the_whole_run(report: dict[str, Any]) -> None:
    assert report["format"] == 1
    assert (report["run"], report["state"], report["balanced"], report["shards_done"]) == ("orders", "done", True, 2)
    assert report["books"] == {
        "scanned": 44,
        "migrated": 30,
        "already": 0,
        "overtaken": 0,
        "deleted": 0,
        "quarantined": 14,
    }
    first, second = report["quarantine"]["reasons"]
    assert (first["reason"], first["records"], len(first["keys"])) == ("no-tag", 13, 10)
    assert second == {"reason": "bad-checksum", "records": 1, "keys": [LONG]}
    assert report["timeline"][-1]["scanned"] == 44
    assert report["census"]["counts"] == [{"version": 2, "min_reader": 2, "mixed": False, "records": 30}]
    assert report["census"]["unreadable"] == {"bad-checksum": 1, "no-tag": 13}


def test_the_page_is_shown_by_a_browser_without_anything_else(report: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    points = [{"seconds": 60.0 * minute, "scanned": min(minute**2, 44)} for minute in range(9)]
    file.write_text(page(report | {"timeline": points}), encoding="utf-8")
    with browser() as shown:
        for width, dark in ((1000, False), (400, True)):
            shown.open(file.as_uri(), width=width, dark=dark)
            text = shown.evaluate("document.body.innerText")
            for told in (
                "shop.order to version 2",
                "scanned\n44",
                "quarantined\n14",
                "The books balance: each record that was scanned has one outcome.",
                "Complete: all 2 shards are done.",
                "up to 0.18 records/s",
                "8 min 00 s",
                "By the census orders.census",
                "unreadable: no-tag",
                "bad-checksum",
                KEY,
                "stay as they are",
            ):
                assert told in text
            assert shown.evaluate("document.querySelectorAll('svg rect').length") == 60
            assert shown.evaluate("document.scripts.length") == 0
            # Nothing sticks out to the side, and what is there can be told from what is behind it.
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            behind, before = (
                shown.evaluate(f"getComputedStyle(document.body).{each}") for each in ("background", "color")
            )
            assert ("rgb(18, 22, 28)" in behind, before == "rgb(230, 234, 240)") == (dark, dark)
            (tmp_path / f"{width}.png").write_bytes(shown.screenshot())
        assert shown.complaints == []
        assert set(shown.requests) == {file.as_uri()}


def test_a_run_that_is_under_way_has_a_page_too(tmp_path: Path) -> None:
    with opened(tmp_path / "shop.db") as (store, place):
        state = State(place)
        ends = ("", "=m"), ("=m", "")
        run = begin(state, Run("orders", "1", "rewrite", "shop.order", 2, True, True, ends, now()))
        assert "Nothing has been noted yet." in page(reported(state, run))
        lease = claim(state, shard_key(run.id, 0), ends[0], 10)
        assert lease is not None
        lease.books.scanned = 3  # as no run would leave them
        lease.done = True
        lease.save()
        note(state, run, 3)
        ask(state, run.id, "pause", rate=5)
        shown = page(reported(state, run))
        assert "The books do not balance" in shown
        assert "Not complete (paused):" in shown
        assert "about 6" in shown
        assert "at most 5 records/s" in shown
        assert "newer records lowered, retired values purged" in shown
        assert "No census has been taken" in shown
        ask(state, run.id, "stop", rate="none")
        assert "Not complete (stopped):" in page(reported(state, run))
        fill(store, 3)
        counted(store, place)
        assert "A census of" in page(reported(state, find(state, "orders.census")))


def test_spans_of_time_are_told_as_people_do() -> None:
    assert [span(each) for each in (0.4, 59, 61, 3599, 3660, 90_000)] == [
        "0 s",
        "59 s",
        "1 min 01 s",
        "59 min 59 s",
        "1 h 01 min",
        "25 h 00 min",
    ]
