"""How far a run is, as it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from tests.cli.backfill.service import lines_of
from versioned_serde.backfill.books import Books
from versioned_serde.backfill.control import Asked
from versioned_serde.backfill.record import Progress, Run
from versioned_serde.cli.backfill._telling import Told, telling

RUN = Run("orders", "1", "rewrite", "shop.order", 2, False, False, (("", "m"), ("m", "")), "2026-01-01T00:00:00+00:00")


def progress(scanned: int, estimate: int | None = None, done: int = 0) -> Progress:
    return Progress(RUN, Asked(), Books(scanned, migrated=scanned), done=done, estimate=estimate)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_the_rate_is_that_of_the_last_half_minute(clock: Callable[[float], None]) -> None:
    told = Told(time.monotonic)
    assert (told.rate, told.eta) == (None, None)
    told(progress(0))
    assert (told.rate, told.eta) == (None, None)
    clock(10)
    told(progress(1000))
    assert told.rate == pytest.approx(100)
    assert told.eta is None  # no shard is done, so nobody knows how many there are
    for _ in range(4):
        clock(10)
        told(progress(1000 + 100, estimate=1500))
    assert told.rate == pytest.approx(0)
    assert told.eta is None
    clock(10)
    told(progress(1400, estimate=1500))
    assert told.rate == pytest.approx(10)
    assert told.eta == pytest.approx(10)


def test_lines_are_for_changes_and_at_most_one_a_second(
    clock: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with telling() as told:
        told(progress(0))
        clock(0.5)
        told(progress(5))  # too soon
        clock(0.6)
        told(progress(7))
        for _ in range(3):
            clock(2)
            told(progress(7))  # nothing has changed
        clock(0.1)
        told(progress(8))
        clock(0.1)
        told(progress(9, estimate=9, done=2))
    told_lines = lines_of(capsys.readouterr().out)
    assert [each["books"]["scanned"] for each in told_lines] == [0, 7, 8, 9]
    assert told_lines[-1]["state"] == "done"
    assert json.dumps(told_lines[0]["rate"]) == "null"


def test_nothing_is_told_to_those_who_want_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for options in ({"quiet": True}, {"lines": False}):
        with telling(**options) as told:
            told(progress(0))
        assert told.last is not None
    assert capsys.readouterr() == ("", "")
