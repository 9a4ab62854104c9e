"""Runs the backfill as a process, kills it on the way, and starts it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from versioned_serde.backfill.record import Looker, Progress, find
from versioned_serde.backfill.state import State
from versioned_serde.errors import BackfillError
from versioned_serde.protocols import ScannedStore

_ROOT = Path(__file__).parents[2]
_SECONDS = 120
RUN = "atlas.city.to-2"


class RunFailedError(Exception):
    """The backfill ended otherwise than it should."""


def progress(store: ScannedStore) -> Progress | None:
    """How far the run is, by its state; None before it has begun."""
    state = State(store.beside("backfill"))
    try:
        return Looker(state, find(state, RUN)).progress()
    except BackfillError:
        return None


def rewritten(
    place: Path, kind: str, store: ScannedStore, rate: float, kills: int, tell: Callable[[str], None]
) -> Progress:
    """Runs it to its end, killing it so many times, each time a part of the way further.

    Args:
        place: the demo's directory.
        kind: the store.
        store: the same, open.
        rate: records a second.
        kills: how often.
        tell: hears what happens.

    Raises:
        RunFailedError: the run failed by itself, or ended before it was killed.
    """
    before = progress(store)
    earlier = before.run.generation if before is not None else ""
    total = sum(1 for _ in store.keys())  # noqa: SIM118 - a store is no mapping
    for kill in range(kills):
        process = _start(place, kind, rate)
        far = total * (kill + 1) // (kills + 1)
        scanned = _wait_until(store, process, far, earlier)
        # The whole group: the supervisor and its workers, in the middle of whatever they do.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        tell(f"{kind}: killed (SIGKILL) after {scanned:,} records")
    process = _start(place, kind, rate)
    if process.wait(_SECONDS):
        raise RunFailedError(f"The backfill of {kind} ended with {process.returncode}.")
    ended = progress(store)
    if ended is None or not ended.complete:
        raise RunFailedError(f"The backfill of {kind} is not complete.")
    return ended


def _start(place: Path, kind: str, rate: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "examples.retired_reader.rewrite"]
    command += ["--place", str(place.resolve()), "--store", kind, "--rate", str(rate)]
    return subprocess.Popen(command, cwd=_ROOT, start_new_session=True)


def _wait_until(store: ScannedStore, process: subprocess.Popen[bytes], far: int, earlier: str) -> int:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        now = progress(store)
        if process.poll() is not None:
            raise RunFailedError("The backfill ended before it could be killed.")
        if now is not None and now.run.generation != earlier and now.books.scanned >= far:
            return now.books.scanned
        time.sleep(0.02)
    raise RunFailedError("The backfill does not get on.")
