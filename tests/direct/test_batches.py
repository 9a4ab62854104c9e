"""Batches give what a loop gives, natively and without the core."""

from __future__ import annotations

import _thread
import sys
from collections.abc import Callable, Iterator
from itertools import repeat
from threading import Event, Thread
from typing import Any

import msgspec
import pytest

from tests.native.pairs import needs_native
from versioned_serde import PayloadError, ReadError, Schema, SerdeError, UnwritableValueError, Version, native
from versioned_serde.direct.batches import each

LOOPS = [each, *([native.each()] if native.in_use() else [])]
loops = pytest.mark.parametrize("loop", LOOPS, ids=["pure", "native"][: len(LOOPS)])


class Point(msgspec.Struct):
    x: int


def schema() -> Schema[Point]:
    return Schema("a.point", Point, Version(1, codec="msgpack", framing="envelope"))


def counts(points: Schema[Point]) -> dict[str, int]:
    return {count.outcome: count.value for count in points.counts() if count.value}


def placed(error: SerdeError, index: int) -> Any:
    return index, error


@loops
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 1_000])
def test_the_loop(loop: Callable[..., Any], count: int) -> None:
    wanted = [None if number % 3 == 0 else -number for number in range(count)]
    given = [None if number % 3 == 0 else number for number in range(count)]
    for values in (given, tuple(given), iter(given), (value for value in given)):
        assert loop(lambda value: -value, values, SerdeError, placed) == wanted


@loops
def test_errors_in_the_loop(loop: Callable[..., Any]) -> None:
    def function(value: int) -> int:
        if value < 0:
            raise PayloadError("bad")
        return 1 // value

    found = loop(function, [None, 1, -1, 1], SerdeError, placed)
    assert found[:2] == [None, 1]
    assert found[2][0] == 2
    assert isinstance(found[2][1], PayloadError)
    assert found[3] == 1
    with pytest.raises(ZeroDivisionError):
        loop(function, [1, 0], SerdeError, placed)

    def values() -> Iterator[int]:
        yield 1
        raise PayloadError("of the iterable")

    with pytest.raises(PayloadError, match="of the iterable") as error:
        loop(function, values(), SerdeError, placed)
    assert error.value.path == ""
    with pytest.raises(TypeError):
        loop(function, 3, SerdeError, placed)


@loops
def test_values_are_taken_one_by_one(loop: Callable[..., Any]) -> None:
    """So that a batch of a generator needs no more memory than its results."""
    events: list[str] = []

    def values() -> Iterator[int]:
        for number in range(3):
            events.append(f"take {number}")
            yield number

    loop(lambda value: events.append(f"use {value}"), values(), SerdeError, placed)
    assert events == [f"{verb} {number}" for number in range(3) for verb in ("take", "use")]


def test_what_a_batch_counts_and_raises() -> None:
    points, alone = schema(), schema()
    values = [Point(1), None, Point(2), Point(2**70)]
    records = points.dumps_many(values)
    assert records == [value and alone.dumps(value) for value in values]
    assert points.loads_many(records) == values
    assert counts(points) == {"written": 3, "read": 3}
    with pytest.raises(UnwritableValueError) as unwritable:
        points.dumps_many(iter([Point(1), None, Point("x"), Point(3)]))  # type: ignore[arg-type]
    assert unwritable.value.path == "[2].x"
    assert counts(points) == {"written": 4, "read": 3}
    with pytest.raises(ReadError) as unread:
        points.loads_many([records[0], b"?", records[0]])
    assert unread.value.path == "[1]"
    collected = points.loads_many([records[0], b"?", None, records[2]], errors="collect")
    assert collected[::2] == [Point(1), None]
    assert collected[3] == Point(2)
    assert isinstance(collected[1], ReadError)
    assert collected[1].path == "[1]"
    assert counts(points) == {"written": 4, "read": 6, "refused": 2}


def test_a_class_of_ones_own_keeps_its_say() -> None:
    class Loud(Schema[Point]):
        def dumps(self, value: Point) -> bytes:
            return b"!" + super().dumps(value)

        def loads(self, data: bytes) -> Point:
            return super().loads(data[1:])

    points = Loud("a.point", Point, Version(1, codec="msgpack", framing="envelope"))
    records = points.dumps_many([Point(1)])
    assert records == [points.dumps(Point(1))]
    assert points.loads_many(records) == [Point(1)]


@pytest.fixture
def hasty() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@loops
@pytest.mark.usefixtures("hasty")
def test_other_threads_get_their_turn(loop: Callable[..., Any]) -> None:
    begun, done = Event(), Event()
    turns = [0]

    def other() -> None:
        begun.set()
        while not done.is_set():
            turns[0] += 1

    thread = Thread(target=other)
    thread.start()
    begun.wait()
    before = turns[0]
    loop(len, repeat(b"", 2_000_000), SerdeError, placed)
    after = turns[0]
    done.set()
    thread.join()
    assert after > before


@needs_native
@pytest.mark.usefixtures("hasty")
def test_a_long_batch_can_be_interrupted() -> None:
    begun = Event()

    def interrupt() -> None:
        begun.set()
        _thread.interrupt_main()

    def batch() -> None:
        thread.start()
        begun.wait()
        native.each()(len, repeat(b"", 3_000_000), SerdeError, placed)

    thread = Thread(target=interrupt)
    with pytest.raises(KeyboardInterrupt):
        batch()
    thread.join()
