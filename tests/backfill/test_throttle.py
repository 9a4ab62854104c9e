"""A worker's pace, by a clock that only moves when somebody waits or a write takes its time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from versioned_serde.backfill.throttle import Pace, Throttle


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds


def throttled(pace: Pace, time: Time, workers: int = 1) -> Throttle:
    return Throttle(pace, workers, clock=time, sleep=time.sleep)


def write(throttle: Throttle, time: Time, seconds: float, times: int = 1) -> None:
    for _ in range(times):
        throttle.wait()
        time.now += seconds
        throttle.took(seconds)


@pytest.mark.parametrize("rate", [3.0, 100.0, 5_000.0])
@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_rate_is_held_within_two_percent(rate: float, workers: int, share: float) -> None:
    """However much of the time between two writes the writes themselves take."""
    time = Time()
    throttle = throttled(Pace(rate=rate), time, workers)
    began = time.now
    write(throttle, time, share * workers / rate, 1_000)
    assert 1_000 * workers / (time.now - began) == pytest.approx(rate, rel=0.02)


def test_slow_writes_are_not_waited_for_on_top_and_not_made_up_for() -> None:
    time = Time()
    throttle = throttled(Pace(rate=10.0), time)
    write(throttle, time, 0.5, 20)
    assert time.now == pytest.approx(110.0), "a store that is slower than the rate sets the pace alone"
    began = time.now
    write(throttle, time, 0.0, 21)
    assert time.now - began >= 2.0 - 1e-6, "there is no burst afterwards"


def test_without_a_bound_nothing_waits() -> None:
    time = Time()
    throttle = throttled(Pace(), time)
    write(throttle, time, 0.0, 1_000)
    assert (time.now, throttle.rate, throttle.p95) == (100.0, None, 0.0)


def test_a_rate_may_change_while_it_runs() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0), time, 2)
    assert throttle.rate == 50.0
    throttle.cap(20.0, 2)
    assert throttle.rate == 10.0
    throttle.cap(None, 2)
    assert throttle.rate is None
    throttle.cap(0.001, 2)
    assert throttle.rate == pytest.approx(0.05), "slower than that is a pause"


def test_the_same_bound_again_does_not_forget_that_the_store_is_slow() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0, p95=0.01), time)
    write(throttle, time, 0.02, 50)
    assert throttle.rate == 50.0
    throttle.cap(100.0, 1)
    assert throttle.rate == 50.0


def test_one_that_is_slowed_down_stays_so_when_others_join_or_the_bound_changes() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0, p95=0.01), time)
    write(throttle, time, 0.02, 50)
    throttle.cap(100.0, 2)
    assert throttle.rate == 25.0, "half of what it may, as before"
    unbounded = throttled(Pace(p95=0.01), time)
    write(unbounded, time, 0.02, 50)
    slowed = unbounded.rate
    unbounded.cap(100_000.0, 1)
    assert unbounded.rate == slowed


def test_p95_above_its_bound_halves_the_rate_and_below_it_the_rate_recovers() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0, p95=0.01), time)
    rates = []
    for _ in range(4):
        write(throttle, time, 0.02, 50)
        rates.append(throttle.rate)
    assert rates == [50.0, 25.0, 12.5, 6.25]
    rates = []
    for _ in range(25):
        write(throttle, time, 0.005, 50)
        rates.append(throttle.rate)
    assert rates[:3] == [11.25, 16.25, 21.25], "a twentieth of the highest at a time"
    assert rates[-1] == 100.0
    assert max(rate for rate in rates if rate is not None) == 100.0


def test_one_slow_write_in_twenty_is_not_the_95th_percentile() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0, p95=0.01), time)
    write(throttle, time, 1.0, 2)
    write(throttle, time, 0.001, 48)
    assert throttle.rate == 100.0
    write(throttle, time, 1.0, 3)
    write(throttle, time, 0.001, 47)
    assert throttle.rate == 50.0


def test_without_a_rate_the_store_s_own_pace_is_what_is_halved() -> None:
    time = Time()
    throttle = throttled(Pace(p95=0.01), time)
    write(throttle, time, 0.02, 50)
    assert throttle.rate == pytest.approx(25.0), "50 a second were written"
    began = time.now
    write(throttle, time, 0.001, 49)
    assert 49 / (time.now - began) == pytest.approx(25.0, rel=0.05)


def test_it_never_stops_altogether() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0, p95=0.01, health=lambda: False), time)
    write(throttle, time, 1.0, 1_000)
    assert throttle.rate == 0.5


def test_a_service_that_is_not_well_is_asked_each_second_and_slows_the_worker_down() -> None:
    time = Time()
    asked: list[float] = []
    well = [True]

    def health() -> bool:
        asked.append(time.now)
        return well[0]

    throttle = throttled(Pace(rate=100.0, health=health), time)
    write(throttle, time, 0.0, 300)
    assert 3 <= len(asked) <= 4
    assert throttle.rate == 100.0
    well[0] = False
    write(throttle, time, 0.0, 200)
    assert throttle.rate is not None
    assert throttle.rate <= 12.5
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(asked))
    well[0] = True
    write(throttle, time, 0.0, 50 * 25)
    assert throttle.rate == 100.0


def read(throttle: Throttle, time: Time, pages: int, records: int = 20) -> float:
    """Records a second, of pages that take no time."""
    began = time.now
    for _ in range(pages):
        throttle.read(records)
    return pages * records / (time.now - began) if time.now > began else float("inf")


def test_pages_that_are_only_read_keep_to_the_rate_by_their_records() -> None:
    time = Time()
    assert read(throttled(Pace(rate=1_000.0), time, 2), time, 1) == pytest.approx(500.0), "also of a shard of one page"
    assert read(throttled(Pace(rate=1_000.0), time, 2), time, 50) == pytest.approx(500.0)
    assert read(throttled(Pace(p95=0.001), time), time, 50) == float("inf"), "nothing is written, so nothing is slow"


def test_the_time_that_a_page_took_counts_and_is_not_made_up_for() -> None:
    time = Time()
    throttle = throttled(Pace(rate=100.0), time)
    time.now += 0.15
    throttle.read(20)
    assert time.now == pytest.approx(100.2)
    time.now += 1.0
    throttle.read(20)
    assert time.now == pytest.approx(101.2), "the store alone sets the pace"
    throttle.read(20)
    assert time.now == pytest.approx(101.4)


def test_reads_slow_down_while_the_service_is_not_well() -> None:
    time, well = Time(), [False]
    throttle = throttled(Pace(rate=400.0, health=lambda: well[0]), time)
    read(throttle, time, 1)
    assert throttle.rate == 200.0
    time.now += 1.0
    read(throttle, time, 1)
    assert throttle.rate == 100.0
    well[0] = True
    time.now += 1.0
    read(throttle, time, 100)
    assert throttle.rate == 400.0


def test_a_service_that_cannot_be_asked_is_not_well(caplog: pytest.LogCaptureFixture) -> None:
    def health() -> bool:
        raise ConnectionError("no route to the service")

    time = Time()
    throttle = throttled(Pace(rate=100.0, health=health), time)
    write(throttle, time, 0.0)
    assert throttle.rate == 50.0
    assert "taken for not well" in caplog.text
    assert "no route to the service" in caplog.text
