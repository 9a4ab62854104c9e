"""The hosts of the fleet, as processes: started, watched, stopped."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import IO, Self

from examples.rolling_fleet.schedules import short_name

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 60
_END_SECONDS = 20


class HostDiedError(Exception):
    """A host ended by itself, or did not start or end in time."""


class Process:
    """A host from its start to its end. What it prints is read all the time, so that it never has to wait."""

    def __init__(self, name: str, release: str, place: Path, kinds: tuple[str, ...]) -> None:
        self.name = name
        self.release = release
        self.did: Counter[str] = Counter()
        self._errors = place / f"{name}.errors"
        self._ready = Event()
        command = [sys.executable, "-m", "examples.rolling_fleet.host"]
        command += ["--name", name, "--release", release, "--place", str(place.resolve())]
        command += [word for kind in kinds for word in ("--store", kind)]
        with self._errors.open("w", encoding="utf-8") as errors:
            # In a session of its own: Ctrl-C reaches the driver alone, which then stops the hosts in order.
            self._process = subprocess.Popen(
                command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
            )
        assert self._process.stdout is not None
        self._reader = Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def _listen(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self.did = Counter(json.loads(line))
                self._ready.set()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready.wait(0.02):
            self.check()
            if time.monotonic() > deadline:
                raise HostDiedError(f"{self.name} did not start within {_START_SECONDS} s.")

    def check(self) -> None:
        """Raises if the host is not running any more."""
        if self._process.poll() is not None:
            raise self._died()

    def stop(self) -> None:
        """Lets the host finish what it is doing, and hears its last word."""
        self.check()
        self.ask_to_stop()
        self.end()
        if self._process.returncode != 0:
            raise self._died()

    def ask_to_stop(self) -> None:
        """Asks, and does not wait."""
        self._process.terminate()

    def end(self) -> None:
        """Waits for a host that was asked to stop; if that takes too long, kills it."""
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()

    def _died(self) -> HostDiedError:
        last = self._errors.read_text(encoding="utf-8").strip()[-2_000:]
        return HostDiedError(f"{self.name} on {short_name(self.release)} died ({self._process.returncode}):\n{last}")


class Fleet:
    """All hosts by number, 0..size-1, and what they and those before them did. Leaving its block ends the hosts."""

    def __init__(self, size: int, place: Path, kinds: tuple[str, ...]) -> None:
        self.size = size
        self._place = place
        self._kinds = kinds
        self._running: dict[int, Process] = {}
        self._past: dict[str, Counter[str]] = {}

    def roll(self, host: int, release: str) -> None:
        """Puts a host on a release, by a new process. Nothing happens if it is there already."""
        old = self._running.get(host)
        if old is not None and old.release == release:
            return
        self.stop(host)
        self._running[host] = Process(f"host-{host + 1}", release, self._place, self._kinds)
        self._running[host].wait_until_ready()

    def stop(self, host: int) -> None:
        process = self._running.get(host)
        if process is not None:
            process.stop()
            del self._running[host]
            self._past.setdefault(process.release, Counter()).update(process.did)

    def check(self) -> None:
        """Raises if a host died."""
        for process in self._running.values():
            process.check()

    def releases(self) -> Counter[str]:
        """How many hosts are on each release."""
        return Counter(process.release for process in self._running.values())

    def running(self) -> dict[str, Counter[str]]:
        """What each running host did since it started, by its name."""
        return {process.name: Counter(process.did) for process in self._running.values()}

    def did(self) -> dict[str, Counter[str]]:
        """What all hosts did so far, by release."""
        total = {release: Counter(did) for release, did in self._past.items()}
        for process in list(self._running.values()):
            total.setdefault(process.release, Counter()).update(process.did)
        return total

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._running.values():
            process.ask_to_stop()
        for process in self._running.values():
            process.end()
