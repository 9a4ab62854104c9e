"""How fast a worker may write, or read where it only counts: a rate that grows by addition and falls by halves."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

_log = logging.getLogger(__name__)
_WINDOW = 50
"""Writes from which the p95 is taken, and after which the rate may change again."""
_SLOWEST = 0.5
"""Records a second of one worker; slower than that is a pause, which a person asks for."""
_UNBOUNDED = 1_000.0
"""Where a rate begins that had no bound until the store slowed down, at most."""

Health = Callable[[], bool]
"""Whether the service is well; asked about every second."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a backfill may take from its store.

    Attributes:
        rate: most records a second that are rewritten, or in a census read, by all workers together; None for no bound.
        p95: seconds: while the 95th percentile of the store's writes is above it, workers slow down; None for no bound.
            A census has no writes.
        health: says whether the service is well, by whatever the service knows; workers slow down while it is not, or
            while the question raises. It is sent to the workers, so it is a function of a module.
    """

    rate: float | None = None
    p95: float | None = None
    health: Health | None = None


class Throttle:
    """One worker's pace.

    Additive increase, multiplicative decrease: each window of writes that is well adds a twentieth of the highest rate
    so far, each that is not halves the rate.

    Args:
        pace: the bounds.
        workers: how many share the rate.
        clock: seconds.
        sleep: waits.
    """

    def __init__(
        self,
        pace: Pace,
        workers: int = 1,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pace = pace
        self._cap = None if pace.rate is None else max(pace.rate / max(workers, 1), _SLOWEST / 10)
        self._clock = clock
        self._sleep = sleep
        self._latencies: deque[float] = deque(maxlen=_WINDOW)
        self._since_change = 0
        self._began = clock()
        self._asked_at = float("-inf")
        self._next = clock()
        self.rate: float | None = self._cap
        """Records a second that this worker may write now; None while nothing bounds it."""

    def cap(self, rate: float | None, workers: int) -> None:
        """Another bound, or another number of workers. One that is slowed down stays so, by as much."""
        cap = None if rate is None else max(rate / max(workers, 1), _SLOWEST / 10)
        if cap != self._cap:
            if cap is None or self.rate is None:
                self.rate = cap
            else:
                self.rate = min(cap, self.rate) if self._cap is None else cap * self.rate / self._cap
            self._cap = cap

    def wait(self) -> None:
        """Before a write: until it is allowed."""
        if self.rate is None:
            return
        now = self._clock()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(now, self._next) + 1 / self.rate

    def took(self, seconds: float) -> None:
        """After a write: how long the store took."""
        if self._pace.p95 is None and self._pace.health is None:
            return
        self._latencies.append(seconds)
        self._since_change += 1
        if not self._is_well():
            self._slow_down()
        elif self._since_change >= _WINDOW:
            if self._pace.p95 is not None and self.p95 > self._pace.p95:
                self._slow_down()
            else:
                self._speed_up()

    def read(self, records: int) -> None:
        """After so many were read at once in a run that writes nothing: until they could have been read one by one.

        A shard may be one page, so each page is paid for at once; the time that it took counts.
        """
        self._since_change += records
        if not self._is_well():
            self._slow_down()
        elif self._since_change >= _WINDOW:
            self._speed_up()
        if self.rate is None:
            return
        now = self._clock()
        self._next = max(now, self._next + records / self.rate)
        if self._next > now:
            self._sleep(self._next - now)

    @property
    def p95(self) -> float:
        """Of the last writes, in seconds; 0 before there were any."""
        if not self._latencies:
            return 0.0
        return sorted(self._latencies)[ceil(0.95 * len(self._latencies)) - 1]

    def _is_well(self) -> bool:
        """What the service says of itself, asked once a second; in between nothing is known against it."""
        now = self._clock()
        if self._pace.health is None or now - self._asked_at < 1.0:
            return True
        self._asked_at = now
        try:
            return bool(self._pace.health())
        except Exception:  # noqa: BLE001  it is the service's code, which raises what it likes
            _log.warning("The service's health is not known, so it is taken for not well.", exc_info=True)
            return False

    def _slow_down(self) -> None:
        now = self._clock()
        if self.rate is None:
            self.rate = min(_UNBOUNDED, max(self._since_change / max(now - self._began, 1e-6), 2 * _SLOWEST))
        self.rate = max(self.rate / 2, min(_SLOWEST, self._cap or _SLOWEST))
        self._settle()

    def _speed_up(self) -> None:
        if self.rate is not None:
            top = self._cap if self._cap is not None else _UNBOUNDED
            self.rate = min(top, self.rate + top / 20)
        self._settle()

    def _settle(self) -> None:
        self._since_change = 0
        self._began = self._clock()
        self._latencies.clear()
