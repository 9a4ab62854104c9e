"""Runs with workers of their own: on a terminal and off it, steered from elsewhere, interrupted, started again."""

from __future__ import annotations

import json
import os
import pty
import signal
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import jsonschema

from tests.cli.backfill.conftest import Run
from tests.cli.backfill.service import PROGRESS, Service, lines_of


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_run_is_steered_interrupted_stopped_and_ended(service: Service, run: Run) -> None:
    service.fill(60)

    def now() -> dict[str, Any]:
        found = json.loads(run("status", "--format", "json").out)
        return {} if not found else found[0] | {"scanned": found[0]["books"]["scanned"]}

    # Off a terminal: lines of JSON. It is slow, so that there is time to steer it.
    process = service.start("run", "--rate", "20", "--batch", "5")
    wait_for(lambda: now().get("scanned", 0) != 0)
    assert process.stdout is not None
    first = process.stdout.readline()
    ran = run("run", "--to", "1")
    assert (ran.code, "and it is another one: shop.order to version 2" in ran.err) == (2, True)
    assert run("quarantine", "retry").code == 2
    assert run("pause").code == 0
    wait_for(lambda: now()["state"] == "paused")
    assert run("rate", "30").code == 0
    assert now()["rate_asked"] == 30
    assert run("rate", "none").code == 0
    assert now()["rate_asked"] is None
    assert run("resume").code == 0
    assert now()["state"] == "under way"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to workers as well
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (
        130,
        b"Interrupted. What was done stands; start it again, and it goes on where it was.\n",
    )
    told = lines_of(first + out)
    for each in told:
        jsonschema.validate(each, PROGRESS)
    assert all(before != after for before, after in pairwise(told))
    # It goes on where it was, until somebody stops it.
    done = now()["scanned"]
    assert 0 < done < 60
    process = service.start("run", "--quiet", "--rate", "20", "--batch", "5")
    wait_for(lambda: now()["scanned"] != done)
    assert run("stop").code == 0
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (3, b"", b"Stopped. Start it again, and it goes on where it was.\n")
    assert now()["state"] == "stopped"
    # And then to its end, however often it was stopped.
    process = service.start("run", "--quiet")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, b"", b"")
    assert (now()["state"], now()["scanned"]) == ("done", 60)


def test_on_a_terminal_it_is_shown_live(service: Service, run: Run) -> None:
    service.fill(30, bad=1)
    ours, theirs = pty.openpty()
    process = service.start("run", stdout=theirs, stdin=theirs, env=os.environ | {"TERM": "xterm", "COLUMNS": "120"})
    os.close(theirs)
    shown = b""
    try:
        while received := os.read(ours, 4096):
            shown += received
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(ours)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, b"Quarantined: 1. `serde-backfill quarantine ls` says why.\n")
    assert b"shards 2/2" in shown
    assert b"migrated 30" in shown
    assert b"\x1b[1;31m  quarantined 1" in shown  # in red
    assert b'{"run"' not in shown


def test_a_census_has_a_rate_of_its_own(service: Service) -> None:
    """The rate of the table, with which these 30 would take more than an hour, is one of writes."""
    service.fill(30)
    with (service.root / "pyproject.toml").open("a") as settings:
        settings.write("rate = 0.01\n")
    process = service.start("verify", "--format", "json")
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 1, "they are older than the version that the table wants"
    began = time.monotonic()
    process = service.start("verify", "--format", "json", "--rate", "40")
    assert json.loads(process.communicate(timeout=60)[0])["books"]["scanned"] == 30
    assert time.monotonic() - began >= 30 / 40


def test_a_census_is_counted_by_workers(service: Service, run: Run) -> None:
    service.fill(30, bad=1)
    process = service.start("verify", "--to", "2", "--format", "json")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, b"")
    content = json.loads(out)
    jsonschema.validate(content, PROGRESS)
    assert content["counts"] == [{"version": 1, "min_reader": 1, "mixed": False, "records": 30}]
    assert (content["unreadable"], content["older"]) == ({"no-tag": 1}, 30)
    assert run("status", "orders.census").code == 0
    ran = run("quarantine", "ls", "--name", "orders.census")
    assert (ran.code, "A census has no quarantine." in ran.err) == (2, True)
